"""Every unit's course from end to end: what was recorded, in which state the unit was then, and whether it still stands.

For exports. Units come one after the other, in the order they joined, and each is let go before the next: what is in memory at one time
is one unit's events, however long the log. Events stand in the order in which they took place (day, then place in the log).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Final, NamedTuple

import attrs

from engine import events as ev
from engine.case import Case
from engine.desk import Progress
from engine.events import Recorded
from engine.evolve import NoSuchCase, evolve, replaces
from engine.unit import SEASON, Unit
from engine.workflow import Workflow
from engine.world import PlanInForce
from store.clock import local_day
from store.errors import Corrupt
from store.head import Head
from store.log import events_of
from store.questions.find import below, unknown_unit
from store.session import Session
from store.world import SqlWorld


@attrs.frozen(kw_only=True)
class Happening:
    """One event. `source`, `state`, `attempt`: where its unit stood before and after it, on its day, as is known now (None: the season's).

    A step that was annulled and its annulment have what they say themselves, and everything after them goes on from before. `stands`: it
    was not corrected, withdrawn or annulled, and is no annulment. `late`: days from its day to its record.
    """

    recorded: Recorded
    source: str | None
    state: str | None
    attempt: int | None
    stands: bool
    late: int


@attrs.frozen(kw_only=True)
class Course:
    """All that was recorded of one unit, or of the season itself (then `case` and `workflow` are None). `case`: how it ended."""

    code: str
    case: Case | None
    workflow: Workflow | None
    happenings: tuple[Happening, ...]


class Courses:
    """The courses of a season at one position, or of the units at and below one. To be gone through once, inside `reading_courses`."""

    def __init__(self, session: Session, world: SqlWorld, head: Head, under: str | None) -> None:
        self._session = session
        self._world = world
        self._head = head
        self.under = under

    @property
    def size(self) -> int:
        """How many events the log has at this position."""
        return self._head.size

    @property
    def root(self) -> str:
        return self._head.frontier().root().hex()

    @property
    def plans(self) -> tuple[PlanInForce, ...]:
        return tuple(self._world.plans())

    def unit(self, code: str) -> Unit | None:
        """What is fixed about a unit, be it among these or not; None for an outside superior."""
        return self._world.unit(code)

    @cached_property
    def workflows(self) -> tuple[Workflow, ...]:
        """Every procedure that a level followed at some time, in the order of their adoption."""
        adopted = (r.event for r in self._events(SEASON) if isinstance(r.event, ev.WorkflowAdopted))
        return tuple(self._session.memory.workflow(digest) for digest in dict.fromkeys(event.digest for event in adopted))

    def all(self, hear: Progress) -> Iterator[Course]:
        """The season's own course first, unless it is of some units only; then the units'. `hear`: how many events, of how many."""
        units = self._units()
        total = self.size if self.under is None else sum(version for _, version in units)
        done = 0
        for code in (*((SEASON,) if self.under is None else ()), *(code for code, _ in units)):
            course = self._course(code)
            yield course
            done += len(course.happenings)
            hear(done, total)

    def _units(self) -> list[tuple[str, int]]:
        if self.under is None:
            statement, values = below(self._session.season, None, "code, version")
        else:
            statement, values = below(self._session.season, self.under, "code, version")
            statement, values = f"{statement} OR season = ? AND code = ?", (*values, self._session.season, self.under)
        return [(code, version) for code, version in self._session.store.rows(f"{statement} ORDER BY ordinal", values)]

    def _course(self, code: str) -> Course:
        events = self._events(code)
        case: Case | None = None
        fallen: set[int] = set()
        for recorded in events if code != SEASON else ():
            fallen.update(_taken_back(case, recorded))
            case = self._after(case, recorded)
        return Course(
            code=code,
            case=case,
            workflow=None if case is None else self._session.memory.workflow(case.workflow),
            happenings=tuple(self._happenings(events, fallen)),
        )

    def _events(self, code: str) -> list[Recorded]:
        return events_of(self._session.store, self._session.season, code, self.size)

    def _after(self, case: Case | None, recorded: Recorded) -> Case:
        try:
            return evolve(case, recorded)
        except NoSuchCase as error:
            raise Corrupt(place=self._session.store.dialect.place, detail=f"event {recorded.seq}: {error}") from error

    def _happenings(self, events: Iterable[Recorded], fallen: Container[int]) -> Iterator[Happening]:
        zone = self._session.charter(self._head).zone
        ordered = sorted(events, key=lambda recorded: (recorded.on, recorded.seq))
        now = next((_Stage(None, r.event.state, 1) for r in ordered if isinstance(r.event, ev.UnitEnrolled)), _NONE)
        for recorded in ordered:
            stands = recorded.seq not in fallen
            then = _stage(recorded.event, now)
            now = then if stands else now
            yield Happening(
                recorded=recorded,
                source=then.source,
                state=then.state,
                attempt=then.attempt,
                stands=stands,
                late=(local_day(recorded.at, zone) - recorded.on).days,
            )


class _Stage(NamedTuple):
    """Where a unit stands, and stood before."""

    source: str | None
    state: str | None
    attempt: int | None


_NONE: Final = _Stage(None, None, None)


def _stage(event: ev.AnyEvent, now: _Stage) -> _Stage:
    """What an event says of this; one that moved nothing may have been recorded in another state than its day's."""
    if isinstance(event, ev.Advanced | ev.Annulled) and (event.source != event.target or event.attempt != now.attempt):
        return _Stage(event.source, event.target, event.attempt)
    return now if isinstance(event, ev.UnitEnrolled) else now._replace(source=now.state)


def _taken_back(before: Case | None, recorded: Recorded) -> tuple[int, ...]:
    """The events whose word an event takes back. An annulment goes with what it annuls; a milestone revoked by a step had been reached."""
    if isinstance(recorded.event, ev.Advanced):
        return ()
    fallen = replaces(before, recorded)
    return (*fallen, recorded.seq) if isinstance(recorded.event, ev.Annulled) else fallen


@contextmanager
def reading_courses(session: Session, under: str | None) -> Iterator[Courses]:
    """The courses, in one transaction that reads: all of them are of one position of the log. Raises UnknownUnit."""
    with session.reading() as world:
        if under is not None and world.unit(under) is None:
            raise unknown_unit(session, under)
        yield Courses(session, world, session.head(), under)
