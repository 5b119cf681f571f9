"""What is said of a unit beside its state: late, blocked, and what its reader has to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from engine.board import AsOf, Flag, Note
from engine.values import plain
from reports.catalogue import Words
from reports.page import Block, Line, line

if TYPE_CHECKING:
    from engine.check_code import CheckCode


def as_of_to_json(as_of: AsOf) -> dict[str, Any]:
    """At which position and on which day an answer holds; by when it had been recorded, where that was asked."""
    written: dict[str, Any] = {"seq": as_of.seq, "date": as_of.day.isoformat()}
    return written if as_of.known is None else {**written, "known_at": as_of.known.isoformat()}


def log(code: CheckCode, words: Words) -> Line:
    """How far the log goes, and its check code: position and code belong together."""
    return line((words.many("log.check_code", code.size, code=str(code)), "dim"))


def flag_words(flag: Flag, words: Words) -> str:
    """Why a unit is late or cannot go on."""
    if flag.why == "postponed" and flag.detail is None:
        return words.say("flag.postponed_open")
    return words.say(f"flag.{flag.why}", detail=flag.detail)


def flag_to_json(flag: Flag, words: Words) -> dict[str, Any]:
    return {
        "unit": flag.unit,
        "since": flag.since.isoformat(),
        "why": flag_words(flag, words),
        "code": flag.why,
        "detail": plain(flag.detail),
    }


def flags(title: str, found: Iterable[Flag], words: Words) -> Iterator[Block]:
    """Units that are late or blocked, under a title; those of which the same is said are told together."""
    alike: dict[str, list[str]] = {}
    for flag in found:
        alike.setdefault(dated(flag, words), []).append(flag.unit)
    if alike:
        yield line((words.say(title), "title"))
    for said, units in alike.items():
        if len(units) == 1:
            yield line("  ", (units[0], "bad"), f"  {said}")
        else:
            yield line("  ", words.many("flag.many", len(units), flag=said, units=some(units, words)))


_NAMED: Final = 12


def some(units: Sequence[str], words: Words, total: int | None = None) -> str:
    """The first of many codes, and how many more there are. `total`: of all, where `units` are not all."""
    more = (total or len(units)) - _NAMED
    named = ", ".join(units[:_NAMED])
    return words.say("tally.more", named=named, more=words.number(more)) if more > 0 else named


def dated(flag: Flag, words: Words) -> str:
    """Why, and since when; a due day speaks for itself."""
    said = flag_words(flag, words)
    return said if flag.why == "past_due" else words.say("flag.with_since", flag=said, day=flag.since)


def note_words(note: Note, words: Words) -> str:
    fields = dict(note.fields)
    if note.code == "untracked_rolls":
        fields["units"] = some(fields["units"], words, fields["count"])
    if isinstance(fields.get("count"), int):
        fields["count"] = words.number(fields["count"])
    if note.code == "rests_on_changed":
        fields["what"] = "; ".join(_moved(note, words))
    return words.say(f"note.{note.code}", unit=note.unit, **fields)


def _moved(note: Note, words: Words) -> Iterator[str]:
    """What a state change rested on and what became of it."""
    replaced = note.fields.get("replaced", ())
    if replaced:
        yield words.many("note.replaced", len(replaced), events=tuple(replaced))
    for counted, milestone, then, now in note.fields.get("counts", ()):
        yield words.say("note.count_fell", counted=counted, milestone=milestone, then=then, now=now)


def note_to_json(note: Note, words: Words) -> dict[str, Any]:
    return {"code": note.code, "unit": note.unit, "words": note_words(note, words), **_plain_fields(note)}


def _plain_fields(note: Note) -> dict[str, Any]:
    return {name: plain_deep(value) for name, value in note.fields.items() if name not in ("code", "unit", "words")}


def plain_deep(value: Any) -> Any:
    """A value of an answer as JSON takes it: days as ISO text, tuples as lists."""
    if isinstance(value, (tuple, list, set, frozenset)):
        return [plain_deep(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain_deep(v) for k, v in value.items()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def notes(found: Iterable[Note], words: Words) -> Iterator[Block]:
    """What the reader has to know, each said once."""
    every = tuple(dict.fromkeys(note_words(note, words) for note in found))
    if every:
        yield line((words.say("note.title"), "title"))
    for said in every:
        yield line(f"  {said}")
