"""`daihoi verify`: whether the log is what it says it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from engine.answers import Problem, VerifyAnswer
from reports import standing
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line

_BESIDE: Final = frozenset(
    {"checkpoint_signature", "checkpoint_unsigned", "checkpoint_quorum", "checkpoint_other_log", "no_receipt_in"}
)
"""What is wrong with a checkpoint or a file of receipts and says nothing about the log."""


def to_json(answer: VerifyAnswer, words: Words) -> dict[str, Any]:
    return {
        "ok": answer.ok,
        "depth": answer.depth,
        "events": answer.events,
        "root": answer.root,
        "problems": [problem_to_json(p, words) for p in answer.problems],
        "notes": [standing.note_to_json(n, words) for n in answer.notes],
    }


def problem_to_json(problem: Problem, words: Words) -> dict[str, Any]:
    known = {"seq": problem.seq, "unit": problem.unit, "problem": problem.problem, "words": _words(problem, words)}
    return known | {n: standing.plain_deep(v) for n, v in problem.fields.items() if n not in known}


def _words(problem: Problem, words: Words) -> str:
    code = f"verify.problem.{problem.problem}"
    if problem.fields.get("after"):  # somebody vouches for the events up to there
        one = problem.problem == "receipt_root" and problem.fields["first"] == problem.fields["size"]
        code += ".one" if one else ".after"
    return words.say(code, **{"seq": problem.seq, "unit": problem.unit, **problem.fields})


def page(answer: VerifyAnswer, words: Words) -> Iterator[Block]:
    depth = words.say(f"verify.depth.{answer.depth}")
    if answer.ok:
        yield line(("✓ ", "good"), words.many("verify.ok", answer.events, depth=depth))
    elif all(problem.problem in _BESIDE for problem in answer.problems):
        yield line(("✗ ", "bad"), words.many("verify.not_backed", answer.events, depth=depth))
    else:
        yield line(
            ("✗ ", "bad"), words.many("verify.not_ok", len(answer.problems), events=words.number(answer.events), depth=depth)
        )
    yield from problem_lines(answer.problems, words)
    yield line((words.say("verify.root", root=answer.root), "dim"))
    yield from standing.notes(answer.notes, words)


def problem_lines(problems: Iterable[Problem], words: Words) -> Iterator[Block]:
    for problem in problems:
        place = words.say("verify.at", seq=problem.seq) if problem.seq is not None else ""
        where = " ".join(filter(None, (place, problem.unit)))
        yield line("  ", (f"{where}: " if where else "", "bad"), _words(problem, words))


REPORT = Report(to_json=to_json, page=page)
