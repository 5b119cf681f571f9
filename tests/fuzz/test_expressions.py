"""Guard expressions that somebody half knows how to write: each is one that can be judged and explained, or problems with their columns."""

from __future__ import annotations

import pytest

from tests.fuzz.batches import SEED, tried
from tests.trials import Trial

PARTS = 2


@pytest.mark.slow
@pytest.mark.trial("fuzz-expressions")
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_an_expression_can_be_explained_or_has_problems_inside_its_text(part: int, trial: Trial) -> None:
    each = trial.size // PARTS
    found = tried("expressions", part * each, each)

    assert not found.wrong, found.told("expressions", SEED)
    assert found.seen["accepted"] > each // 10
    assert found.seen["refused"] > each // 4
    assert min(found.seen[result] for result in ("met", "unmet", "unknown", "error")) > 0
    trial.report(each, len(found.wrong), **{name: found.seen[name] for name in ("accepted", "refused")})
