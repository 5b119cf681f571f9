"""Files that are wrong somewhere: each is accepted and then of use, or refused in words, within a second of CPU and 200 MB.

FUZZ_SEED gives other inputs; what goes wrong names the command that tries it again.
"""

from __future__ import annotations

import pytest

from tests.fuzz.batches import SEED, tried
from tests.trials import Trial

PARTS = 2


@pytest.mark.slow
@pytest.mark.trial("fuzz-files")
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_file_is_accepted_and_of_use_or_refused_in_words(part: int, trial: Trial) -> None:
    each = trial.size // PARTS
    found = tried("files", part * each, each)

    assert not found.wrong, found.told("files", SEED)
    assert found.seen["accepted"] > each // 10
    assert found.seen["refused"] > each // 4
    assert found.seen["opened"] > each // 20
    trial.report(each, len(found.wrong), **{name: found.seen[name] for name in ("accepted", "refused", "opened", "played")})
