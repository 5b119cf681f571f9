"""Mistakes in a person's file, each with its place and a guess, and the answers of `workflow check` and `season check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol

import attrs

from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line
from reports.standing import plain_deep


class Mistake(Protocol):
    """One mistake, as the loader of files reports it."""

    @property
    def code(self) -> str: ...
    @property
    def where(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int | None: ...
    @property
    def fields(self) -> Any: ...
    @property
    def severity(self) -> str: ...
    @property
    def guess(self) -> str | None: ...


def message(problem: Mistake, words: Words) -> str:
    """The mistake in one sentence, with its guess."""
    said = words.say(f"problem.{problem.code}{_variant(problem)}", **_fields(problem, words))
    return f"{said}{words.say('error.guess', near=(problem.guess,))}" if problem.guess else said


_NAMED_BY: Final = {"kind": "kind", "expected": "filetype", "found": "filetype", "type": "filetype", "pattern": "pattern"}


def _variant(problem: Mistake) -> str:
    """Some mistakes come in several forms."""
    if problem.code == "E-OTHER-FILE":
        return f".{problem.fields['is_kind']}"
    if problem.code == "E-ACT-VERBS":
        return ".several" if problem.fields.get("verbs") else ".none"
    if problem.code == "E-ACT-UNITS":
        return ".both" if problem.fields.get("both") else ".none"
    if problem.code == "E-ACT-REF":
        return f".{problem.fields['why']}"
    return ""


def _fields(problem: Mistake, words: Words) -> dict[str, Any]:
    """The fields with their kinds and types in words."""
    fields = dict(problem.fields)
    for name, code in _NAMED_BY.items():
        if isinstance(fields.get(name), str) and words.has(f"{code}.{fields[name]}"):
            fields[name] = words.say(f"{code}.{fields[name]}")
    if "types" in fields:
        fields["types"] = tuple(words.say(f"filetype.{t}") if words.has(f"filetype.{t}") else t for t in fields["types"])
    if problem.code == "E-FILE-NAMED":
        fields["words"] = words.say(
            _stem(fields["error"], fields["details"], words), **{"file": fields["name"], **fields["details"]}
        )
    if problem.code == "E-PILOTS-COUNT":
        fields["number"] = len(fields["units"])
    return fields


def _stem(code: str, details: dict[str, Any], words: Words) -> str:
    own = f"error.{code}.what.{details.get('kind')}"
    return own if words.has(own) else f"error.{code}.what"


def to_json(problem: Mistake, words: Words) -> dict[str, Any]:
    written = {
        "code": problem.code,
        "where": problem.where,
        "message": message(problem, words),
        "severity": problem.severity,
        "file": problem.file,
        "line": problem.line,
        "guess": problem.guess,
    }
    return written | {n: plain_deep(v) for n, v in problem.fields.items() if n not in written}


def page(problem: Mistake, words: Words) -> Iterator[Block]:
    place = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
    mark = ("✗", "bad") if problem.severity == "error" else ("!", "warn")
    yield line(
        "  ", mark, f" {place}  ", (f"{_where(problem, words)}: " if problem.where else "", "title"), message(problem, words)
    )


def _where(problem: Mistake, words: Words) -> str:
    """The key path, with the column of an expression in the reader's language."""
    path, column, number = problem.where.partition(", column ")
    return words.say("problem.column", path=path, column=number) if column else path


@attrs.frozen
class Checked:
    """What was checked, and everything that was found."""

    name: str
    problems: tuple[Mistake, ...]

    @property
    def errors(self) -> int:
        return sum(p.severity == "error" for p in self.problems)


def check_to_json(checked: Checked, words: Words) -> dict[str, Any]:
    """`workflow check` and `season check`."""
    return {"ok": not checked.errors, "problems": [to_json(p, words) for p in checked.problems]}


def check_rows(checked: Checked, words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    headings = ("severity", "code", "file", "line", "where", "message")
    return headings, [(p.severity, p.code, p.file, p.line, p.where, message(p, words)) for p in checked.problems]


def check_page(checked: Checked, words: Words) -> Iterator[Block]:
    for problem in checked.problems:
        yield from page(problem, words)
    if checked.errors:
        yield line((words.many("check.errors", checked.errors, name=checked.name), "bad"))
    elif checked.problems:
        yield line((words.many("check.warnings", len(checked.problems), name=checked.name), "warn"))
    else:
        yield line((words.say("check.ok", name=checked.name), "good"))


REPORT = Report(to_json=check_to_json, page=check_page, rows=check_rows)
