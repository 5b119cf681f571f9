"""`daihoi evidence`: the files that the log rests on, and what a folder holds of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reports import history, names
from reports.catalogue import DASH, Words
from reports.output import Report
from reports.page import Block, Cell, blank, line, table
from store.audit.evidence import Evidence, EvidenceAnswer, EvidenceChecked
from store.audit.folder import Folder

_DIGITS = 16
_HEADINGS = (
    "status", "unit", "kind", "name", "document_version", "approved", "seq", "effective_on", "digest", "file", "marks"
)  # fmt: skip


def _event_to_json(one: Evidence, words: Words) -> dict[str, Any]:
    return {
        **history.event_to_json(one.recorded),
        "name": one.name,
        "document_version": one.version,
        "approved": one.approved,
        "digest": one.digest,
        "marks": [history.mark_to_json(mark, words) for mark in one.marks],
    }


def _row(status: str, one: Evidence, file: str, words: Words) -> tuple[Any, ...]:
    recorded = one.recorded
    return (
        status, recorded.unit, recorded.event.kind, one.name, one.version, one.approved, recorded.seq, recorded.on.isoformat(),
        one.digest, file, history.marks_words(one.marks, words),
    )  # fmt: skip


def _table(told: Iterable[Evidence], words: Words, last: str, files: Folder | None = None) -> Iterator[Block]:
    """`last`: the column that says which file it is, by its digest or, in a folder, by its path."""
    headings = [words.say(f"evidence.column.{name}") for name in ("seq", "unit", "what", "on", last)]
    yield from table(headings, (_line(one, words, files) for one in told), right=(0,))


def _line(one: Evidence, words: Words, folder: Folder | None) -> tuple[Cell, ...]:
    recorded = one.recorded
    said = _called(one, words)
    if one.version is not None:
        said = words.say("evidence.approved" if one.approved else "evidence.version", document=said, version=one.version)
    beside = history.marks_words(one.marks, words)
    what: Cell = ((said, ""), (f" ({beside})", "warn")) if beside else said
    file = one.digest[:_DIGITS] if folder is None else " · ".join(folder.files[one.digest])
    return str(recorded.seq), recorded.unit, what, words.day(recorded.on), file


def _called(one: Evidence, words: Words) -> str:
    if one.workflow is None:
        return one.name
    return (names.fact if one.version is None else names.document)(one.workflow, one.name, words)


# What the log names


def listed_to_json(answer: EvidenceAnswer, words: Words) -> dict[str, Any]:
    return {"evidence": [_event_to_json(one, words) for one in answer.evidence], "without": answer.without}


def listed_rows(answer: EvidenceAnswer, words: Words) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    return _HEADINGS, [_row("named", one, "", words) for one in answer.evidence]


def listed_page(answer: EvidenceAnswer, words: Words) -> Iterator[Block]:
    yield from _table(answer.evidence, words, "digest")
    yield from _counted(answer, words)


def _counted(answer: EvidenceAnswer, words: Words) -> Iterator[Block]:
    if not answer.evidence:
        yield line(words.say("evidence.none"))
    if answer.without:
        yield line((words.many("evidence.without", answer.without), "dim"))


LIST = Report(to_json=listed_to_json, page=listed_page, rows=listed_rows, long=True)

# What a folder holds of it


def to_json(checked: EvidenceChecked, words: Words) -> dict[str, Any]:
    folder = checked.folder
    return {
        "ok": checked.ok,
        "folder": folder.place,
        "evidence": [
            {**_event_to_json(one, words), "found": one.digest in folder.files, "files": list(folder.files.get(one.digest, ()))}
            for one in checked.asked.evidence
        ],
        "not_named": [{"file": file, "digest": digest} for digest, files in checked.unnamed.items() for file in files],
        "not_read": [{"file": one.path, "why": one.why, "detail": one.detail} for one in folder.unread],
        "without": checked.asked.without,
    }


def rows(checked: EvidenceChecked, words: Words) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """One for each event and file: a file that two events name stands twice."""
    nothing = (None,) * 7
    told = [_row("missing", one, "", words) for one in checked.missing]
    told += [_row("found", one, file, words) for one in checked.found for file in checked.folder.files[one.digest]]
    told += [("not_named", *nothing, digest, file, "") for digest, files in checked.unnamed.items() for file in files]
    told += [("not_read", *nothing, None, one.path, f"{one.why} {one.detail}".strip()) for one in checked.folder.unread]
    return _HEADINGS, told


def page(checked: EvidenceChecked, words: Words) -> Iterator[Block]:
    named, missing = len(checked.asked.evidence), checked.missing
    if missing:
        yield line(("✗ ", "bad"), words.many("evidence.missing", len(missing), of=words.number(named)))
        yield from _table(missing, words, "digest")
        yield line(words.say("evidence.what_missing_means"))
    elif named:
        yield line(("✓ ", "good"), words.many("evidence.all_found", named))
    yield from _counted(checked.asked, words)
    if checked.found:
        yield blank()
        yield line(words.say("evidence.found"))
        yield from _table(checked.found, words, "file", checked.folder)
    yield from _others(checked, words)


def _others(checked: EvidenceChecked, words: Words) -> Iterator[Block]:
    others = [(digest, file) for digest, files in checked.unnamed.items() for file in files]
    if others:
        yield blank()
        yield line(words.many("evidence.not_named_here" if checked.asked.narrowed else "evidence.not_named", len(others)))
        headings = [words.say(f"evidence.column.{name}") for name in ("digest", "file")]
        yield from table(headings, ((digest[:_DIGITS], file) for digest, file in others))
    if checked.folder.unread:
        yield blank()
        yield line((words.many("evidence.not_read", len(checked.folder.unread)), "warn"))
        for one in checked.folder.unread:
            yield line("  ", words.say(f"evidence.unread.{one.why}", file=one.path or DASH, detail=one.detail))


REPORT = Report(to_json=to_json, page=page, rows=rows, long=True)
