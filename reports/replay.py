"""`daihoi replay`: the season as it stood, or one unit's course with every verdict as it was taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from engine.answers import ReplayAnswer, ReplayStep, StepAnswer, UnitReplayAnswer, UnitThen
from engine.workflow import Workflow
from reports import history, names, readings, standing, verdicts, why
from reports.between import changes_to_json, known_words, lines
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, blank, line, table


def to_json(answer: ReplayAnswer, words: Words) -> dict[str, Any]:
    return {
        "at": standing.as_of_to_json(answer.as_of),
        "units": {code: _then_to_json(then) for code, then in answer.units.items()},
    }


def _then_to_json(then: UnitThen) -> dict[str, Any]:
    return {
        "state": then.state,
        "version": then.version,
        "since": then.since.isoformat(),
        "attempt": then.attempt,
        "milestones": {name: day.isoformat() for name, day in then.milestones.items()},
        "left": then.left,
    }


def rows(answer: ReplayAnswer, words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    headings = ("unit", "state", "since", "version", "attempt", "left", "milestones")
    return headings, [
        (code, then.state, then.since.isoformat(), then.version, then.attempt, then.left, _milestones(then, " "))
        for code, then in answer.units.items()
    ]


def _milestones(then: UnitThen, between: str) -> str:
    return between.join(f"{name}={day.isoformat()}" for name, day in then.milestones.items())


def page(answer: ReplayAnswer, words: Words) -> Iterator[Block]:
    yield line(
        (words.say("replay.as_of", day=answer.as_of.day, seq=answer.as_of.seq), "title"),
        (known_words(answer.as_of, words), "warn"),
    )
    yield blank()
    counts = Counter(then.state for then in answer.units.values() if not then.left)
    said = ", ".join(f"{names.short_state(state, words)} {words.number(n)}" for state, n in counts.items())
    yield line(words.many("replay.states", sum(counts.values()), states=said))
    yield blank()
    moved = {code: then for code, then in answer.units.items() if then.milestones or then.version > _QUIET}
    headings = tuple(words.say(f"replay.column.{c}") for c in ("unit", "state", "since", "milestones"))
    yield from table(headings, (_row(code, then, words) for code, then in list(moved.items())[:_SHOWN]))
    if len(moved) > _SHOWN:
        yield line(words.many("replay.more", len(moved) - _SHOWN))


_SHOWN = 60
_QUIET = 2
"""Joining and the word about its roll: a unit with no more has not begun."""


def _row(code: str, then: UnitThen, words: Words) -> tuple[str, ...]:
    reached = ", ".join(f"{name} {words.day(day)}" for name, day in then.milestones.items())
    return code, names.short_state(then.state, words), words.day(then.since), reached or words.value(None)


def unit_to_json(answer: UnitReplayAnswer, words: Words) -> dict[str, Any]:
    return {
        "as_of": standing.as_of_to_json(answer.as_of),
        "unit": answer.unit.code,
        "name": answer.unit.name,
        "steps": [_step_to_json(step, answer.workflow, words) for step in answer.steps],
        "state": answer.state,
    }


def _step_to_json(step: ReplayStep, workflow: Workflow, words: Words) -> dict[str, Any]:
    recorded = step.recorded
    return {
        "seq": recorded.seq,
        "version": recorded.version,
        "effective_on": recorded.on.isoformat(),
        "recorded_at": recorded.at,
        "kind": recorded.event.kind,
        "from": step.source,
        "to": step.target,
        "actor": recorded.actor.unit,
        "verdicts": [
            verdicts.to_json(v, workflow, words) | {"reads": readings.to_json(v.readings, workflow, words)} for v in step.verdicts
        ],
        "notes": [standing.note_to_json(n, words) for n in step.notes],
    }


def unit_page(answer: UnitReplayAnswer, words: Words) -> Iterator[Block]:
    level = names.level(answer.unit.level, words)
    state = names.state(answer.workflow, answer.state, words)
    yield line(
        (answer.unit.name, "title"),
        f" · {level} · ",
        words.say("replay.ends", state=state, day=answer.as_of.day),
        (known_words(answer.as_of, words), "warn"),
    )
    yield blank()
    for step in answer.steps:
        yield from _step(step, answer.workflow, words)
    if answer.steps:
        yield blank()
        yield line((words.say("replay.by_step", unit=answer.unit.code, number=answer.steps[-1].recorded.version), "dim"))


def _step(step: ReplayStep, workflow: Workflow, words: Words) -> Iterator[Block]:
    recorded = step.recorded
    said = history.event_words(recorded.event, workflow, words)
    moved = step.target is not None
    yield line(
        f"{recorded.seq:>6}  {words.day(recorded.on):<11}",
        (said, "title" if moved else ""),
        (f"  · {recorded.actor.unit}", "dim"),
    )
    indent = 6 + max((len(v.guard) for v in step.verdicts), default=0)
    for verdict in step.verdicts:
        yield from why.verdict_lines(verdict, workflow, words, indent)
        read = readings.sentence(verdict, workflow, words)
        yield from why.wrapped(read, "        ", first="      ", style="dim") if read else ()
    for note in step.notes:
        yield line("        ", (standing.note_words(note, words), "warn"))


def step_to_json(answer: StepAnswer, words: Words) -> dict[str, Any]:
    return {
        "as_of": standing.as_of_to_json(answer.as_of),
        "unit": answer.unit.code,
        "name": answer.unit.name,
        "step": answer.number,
        "of": answer.of,
        "previous": answer.number - 1 or None,
        "next": answer.number + 1 if answer.number < answer.of else None,
        "steps": [_step_to_json(answer.step, answer.workflow, words)],
        "changes": changes_to_json(answer.changes, answer.workflow, words),
        "state": answer.state,
    }


def step_page(answer: StepAnswer, words: Words) -> Iterator[Block]:
    unit = answer.unit
    yield line((unit.name, "title"), " · ", words.say("replay.step", number=answer.number, of=answer.of))
    yield blank()
    yield from _step(answer.step, answer.workflow, words)
    if answer.changes:
        yield blank()
        yield line((words.say("replay.changed"), "title"))
        yield from lines(answer.changes, answer.workflow, words)
    yield blank()
    yield line(words.say("replay.then", state=names.state(answer.workflow, answer.state, words)))
    for said, number in (("replay.before", answer.number - 1), ("replay.after", answer.number + 1)):
        if 1 <= number <= answer.of:
            yield line((words.say(said, unit=unit.code, number=number), "dim"))


SEASON = Report(to_json=to_json, page=page, rows=rows)
UNIT = Report(to_json=unit_to_json, page=unit_page, long=True)
STEP = Report(to_json=step_to_json, page=step_page, long=True)
