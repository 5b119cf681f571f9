"""`daihoi check-code`: whether the log still holds what papers say of it, and from where on it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line
from store.audit.papers import CheckedCode, CodesAnswer, Stretch

_SAID: Final = {
    "holds": "codes.holds",
    "past": "codes.past",
    "contradicted": "codes.contradicted",
}


def to_json(answer: CodesAnswer, words: Words) -> dict[str, Any]:
    receipts = answer.receipts
    return {
        "ok": answer.ok,
        "events": answer.size,
        "codes": [_code_to_json(checked, answer, words) for checked in answer.codes],
        **_stretch(answer.stretch),
        "receipts": None if receipts is None else {"count": receipts.count, "fit": receipts.fit, **_stretch(receipts.stretch)},
        "words": " ".join(_summary(answer, words)),
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {"held_to": stretch.held, "differs_by": stretch.differs}


def _code_to_json(checked: CheckedCode, answer: CodesAnswer, words: Words) -> dict[str, Any]:
    return {
        "check_code": str(checked.code),
        "size": checked.code.size,
        "holds": checked.found == "holds",
        "problem": None if checked.found == "holds" else checked.found,
        "words": _said(checked, answer, words),
    }


def _said(checked: CheckedCode, answer: CodesAnswer, words: Words) -> str:
    size = checked.code.size
    if checked.found == "shorter":
        return words.many("codes.shorter", size, found=words.number(answer.size))
    return words.say(_SAID[checked.found], where=_where(0, size, words), held=words.number(answer.stretch.held))


def _where(held: int, last: int, words: Words) -> str:
    """The events behind one, up to another."""
    said = "codes.events" if last - held > 1 else "codes.event"
    return words.say(said, first=words.number(held + 1), last=words.number(last))


def rows(answer: CodesAnswer, words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    headings = ("check_code", "size", "holds", "problem", "words")
    return headings, [tuple(_code_to_json(checked, answer, words).values()) for checked in answer.codes]


def page(answer: CodesAnswer, words: Words) -> Iterator[Block]:
    for checked in answer.codes:
        mark = ("✓ ", "good") if checked.found == "holds" else ("✗ ", "bad")
        yield line(mark, f"{checked.code}  ", _said(checked, answer, words))
    for said in _summary(answer, words):
        yield line(said)


def _summary(answer: CodesAnswer, words: Words) -> Iterator[str]:
    """All the papers together."""
    if answer.stretch.differs is not None:
        yield from _parting(answer.stretch, answer.stretch.differs, answer.size, words)
        yield from _by_receipts(answer, words)
    elif answer.ok:
        later = answer.size - answer.stretch.held
        yield words.many("codes.since", later, size=words.number(answer.size)) if later else words.say("codes.whole")
    if not answer.ok:
        yield words.say("codes.advice")


def _parting(stretch: Stretch, differs: int, size: int, words: Words) -> Iterator[str]:
    """Up to where everything is as it was, and in which events something is not."""
    if stretch.held:
        yield words.say("codes.held", held=words.number(stretch.held))
    if differs <= size:
        yield words.say("codes.between", where=_where(stretch.held, differs, words))
        return
    yield words.say("codes.missing", where=_where(size, differs, words))
    if stretch.held < size:
        yield words.say("codes.unknown", where=_where(stretch.held, size, words))


def _by_receipts(answer: CodesAnswer, words: Words) -> Iterator[str]:
    receipts, known = answer.receipts, answer.stretch
    if receipts is None:
        return
    found = receipts.stretch
    if receipts.fit:
        yield words.say("codes.receipts_fit")
    elif found.differs is not None and found != known and found.differs <= answer.size:
        yield words.say("codes.receipts", where=_where(found.held, found.differs, words))
    elif found.held > known.held:
        yield words.say("codes.receipts_held", held=words.number(found.held))


REPORT = Report(to_json=to_json, page=page, rows=rows)
