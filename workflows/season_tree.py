"""Checks of a season's tree: codes, parents, levels, blocks, the root, the pilots, the rolls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from engine.unit import SEASON, RollStatus, Unit
from workflows.names import CODE, WORD, check_each_once, check_pattern, check_used
from workflows.problems import Findings, KeyPath, Problem, nearest
from workflows.season_forms import SeasonForm
from workflows.season_units import Placed

DEFAULT: Final = "default"
"""In `rolls`: what holds for the units that are not named."""

MOST_OUT_OF_ORDER: Final = 100


@attrs.frozen
class Tree:
    """The units by code, and who is below whom; of a code given twice, the first unit."""

    placed: Mapping[str, Placed]
    children: Mapping[str, tuple[str, ...]]

    def unit(self, code: str) -> Unit:
        return self.placed[code].unit

    @property
    def units(self) -> Iterator[Unit]:
        return (placed.unit for placed in self.placed.values())

    def line(self, code: str) -> tuple[Unit, ...]:
        """The unit, its parent, and so on up; a ring of parents is gone round once."""
        line: dict[str, Unit] = {}
        at: str | None = code
        while at is not None and at in self.placed and at not in line:
            line[at] = self.unit(at)
            at = self.unit(at).parent
        return tuple(line.values())

    def designators(self) -> frozenset[tuple[str, str]]:
        """Who designated pilots, and of which level."""
        return frozenset((u.pilot_of, u.level) for u in self.units if u.pilot_of is not None)

    def lead(self, code: str, designators: frozenset[tuple[str, str]]) -> str | None:
        """The nearest unit above that designated pilots of a unit's level."""
        level = self.unit(code).level
        return next((u.code for u in self.line(code)[1:] if (u.code, level) in designators), None)


def plant(placed: Sequence[Placed], findings: Findings) -> Tree:
    """The tree of some units; a code given twice is told."""
    known: dict[str, Placed] = {}
    children: dict[str, list[str]] = {}
    for one in placed:
        code = one.unit.code
        if code in known:
            one.findings.error("E-CODE-TWICE", (*one.path, "code"), unit=code, other=known[code].unit.name)
            continue
        if not code:
            continue
        known[code] = one
        if one.unit.parent is not None:
            children.setdefault(one.unit.parent, []).append(code)
    if not known:
        findings.error("E-NO-UNITS", ("units",))
    return Tree(known, {code: tuple(below) for code, below in children.items()})


def check_tree(form: SeasonForm, tree: Tree, findings: Findings) -> None:
    levels = {level: depth for depth, level in enumerate(form.levels or {})}
    for placed in tree.placed.values():
        _check_unit(placed, form, tree, levels)
    _check_rings(tree)
    _check_roots(tree, findings)
    check_used(form.board or "", tree.placed, "unit", ("board",), findings)
    for code in form.superiors:
        check_pattern(code, CODE, ("superiors", code), findings)
        if code in tree.placed:
            findings.error("E-CODE-TWICE", ("superiors", code), unit=code, other=tree.unit(code).name)


def out_of_order(problems: Iterable[Problem]) -> bool:
    """Whether so many units stand below their own level that lines could be as long as the file: nothing said along them would help."""
    return sum(p.code == "E-LEVEL-ORDER" for p in problems) > MOST_OUT_OF_ORDER


def rolls(form: SeasonForm, tree: Tree, findings: Findings) -> Iterator[tuple[str, RollStatus]]:
    """What is said of each unit's children; a unit above the lowest level of which nothing is said is told."""
    for code in form.rolls:
        if code != DEFAULT:
            check_used(code, tree.placed, "unit", ("rolls", code), findings)
    default = form.rolls.get(DEFAULT)
    lowest = tuple(form.levels or {"": None})[-1]
    unsaid: list[str] = []
    for unit in tree.units:
        status = form.rolls.get(unit.code)
        if status is None and unit.level != lowest:
            status = "complete" if unit.code in tree.children else default
            if status is None:
                unsaid.append(unit.code)
        if status is not None:
            yield unit.code, status
    if unsaid:
        findings.error("E-ROLLS-MISSING", ("rolls",), units=tuple(unsaid[:5]), count=len(unsaid))


def _check_unit(placed: Placed, form: SeasonForm, tree: Tree, levels: Mapping[str, int]) -> None:
    unit, findings, path = placed.unit, placed.findings, placed.path
    check_pattern(unit.code, CODE, (*path, "code"), findings)
    if unit.code in (SEASON, DEFAULT):
        findings.error("E-RESERVED", (*path, "code"), kind="unit", name=unit.code)
    check_used(unit.level, levels, "level", (*path, "level"), findings)
    check_used(unit.block or "", form.blocks, "block", (*path, "block"), findings)
    check_each_once(unit.tags, (*path, "tags"), findings)
    for index, tag in enumerate(unit.tags):
        check_pattern(tag, WORD, (*path, "tags", index), findings)
    if unit.parent is not None:
        _check_parent(placed, unit.parent, form, tree, levels)
    elif unit.superior is not None:
        check_used(unit.superior, form.superiors, "outside", (*path, "superior"), findings)
    if unit.pilot_of is not None:
        _check_pilot(placed, unit.pilot_of, tree)


def _check_parent(placed: Placed, parent: str, form: SeasonForm, tree: Tree, levels: Mapping[str, int]) -> None:
    unit, findings, at = placed.unit, placed.findings, (*placed.path, "parent")
    if unit.superior is not None:
        findings.error("E-SUPERIOR-BELOW", (*placed.path, "superior"), unit=unit.code, parent=parent)
    if parent in form.superiors:
        findings.error("E-PARENT-OUTSIDE", at, unit=unit.code, parent=parent)
    elif check_used(parent, tree.placed, "unit", at, findings):
        above = tree.unit(parent)
        if levels.get(above.level, -1) >= levels.get(unit.level, len(levels)):
            findings.error("E-LEVEL-ORDER", at, unit=unit.code, level=unit.level, parent=parent, parent_level=above.level)


def _check_pilot(placed: Placed, designator: str, tree: Tree) -> None:
    path: KeyPath = (*placed.path, "pilot_of")
    if not check_used(designator, tree.placed, "unit", path, placed.findings):
        return
    above = [u.code for u in tree.line(placed.unit.code)[1:]]
    if designator not in above:
        placed.findings.error(
            "E-PILOT-OF", path, guess=nearest(designator, above), unit=placed.unit.code, designator=designator, above=tuple(above)
        )


def _check_rings(tree: Tree) -> None:
    """Units that are their own superiors, each ring told once."""
    safe: set[str] = set()
    for code in tree.placed:
        trail: dict[str, None] = {}
        at: str | None = code
        while at is not None and at in tree.placed and at not in safe and at not in trail:
            trail[at] = None
            at = tree.unit(at).parent
        if at in trail:
            ring = list(trail)[list(trail).index(at) :]
            placed = tree.placed[ring[0]]
            placed.findings.error("E-RING", (*placed.path, "parent"), units=tuple(ring[:10]))
        safe.update(trail)


def _check_roots(tree: Tree, findings: Findings) -> None:
    """One root; of several, each has an outside superior, so that there is somebody above every unit."""
    roots = [placed for placed in tree.placed.values() if placed.unit.parent is None]
    if len(roots) > 1:
        codes = tuple(placed.unit.code for placed in roots[:5])
        for placed in roots:
            if placed.unit.superior is None:
                placed.findings.error("E-ROOTS", placed.path, unit=placed.unit.code, roots=codes, count=len(roots))
    elif not roots and tree.placed:
        findings.error("E-NO-ROOT", ("units",))
