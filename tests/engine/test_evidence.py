"""Verdicts in the log and back."""

from __future__ import annotations

from datetime import date

import pytest

from engine.evidence import evidence, readings
from engine.readings import Calendar, Path, Reading, Tally
from engine.verdicts import Verdict

TALLY = Tally(roll="children", owner="north", milestone="held", total=3, reached=1, first=date(2021, 4, 1), still_open=("a", "b"))


@pytest.mark.parametrize(
    ("path", "reading"),
    [
        (("fact", "present"), Reading(value=300, unit="north", seq=12)),
        (("fact", "agreed"), Reading(value=False, unit="north", seq=3)),
        (("on",), Reading(value=date(2021, 4, 28))),
        (("plan", "theme"), Reading(value="unity", unit="city", seq=2, plan="plan-1")),
        (("fact", "summoned"), Reading(value=None, unit="north")),
        (("children", "reached", "held"), Reading(value=1, unit="north", tally=TALLY)),
        (("unit", "tag", "cycle.2021"), Reading(value=True, unit="north")),
        (("calendar",), Reading(value=Calendar(days_off=frozenset({date(2021, 4, 30)})), unit="city", seq=2)),
    ],
)
def test_what_a_guard_read_is_read_back_from_the_log(path: Path, reading: Reading) -> None:
    verdict = Verdict(guard="quorum", result="met", severity="must", readings=((path, reading),))

    assert readings(evidence(verdict)) == {path: reading}
