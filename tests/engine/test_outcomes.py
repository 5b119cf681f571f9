"""The verdict that an event keeps is the one that is explained: only the words' material is left out."""

from __future__ import annotations

import attrs
from hypothesis import given
from hypothesis import strategies as st

from engine.evidence import evidence
from tests.engine.histories import CODES, seasons
from tests.sample import CONGRESS
from tests.simulator import Simulator


@given(seasons(), st.sampled_from(CODES), st.sampled_from(CONGRESS.triggers))
def test_an_outcome_is_the_verdict_without_what_words_are_made_of(season: Simulator, unit: str, trigger: str) -> None:
    view = season.view(unit)
    brief, full = view.outcomes(trigger), view.verdicts(trigger)

    assert [evidence(v) for v in brief] == [evidence(v) for v in full]
    assert brief == tuple(attrs.evolve(v, because=(), todo=()) for v in full)
