"""What a guard had read when a step was taken, in words: each value by its name, and the event or the plan that gave it.

Made from the readings alone, which stand in the log beside the verdict: what was recorded or corrected afterwards changes nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from engine.readings import Calendar, Path, Reading, Tally
from engine.values import plain
from engine.verdicts import Verdict
from engine.workflow import Workflow
from reports import names, verdicts
from reports.catalogue import Words
from reports.standing import plain_deep

_MILESTONE = ("reached", "day")
_ROLLS = ("children", "pilots")


def sentence(verdict: Verdict, workflow: Workflow, words: Words) -> str:
    """Everything that one guard had read; nothing where it read nothing."""
    said = dict.fromkeys(reading_words(path, reading, workflow, words) for path, reading in verdict.readings)
    return words.say("read.then", values="; ".join(said)) if said else ""


def reading_words(path: Path, reading: Reading, workflow: Workflow, words: Words) -> str:
    """One value: "delegates present = 178 (event 576)"; a count with its units; what was not known as such."""
    if not reading.known:
        return verdicts.unknown_words(path, reading, words)
    if isinstance(reading.value, Calendar):
        return words.say("read.calendar", plan=reading.plan)
    if reading.tally is not None and (path[0] in _ROLLS or path[1] in _ROLLS) and path[-2] not in ("first", "last"):
        return _counted(path, reading, reading.tally, words)
    said = words.say("read.value", name=_name(path, reading, workflow, words), value=verdicts.value_words(reading.value, words))
    return f"{said}{_said_by(reading, words)}"


def _counted(path: Path, reading: Reading, tally: Tally, words: Words) -> str:
    """A count, with whose units they are where they are not the unit's own."""
    said = verdicts.tally_words(tally, words)
    return f"{words.say('because.leads', unit=reading.unit or '')}; {said}" if path[0] == "lead" else said


def _name(path: Path, reading: Reading, workflow: Workflow, words: Words) -> str:
    if path[0] in ("parent", "lead"):
        return words.say("read.of", name=_own_name(path[1:], workflow, words), unit=reading.unit or "")
    return _own_name(path[1:] if path[0] == "unit" and path[1] in _MILESTONE else path, workflow, words)


def _own_name(path: Path, workflow: Workflow, words: Words) -> str:
    """What a value is called, whosesoever it is."""
    if path[0] in _MILESTONE:
        return words.say("read.milestone", milestone=names.begun_small(names.milestone(workflow, path[1], words)))
    if path[0] == "doc":
        document = workflow.document_by_id.get(path[1])
        text = path[1] if document is None else names.begun_small(document.text.in_language(words.language))
        return words.say(f"read.document.{path[2]}", document=text)
    if path[:2] == ("unit", "tag"):
        return words.say("read.tag", tag=path[2])
    return names.begun_small(names.quantity(workflow, path, words))


def _said_by(reading: Reading, words: Words) -> str:
    if reading.plan is not None:
        return words.say("read.by_plan", plan=reading.plan, unit=reading.unit or "")
    return "" if reading.seq is None else words.say("read.by_event", seq=reading.seq)


def to_json(read: Iterable[tuple[Path, Reading]], workflow: Workflow, words: Words) -> list[dict[str, Any]]:
    """The values as programs get them, by the name that the guard calls them."""
    return [
        {
            "name": ".".join(path),
            "value": None if isinstance(reading.value, Calendar) else plain(reading.value),
            "unit": reading.unit,
            "seq": reading.seq,
            "plan": reading.plan,
            "tally": None if reading.tally is None else plain_deep(attrs.asdict(reading.tally)),
            "words": reading_words(path, reading, workflow, words),
        }
        for path, reading in read
    ]
