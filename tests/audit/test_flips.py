"""Every byte of a season's file: whoever turns one is found out, or has touched nothing that was accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.flips import Flips, places
from tests.audit.tampered import write_small
from tests.trials import Trial

SEED = "a byte"
PARTS = 2
PROCESSES = 4
"""In each part, so many are verified by a process of its own."""

ASKED = 10
"""Where nothing is found, one in so many is asked what people ask."""


@pytest.mark.slow
@pytest.mark.trial("flips")
@pytest.mark.timeout(14_400)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_byte_that_was_turned_is_found_or_touches_nothing_that_was_accepted(part: int, tmp_path: Path, trial: Trial) -> None:
    write_small(tmp_path).desk.close()
    flips = Flips(tmp_path, SEED)
    tried = places(flips.size, trial.size, SEED)[part::PARTS]
    processes = {len(tried) * i // PROCESSES for i in range(PROCESSES)}

    for number, place in enumerate(tried):
        flips.one(place, process=number in processes, ask=number % ASKED == 0)

    assert not flips.wrong, f"{len(flips.wrong)} of {len(tried)}:\n" + "\n".join(flips.wrong[:10])
    assert flips.seen["found"] > len(tried) // 10
    assert flips.seen["the_same"] > len(tried) // 10
    trial.report(len(tried), len(flips.wrong), **flips.seen)


@pytest.mark.parametrize(("size", "number"), [(100, 10), (100, 100), (7, 1_000)])
def test_as_many_bytes_are_tried_as_a_run_has_time_for_and_in_a_soak_all(size: int, number: int) -> None:
    tried = places(size, number, SEED)

    assert len(set(tried)) == len(tried) == min(size, number)
    assert 0 <= min(tried) <= max(tried) < size
