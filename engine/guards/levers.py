"""Levers: what acts can do to the readings of a set of guards, one lever for each input.

A lever offers options; an option is a to-do with the values that would be read once it is done. A new milestone is reached on the day of
the act; one document is one lever, whatever is done to it; units of a roll that reach a milestone cost one each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

import attrs

from engine.guards.inputs import Inputs, Roll, reached_by
from engine.guards.names import Type
from engine.guards.operators import Operand
from engine.guards.program import Program
from engine.guards.terms import Read, walk
from engine.readings import Calendar, Path, Tally
from engine.verdicts import Todo

World: TypeAlias = Mapping[Path, Operand | None]
"""What would be read at each path; None: not known."""

COMPLETE: Final = "complete"
"""What a roll's option notes beside the paths that guards read, for the counts over it."""

Rank: TypeAlias = tuple[int, int, str]


@attrs.frozen
class Option:
    """One way to use a lever. `cost`: the number of inputs it takes."""

    todos: tuple[Todo, ...]
    values: World
    cost: int = 1


@attrs.frozen(eq=False)
class Choice:
    """A lever with a handful of options, the slightest first."""

    rank: Rank
    paths: tuple[Path, ...]
    options: tuple[Option, ...]


@attrs.frozen(eq=False)
class Free:
    """A value that may be recorded or issued: any of its type, or one of `choices`."""

    rank: Rank
    path: Path
    type: Type
    choices: tuple[str, ...]
    todo: Todo

    @property
    def paths(self) -> tuple[Path, ...]:
        return (self.path,)

    def option(self, value: Operand) -> Option:
        return Option((self.todo,), {self.path: value})


@attrs.frozen(eq=False)
class Count:
    """Units of a roll that have yet to reach a milestone."""

    rank: Rank
    roll: Path
    milestone: str
    tally: Tally
    on: date | None
    paths: tuple[Path, ...]

    def most(self, world: World) -> int:
        """How many could still reach it; 0 while the roll is open."""
        whole = (self.tally.complete and self.tally.tracked) or world.get((*self.roll, COMPLETE)) is True
        return self.tally.total - self.tally.reached if whole else 0

    def option(self, count: int) -> Option:
        """That so many more reach it; 0: that the roll stands as it was counted."""
        tally = self.tally
        days = {"first": tally.first or self.on, "last": self.on} if count else {"first": tally.first, "last": tally.last}
        values = {p: days.get(p[len(self.roll)], tally.reached + count) for p in self.paths}
        return Option(reached_by(tally, self.milestone, count) if count else (), values, count)


Lever: TypeAlias = Choice | Free | Count


@attrs.frozen
class Levers:
    """All levers of some guards in the order in which ties are broken. `unlocking`: which of them it takes to know an unknown path."""

    every: tuple[Lever, ...]
    moving: Mapping[Path, int]
    unlocking: Mapping[Path, int]


def levers_of(programs: Sequence[Program], inputs: Inputs) -> Levers:
    """The levers of everything that these guards read, each a bit in the masks of `moving` and `unlocking`."""
    paths = tuple(dict.fromkeys(path for program in programs for path in program.reads))
    every = tuple(sorted(_Builder(programs, inputs, paths).levers(), key=lambda lever: lever.rank))
    moving = {path: sum(1 << n for n, lever in enumerate(every) if path in lever.paths) for path in paths}
    return Levers(every, moving, {path: _unlocking(path, every, mask) for path, mask in moving.items()})


def _unlocking(path: Path, every: tuple[Lever, ...], mask: int) -> int:
    """All of a path's levers; a count over an open roll is known as soon as the roll is, the days of nobody are not."""
    rolls = [n for n, lever in enumerate(every) if mask >> n & 1 and isinstance(lever, Choice)]
    counts = [lever for n, lever in enumerate(every) if mask >> n & 1 and isinstance(lever, Count)]
    if rolls and counts and (path[-2] == "reached" or counts[0].tally.reached > 0):
        return sum(1 << n for n in rolls)
    return mask


