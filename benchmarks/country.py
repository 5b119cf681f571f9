"""A season of a whole country, from a seed: who there is, and what they ask for, day by day.

The procedures are the bundled ones. A branch's members are counted week after week, then it holds its conference; a commune gathers its
papers, has them approved and holds its congress when all of its branches have; districts, provinces and the country prepare. Some
commands are refused (a commune whose branches are late), some papers are returned: as in a real season. At full size these are 112,000
units and 4.5 million events; fewer events mean fewer units with the same course, so that every size looks alike from one unit.

`benchmarks.scribe` has the engine decide on these commands and writes what comes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from math import ceil
from random import Random
from typing import Any, Final, TypeAlias

import attrs

from engine import commands as cmd
from engine.actors import Actor, Words
from engine.plan import Plan, Scope, ScopedValue
from engine.unit import Unit
from engine.values import Text
from engine.workflow import Workflow
from workflows.load import load_workflow

EVENTS: Final = 4_500_000
UNITS: Final = 112_000

OPENED: Final = date(2020, 6, 15)
ENDS: Final = date(2021, 7, 31)
ROOT: Final = "viet-nam"
ABOVE: Final = "doan-chu-tich"
"""An outside superior, so that the country has somebody above it."""

WORKFLOWS: Final = {
    "country": "city-congress",
    "province": "city-congress",
    "district": "district-congress",
    "commune": "base-congress",
    "branch": "branch-conference",
}
_CHILDREN: Final = {"country": 63, "province": 11, "district": 16, "commune": 9}
_BELOW: Final = {"country": "province", "province": "district", "district": "commune", "commune": "branch"}
_NAMES: Final = {"country": "Việt Nam", "province": "Tỉnh", "district": "Huyện", "commune": "Xã", "branch": "Chi hội"}

_COUNTED: Final = 31
"""Weeks in which a branch counts its members."""

_LATE: Final = 40
"""One branch in so many never convenes, and its commune waits for it."""

_READY: Final = 3
"""One commune in so many has its papers together and does not submit them: there are always some whose next step is open."""

Act: TypeAlias = cmd.RecordFact | cmd.FileDocument | cmd.ApproveDocument | cmd.ReturnDocument | cmd.Advance
Course: TypeAlias = Mapping[int, tuple[tuple[str, Any], ...]]
"""What is done so many days after a unit's own day: pairs of what is done and with what."""

_BRANCH: Final[Course] = {
    -7: (("record", {"members_summoned": 60}), ("advance", "convene")),
    0: (
        ("file", ["branch_report"]),
        ("record", {"members_present": 52, "branch_head": "elected", "deputies_elected": 1, "delegates_up": 5}),
        ("advance", "hold"),
    ),
    2: (("file", ["conference_minutes", "delegate_list"]),),
    5: (("recognise", None),),
}

_PAPERS: Final[Course] = {
    -24: (
        ("record", {"subcommittees_set_up": 4, "work_documents_ready": True, "work_personnel_ready": True}),
        (
            "record",
            {
                "orientation_adopted_on": date(2020, 9, 20),
                "names_prepared_on": date(2020, 9, 27),
                "scheme_adopted_on": date(2020, 10, 3),
                "scheme_votes_for": 12,
                "scheme_votes_total": 13,
            },
        ),
        ("file", ["congress_plan", "political_report", "personnel_orientation", "personnel_scheme", "script", "programme"]),
    ),
}

_COMMUNE: Final[Course] = {
    **_PAPERS,
    -20: (("advance", "submit"),),
    -17: (("approve", ["political_report", "personnel_scheme"]), ("above", "approve")),
    -7: (
        (
            "record",
            {"delegates_summoned": 96, "delegates_ex_officio": 13, "delegates_elected": 80, "delegates_designated": 3},
        ),
        ("advance", "convene"),
    ),
    -1: (
        ("record", {"work_publicity_ready": True, "work_logistics_ready": True}),
        ("file", ["party_opinion"]),
        ("file_above", ["superior_opinion"]),
    ),
    0: (
        ("file", ["opinions_summary", "speeches", "congress_regulation", "election_regulation", "credentials_report"]),
        (
            "record",
            {
                "delegates_present": 94,
                "alternates_used": 1,
                "absent_unreplaced": 2,
                "credentials_rejected": 0,
                "credentials_adopted": True,
                "opinions_announced": True,
                "election_method": "show_of_hands",
                "committee_seats": 13,
                "committee_elected": 13,
                "committee_under_40": 2,
                "standing_committee_elected": 4,
                "chair_elected": True,
                "vice_chairs_elected": 1,
                "delegation_elected": 7,
                "resolution_adopted": True,
            },
        ),
        ("file", ["election_minutes"]),
        ("advance", "hold"),
    ),
    3: (("file", ["congress_minutes", "first_plenum_minutes", "recognition_dossier"]),),
    10: (("file_above", ["recognition_decision"]), ("recognise", None)),
}


