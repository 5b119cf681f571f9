"""Whether a value holds what its class declares: nothing that only compares equal to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from engine import events as ev
from engine.actors import Actor, Sealed
from engine.events import Recorded
from engine.plan import ScopedValue
from engine.shapes import fits

FACT = Recorded(
    seq=1,
    unit="east",
    version=1,
    command="c",
    on=date(2021, 3, 1),
    at="2021-03-01T00:00:00.000Z",
    actor=Actor(unit="east"),
    event=ev.FactRecorded(fact="summoned", value=150),
)


@pytest.mark.parametrize(
    "event",
    [
        ev.FactRecorded(fact="summoned", value=150, evidence="ab"),
        ev.FactRecorded(fact="elected", value=True),
        ev.FactRecorded(fact="elected_on", value=date(2021, 3, 1)),
        ev.Advanced(trigger="submit", source="a", target="b", awards=("held",), verdicts=({"guard": "g"},)),
        ev.DocumentApproved(document="report", number=1, changes=(Sealed("ab"),)),
        ev.RollSet(status="open"),
    ],
)
def test_an_event_as_it_is_decided_fits(event: ev.AnyEvent) -> None:
    assert fits(attrs.evolve(FACT, event=event, reason=Sealed("ab")))


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": True},
        {"version": 1.0},
        {"unit": 5},
        {"clock": 5},
        {"reason": Sealed(5)},  # type: ignore[arg-type]
        {"actor": Actor(unit="east", person=7)},  # type: ignore[arg-type]
        {"actor": "east"},
        {"event": ev.FactRecorded(fact="summoned", value=1.5)},  # type: ignore[arg-type]
        {"event": ev.DocumentFiled(document="report", number=True)},
        {"event": ev.Corrected(seq=1, what="fact_recorded", name="x", withdrawn=1)},  # type: ignore[arg-type]
        {"event": ev.RollSet(status="full")},  # type: ignore[arg-type]
        {"event": ev.Advanced(trigger="t", source="a", target="b", awards=["held"])},  # type: ignore[arg-type]
        {"event": ev.Advanced(trigger="t", source="a", target="b", awards=(1,))},  # type: ignore[arg-type]
        {"event": ScopedValue(name="x", value=1)},
    ],
)
def test_what_only_compares_equal_or_not_even_that_does_not_fit(changed: dict[str, Any]) -> None:
    assert not fits(attrs.evolve(FACT, **changed))
