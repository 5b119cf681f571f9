"""What has to be seen at a line of the history: that it came late, that the clock had gone back, what it puts right, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo

from engine import events as ev
from engine.answers import Mark
from engine.events import Recorded
from engine.leaf import read_leaf
from engine.unit import SEASON
from store.clock import read
from store.connection import in_batches
from store.head import Head
from store.session import Session


def marks_of(recorded: Recorded, late: int, zone: tzinfo) -> tuple[Mark, ...]:
    """What an event says of itself. `late`: the days between the day and its recording."""
    return tuple(_marks_of(recorded, late, zone))


def _marks_of(recorded: Recorded, late: int, zone: tzinfo) -> Iterator[Mark]:
    event = recorded.event
    if late > 0:
        yield Mark(code="late", fields={"days": late})
    if recorded.clock is not None:
        said = read(recorded.clock).astimezone(zone)
        yield Mark(code="clock_back", fields={"clock": recorded.clock, "day": said.date(), "time": f"{said:%H:%M}"})
    if isinstance(event, ev.Corrected):
        yield Mark(code="withdraws" if event.withdrawn else "corrects", fields={"seq": event.seq})
    elif isinstance(event, ev.Annulled):
        yield Mark(code="annuls", fields={"seq": event.seq})
    elif isinstance(event, ev.GuardWaived):
        yield Mark(code="waives", fields={"guard": event.guard, "until": event.until})
    elif isinstance(event, ev.Advanced):
        for guard in (verdict["guard"] for verdict in event.verdicts if verdict["result"] == "waived"):
            yield Mark(code="waived", fields={"guard": guard})


def fallen_since(session: Session, head: Head, events: Sequence[Recorded]) -> Mapping[int, tuple[Mark, ...]]:
    """By position, what later events made of some: corrected, withdrawn, annulled, or the milestone taken back."""
    fallen = session.world(head).replaced([e.seq for e in events if e.unit != SEASON])
    marks: dict[int, list[Mark]] = {seq: [] for seq in fallen}
    units = sorted({e.unit for e in events if e.seq in fallen})
    for later in _putting_right(session, units):
        event = later.event
        if not isinstance(event, (ev.Corrected, ev.Annulled)) or event.seq not in fallen:
            continue
        withdrawn = isinstance(event, ev.Corrected) and event.withdrawn
        code = "annulled_by" if isinstance(event, ev.Annulled) else "withdrawn_by" if withdrawn else "corrected_by"
        marks[event.seq].append(Mark(code=code, fields={"seq": later.seq}))
    # a correction may be corrected by another one, which names the first record; a milestone, by a step back
    return {seq: tuple(found) or (Mark(code="superseded"),) for seq, found in marks.items()}


def _putting_right(session: Session, units: Sequence[str]) -> Iterable[Recorded]:
    """The corrections and annulments of some units, in the order of the log."""
    found = []
    for marks, some in in_batches(units):
        statement = f"SELECT leaf FROM log WHERE season = ? AND unit IN ({marks}) AND kind IN ('corrected', 'annulled')"
        found += [read_leaf(leaf)[1] for (leaf,) in session.store.rows(statement, (session.season, *some))]
    return sorted(found, key=lambda recorded: recorded.seq)