class _Builder:
    def __init__(self, programs: Sequence[Program], inputs: Inputs, paths: tuple[Path, ...]) -> None:
        self._inputs = inputs
        self._paths = paths
        self._workflow = inputs.workflow
        on = inputs.reading(("on",)).value
        self._on = on if isinstance(on, date) else None
        self._terms = {t.path: t for program in programs for t in walk(program.term) if isinstance(t, Read)}

    def levers(self) -> Iterator[Lever]:
        groups: dict[tuple[str, ...], list[Path]] = {}
        for path in self._paths:
            for key in self._keys(path):
                groups.setdefault(key, []).append(path)
        for key, paths in groups.items():
            lever = _MAKERS[key[0]](self, tuple(paths))
            if lever is not None:
                yield lever

    def _keys(self, path: Path) -> Iterator[tuple[str, ...]]:
        """Which levers a path belongs to: paths with the same key move together."""
        inputs, roll = self._inputs, self._inputs.roll(path)
        if inputs.without_lead(path):
            yield ("name_pilots",)
        elif roll is not None:
            yield from self._roll_keys(path, roll)
        elif path[0] == "doc" or path[:2] == ("parent", "doc"):
            yield ("document", *path[:-1])
        elif path[0] in ("unit", "parent", "lead") and path[1] in ("reached", "day"):
            yield from (("reach", todo.unit, todo.name) for todo in inputs.todos(path))
        elif path == ("calendar",):
            yield ("calendar",)
        elif inputs.todos(path):
            yield ("free", *path)

    def _roll_keys(self, path: Path, roll: Roll) -> Iterator[tuple[str, ...]]:
        reading, what = self._inputs.reading(path), path[len(roll.path)]
        tally = reading.tally
        if reading.value is False or (tally is not None and not (tally.complete and tally.tracked)):
            yield ("roll", *roll.path)
        if tally is not None and what in ("reached", "first", "last"):
            yield ("count", *roll.path, path[-1])

    def _rank(self, path: Path, unit: str = "") -> Rank:
        """The order of declaration in the workflow: facts, documents, plan values; then the rest in the order of reading.

        What has been given already comes last, in the order of reading: nobody is advised to record fewer members where more of them
        should come, and a guard's text names first what has to be enough.
        """
        workflow = self._workflow
        if path[0] in _GIVEN and self._inputs.reading(path).value is not None:
            return _GIVEN[path[0]], self._paths.index(path), unit
        declared: Mapping[str, tuple[int, Sequence[str]]] = {
            "fact": (0, tuple(workflow.fact_by_id)),
            "doc": (1, tuple(workflow.document_by_id)),
            "plan": (2, tuple(workflow.plan_value_by_id)),
        }
        kind, names = declared.get(path[0], (3, ()))
        if len(path) > 1 and path[1] in names:
            return kind, names.index(path[1]), unit
        return 3, self._paths.index(path), unit

    # One maker for each kind of key

    def free(self, paths: tuple[Path, ...]) -> Lever | None:
        path = paths[0]
        term = self._terms.get(path)
        kind, choices = (term.type, term.choices) if term is not None else ("bool", ())
        return Free(self._rank(path), path, kind, choices, self._inputs.todos(path)[0])

    def document(self, paths: tuple[Path, ...]) -> Lever | None:
        prefix = paths[0][:-1]
        before = {path[-1]: self._inputs.reading(path).value for path in paths}
        options = []
        for deed, changes in _document_deeds(self._on, before):
            after = {**before, **{what: value for what, value in changes.items() if what in before}}
            if after != before:
                todos = self._inputs.todos((*prefix, deed))[-1:]
                options.append(Option(todos, {(*prefix, what): value for what, value in after.items()}))
        return Choice(self._rank(paths[0]), paths, tuple(options)) if options and options[0].todos else None

    def reach(self, paths: tuple[Path, ...]) -> Lever | None:
        todos = self._inputs.todos(paths[0])
        values = {path: True if path[1] == "reached" else self._on for path in paths}
        return Choice(self._rank(paths[0], todos[0].unit), paths, (Option(todos, values),))

    def calendar(self, paths: tuple[Path, ...]) -> Lever | None:
        if self._inputs.reading(paths[0]).value is not None:
            return None
        return Choice(self._rank(paths[0]), paths, (Option(self._inputs.todos(paths[0]), {paths[0]: Calendar()}),))

    def name_pilots(self, paths: tuple[Path, ...]) -> Lever | None:
        """Said to have no pilots, a unit waits for nobody."""
        nobody: dict[str, Operand] = {"reached": True, "pilots": 0}
        todos = self._inputs.todos(("lead", "reached", ""))
        values = {p: nobody.get(p[1]) if p[-2] not in ("first", "last") else None for p in paths}
        return Choice(self._rank(paths[0]), paths, (Option(todos, values),))

    def roll(self, paths: tuple[Path, ...]) -> Lever | None:
        """A roll declared complete as it stands; what it then counts is what it has counted so far."""
        prefix = self._inputs.roll(paths[0])
        todos = self._inputs.todos(paths[0])
        if prefix is None or not todos:
            return None
        values = {path: self._counted(path, path[len(prefix.path)]) for path in paths}
        values[(*prefix.path, COMPLETE)] = True
        return Choice(self._rank(paths[0], todos[0].unit), paths, (Option(todos, values),))

    def _counted(self, path: Path, what: str) -> Operand | None:
        tally = self._inputs.reading(path).tally
        if tally is None:
            return True if what == "tracked" else None
        counted: dict[str, Operand | None] = {
            "tracked": True,
            "total": tally.total,
            "reached": tally.reached,
            "first": tally.first,
            "last": tally.last,
        }
        return counted[what]

    def count(self, paths: tuple[Path, ...]) -> Lever | None:
        prefix, tally = self._inputs.roll(paths[0]), self._inputs.reading(paths[0]).tally
        if prefix is None or tally is None or tally.total <= tally.reached:
            return None
        return Count(self._rank(paths[0], tally.owner), prefix.path, paths[0][-1], tally, self._on, paths)


_GIVEN: Final[Mapping[str, int]] = {"fact": 4, "plan": 5}
"""Inputs that may be given anew, behind all that are still missing."""

_MAKERS: Final[Mapping[str, Callable[[_Builder, tuple[Path, ...]], Lever | None]]] = {
    "free": _Builder.free,
    "document": _Builder.document,
    "reach": _Builder.reach,
    "calendar": _Builder.calendar,
    "name_pilots": _Builder.name_pilots,
    "roll": _Builder.roll,
    "count": _Builder.count,
}


def _document_deeds(on: date | None, before: Mapping[str, object]) -> Iterator[tuple[str, dict[str, Operand | None]]]:
    """What filing, approving and settling make of a document, each under the name that asks for it."""
    version = before.get("version")
    newer = version + 1 if isinstance(version, int) else 1
    filed: dict[str, Operand | None] = {"filed": True, "filed_on": on, "version": newer}
    approved: dict[str, Operand | None] = {"approved": True, "approved_on": on}
    yield "filed", filed
    yield "approved", approved if before.get("filed") is True or newer > 1 else {**filed, **approved}
    yield "open_items", {**filed, **approved, "open_items": 0}
