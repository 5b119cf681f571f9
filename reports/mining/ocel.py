"""OCEL 2.0: the events, the objects they are about, and how these changed. In which form they are written is the file's to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from engine.desk import Progress
from reports.catalogue import Words
from reports.mining import objects
from reports.mining.entries import PARTICULARS, Entries, Entry
from reports.mining.exported import Counted
from reports.mining.objects import Link, Thing
from store.questions.courses import Course, Courses

Types = Mapping[str, Mapping[str, str]]
"""What may be said of events or objects of each type, and of which of OCEL's types it is."""

_OF_EVERY_EVENT: Final[Mapping[str, str]] = {
    "seq": "integer",
    "version": "integer",
    "on": "string",
    "recorded_at": "time",
    "late": "integer",
    "activity_name": "string",
    "kind": "string",
    "stands": "boolean",
    "actor": "string",
    "person": "string",
    "state_before": "string",
    "state": "string",
    "state_name": "string",
    "attempt": "integer",
}
_PARTICULARS: Final[Mapping[str, str]] = {"number": "integer", "about": "integer"}


class OcelFile(Protocol):
    """A file in one of OCEL's forms, being written."""

    def event(self, entry: Entry, attributes: Mapping[str, str], links: Sequence[Link]) -> None:
        """An event. `attributes`: what may be said of it, and of which type."""
        ...

    def thing(self, thing: Thing, attributes: Mapping[str, str]) -> None:
        """An object."""
        ...

    def end(self) -> None:
        """All have been said."""
        ...


def event_id(seq: int) -> str:
    return f"e{seq}"


def write_ocel(courses: Courses, file: OcelFile, words: Words, hear: Progress) -> Counted:
    """Every event, every object that one of them or another object points to."""
    log = _Log(courses, file, words)
    for course in courses.all(hear):
        log.take(course)
    log.complete()
    file.end()
    return Counted(events=log.events, units=log.units, objects=len(log.there), relations=log.relations)


class _Log:
    """What was written so far, and what was pointed to."""

    def __init__(self, courses: Courses, file: OcelFile, words: Words) -> None:
        self._courses = courses
        self._file = file
        self._entries = Entries(words)
        self._types = objects.types(courses.workflows)
        self._plans = {objects.plan_id(found.issued.plan): found for found in courses.plans}
        self._pointed_to: dict[str, None] = {}
        self.there: set[str] = set()
        self.events = self.units = self.relations = 0

    def take(self, course: Course) -> None:
        """A course: its events, and the objects that are its own."""
        for entry, happening in zip(self._entries.of(course), course.happenings, strict=True):
            links = objects.concerned(happening.recorded)
            self._file.event(entry, _ATTRIBUTES[entry.kind], links)
            self._point(links)
            self.events += 1
        for thing in self._own(course):
            self._add(thing)

    def _own(self, course: Course) -> Iterator[Thing]:
        if course.case is None:
            yield from map(objects.plan, self._plans.values())
        else:
            self.units += 1
            yield objects.unit_of(course, course.case, self._types[objects.UNIT])
            yield from objects.documents_of(course, course.case)

    def complete(self) -> None:
        """Whoever and whatever was pointed to and is none of these: outside superiors, or what lies above a part of the tree."""
        while missing := [name for name in self._pointed_to if name not in self.there]:
            self._pointed_to.clear()
            for name in missing:
                self._add(self._from_outside(name))

    def _from_outside(self, name: str) -> Thing:
        kind, _, code = name.partition(":")
        if kind == objects.PLAN:
            return objects.plan(self._plans[name])
        if kind == objects.DOCUMENT:
            return objects.document(*code.split("/", 1))
        found = self._courses.unit(code)
        return objects.superior(code) if found is None else objects.unit(found)

    def _add(self, thing: Thing) -> None:
        self.there.add(thing.id)
        self._file.thing(thing, self._types[thing.type])
        self._point(thing.links)

    def _point(self, links: Sequence[Link]) -> None:
        self.relations += len(links)
        self._pointed_to.update((name, None) for name, _ in links if name not in self.there)


_ATTRIBUTES: Final[Types] = {
    kind: {**_OF_EVERY_EVENT, **{name: _PARTICULARS.get(name, "string") for name in names}} for kind, names in PARTICULARS.items()
}
