"""Whether two routes of one trigger could both exist for a unit: their conditions are tried on every kind of unit they can tell apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, islice, product
from typing import Final

from engine.guards import Program, holds
from engine.readings import Path, Reading
from engine.values import Value
from engine.workflow import Transition, Workflow

MOST_KINDS: Final = 4096
"""Conditions that can tell more kinds of units apart than this are taken to overlap."""

MOST_PAIRS: Final = 5_000
"""So many routes of one trigger nobody declares but to keep a computer busy."""

_STRING = re.compile(r"""(["'])((?:\\.|(?!\1).)*)\1""")
_NUMBER = re.compile(r"\d{1,15}")
_NO_WORD_OF_THEIRS: Final = "\x00"


def overlapping(workflow: Workflow, whens: dict[str, Program]) -> Iterator[tuple[int, int, str]]:
    """Pairs of transitions (by position) with one trigger, one state to leave, and routes that can both be open; with that state.

    `whens`: the compiled conditions; routes whose condition did not compile are left out.
    """
    told: set[tuple[int, int]] = set()
    for first, second, state in islice(_pairs(workflow), MOST_PAIRS):
        one, other = workflow.transitions[first], workflow.transitions[second]
        if (first, second) not in told and _both_open(one, other, whens):
            told.add((first, second))
            yield first, second, state


def _pairs(workflow: Workflow) -> Iterator[tuple[int, int, str]]:
    """The transitions that a trigger could take from one state, two by two."""
    leaving: dict[tuple[str, str], list[int]] = {}
    for index, transition in enumerate(workflow.transitions):
        for state in dict.fromkeys(transition.sources):
            leaving.setdefault((transition.trigger, state), []).append(index)
    for (_, state), indices in leaving.items():
        for first, second in combinations(indices, 2):
            yield first, second, state


def _both_open(one: Transition, other: Transition, whens: dict[str, Program]) -> bool:
    conditions = [t.when for t in (one, other) if t.when is not None]
    if any(condition not in whens for condition in conditions):
        return False
    programs = [whens[condition] for condition in conditions]
    kinds = list(islice(_kinds(conditions, programs), MOST_KINDS + 1))
    return len(kinds) > MOST_KINDS or any(all(holds(p, kind) is True for p in programs) for kind in kinds)


def _kinds(conditions: Sequence[str], programs: Sequence[Program]) -> Iterator[dict[Path, Reading]]:
    """Every kind of unit that the conditions can tell apart."""
    paths = tuple(dict.fromkeys(path for program in programs for path in program.reads))
    text = " ".join(conditions)
    for values in product(*(_values(path, text) for path in paths)):
        yield {path: Reading(value=value) for path, value in zip(paths, values, strict=True)}


def _values(path: Path, text: str) -> Sequence[Value]:
    """The values of a name that make a difference to some conditions."""
    name = path[1]
    if name in ("code", "level", "block"):
        return [*dict.fromkeys(word for _, word in _STRING.findall(text)), _NO_WORD_OF_THEIRS]
    if name == "attempt":
        numbers = {int(n) for n in _NUMBER.findall(text)} | {1}
        return sorted({max(1, n + step) for n in numbers for step in (-1, 0, 1)})
    if name in ("planned_on", "day"):
        days = list(_days(text)) or [date.min + timedelta(days=1)]
        return sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})
    return (True, False)


def _days(text: str) -> Iterator[date]:
    for _, word in _STRING.findall(text):
        try:
            yield date.fromisoformat(word)
        except ValueError:
            continue