@attrs.frozen(kw_only=True, slots=False)
class Country:
    """The season for about so many events. Everything follows from `seed` and `events`."""

    seed: int
    events: int

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Top first, each level in order; the tree fills up from the left, so that small seasons have full communes too."""
        wanted = max(8, round(self.events * UNITS / EVENTS))
        units = [Unit(code=ROOT, name=_NAMES["country"], level="country", superior=ABOVE)]
        for level, below in _BELOW.items():
            fanned = _CHILDREN[level]
            share = ceil(wanted / _units_per(below))  # as many as the levels below them will fill
            above = [unit for unit in units if unit.level == level]
            units.extend(
                Unit(
                    code=f"{'' if parent.code == ROOT else parent.code + '-'}{below[0]}{number:02}",
                    name=f"{_NAMES[below]} {number} {'' if parent.code == ROOT else parent.name}".strip(),
                    level=below,
                    parent=parent.code,
                )
                for number, parent in [(n, p) for p in above for n in range(1, fanned + 1)][:share]
            )
        return tuple(units)

    @cached_property
    def workflows(self) -> dict[str, Workflow]:
        """The procedures by level, top first."""
        return {level: load_workflow(name) for level, name in WORKFLOWS.items()}

    def plan(self) -> Plan:
        """What holds for everybody: no level has pilots, and by when congresses are held."""
        days = {"branch": date(2021, 3, 31), "commune": date(2021, 6, 15)}
        return Plan(
            id="kh-1-2020",
            issuer=ROOT,
            number="1",
            type="KH",
            year=2020,
            text=Text("Kế hoạch đại hội phụ nữ các cấp", "Plan for the congresses of every level"),
            values=(
                ScopedValue(name="no_pilots", value=True),
                *(ScopedValue(name="congress_by", value=day, scope=Scope(level=level)) for level, day in days.items()),
            ),
        )

    def days(self) -> Iterator[tuple[date, Iterator[Act]]]:
        """What is asked for on each day, in the order in which it is asked for."""
        agenda = [(unit, *self._course(unit)) for unit in self.units]
        day = OPENED + timedelta(days=1)
        while day <= ENDS:
            yield day, self._acts(day, agenda)
            day += timedelta(days=1)

    def _acts(self, day: date, agenda: list[tuple[Unit, date, Course]]) -> Iterator[Act]:
        for unit, own, course in agenda:
            for what, value in course.get((day - own).days, ()):
                yield from _ACTS[what](unit, day, value)

    def _course(self, unit: Unit) -> tuple[date, Course]:
        """A unit's own day, and what it does around it."""
        random = Random(f"{self.seed}/{unit.code}")
        if unit.level == "branch":
            return date(2021, 2, 1) + timedelta(days=random.randrange(42)), _branch(random)
        if unit.level == "commune":
            whole = random.randrange(_READY) and not unit.code.endswith("c01")
            return date(2021, 4, 1) + timedelta(days=random.randrange(50)), _COMMUNE if whole else _PAPERS
        return date(2021, 6, 1) + timedelta(days=random.randrange(30)), _PAPERS


def papers_of(unit: Unit) -> Iterator[Act]:
    """What a unit does to gather its papers, today."""
    for acts in _PAPERS.values():
        for what, value in acts:
            yield from (attrs.evolve(act, on=None) for act in _ACTS[what](unit, OPENED, value))


def _branch(random: Random) -> Course:
    """The weeks of counting, and then the conference; sometimes the minutes come back and are filed once more."""
    members = random.randrange(40, 90)
    weeks = {-7 * week: (("record", {"members_summoned": members + week}),) for week in range(2, _COUNTED + 2)}
    if not random.randrange(_LATE):
        return weeks
    if random.randrange(_LATE):
        return {**weeks, **_BRANCH}
    again: Course = {3: (("return", "conference_minutes"),), 4: (("file", ["conference_minutes"]),)}
    return {**weeks, **_BRANCH, **again}


def _units_per(level: str) -> float:
    """How many units the country has for each one of a level."""
    count, at = 1, "country"
    while at != level:
        count, at = count * _CHILDREN[at], _BELOW[at]
    return UNITS / count


def _record(unit: Unit, day: date, facts: dict[str, Any]) -> Iterator[Act]:
    for name, value in facts.items():
        yield cmd.RecordFact(unit=unit.code, actor=Actor(unit=unit.code), on=day, fact=name, value=value)


def _file(unit: Unit, day: date, documents: list[str]) -> Iterator[Act]:
    for name in documents:
        yield cmd.FileDocument(unit=unit.code, actor=Actor(unit=unit.code), on=day, document=name)


def _file_above(unit: Unit, day: date, documents: list[str]) -> Iterator[Act]:
    for name in documents:
        yield cmd.FileDocument(unit=unit.code, actor=_above(unit), on=day, document=name)


def _approve(unit: Unit, day: date, documents: list[str]) -> Iterator[Act]:
    for name in documents:
        yield cmd.ApproveDocument(unit=unit.code, actor=_above(unit), on=day, document=name, decision="01/QĐ")


def _return(unit: Unit, day: date, document: str) -> Iterator[Act]:
    reason: Words = "Biên bản thiếu chữ ký của thư ký."
    yield cmd.ReturnDocument(unit=unit.code, actor=_above(unit), on=day, document=document, reason=reason)


def _advance(unit: Unit, day: date, trigger: str) -> Iterator[Act]:
    yield cmd.Advance(unit=unit.code, actor=Actor(unit=unit.code), on=day, trigger=trigger)


def _advance_above(unit: Unit, day: date, trigger: str) -> Iterator[Act]:
    yield cmd.Advance(unit=unit.code, actor=_above(unit), on=day, trigger=trigger)


def _above(unit: Unit) -> Actor:
    return Actor(unit=unit.above or unit.code)


_ACTS: Final[dict[str, Callable[[Unit, date, Any], Iterator[Act]]]] = {
    "record": _record,
    "file": _file,
    "file_above": _file_above,
    "approve": _approve,
    "return": _return,
    "advance": _advance,
    "above": _advance_above,
    "recognise": lambda unit, day, _: _advance_above(unit, day, "recognise"),
}
