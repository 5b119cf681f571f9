"""Command lines that somebody half knows how to type: an answer, or one message and an exit code, and the log as it was."""

from __future__ import annotations

import pytest

from tests.fuzz.arguments import LEAVES
from tests.fuzz.batches import SEED, tried
from tests.trials import Trial

PARTS = 2


@pytest.mark.slow
@pytest.mark.trial("fuzz-lines")
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_command_line_gets_an_answer_or_one_message_and_records_only_what_it_says(part: int, trial: Trial) -> None:
    each = trial.size // PARTS
    found = tried("lines", part * each, each)

    assert not found.wrong, found.told("lines", SEED)
    assert found.seen["recorded"] > each // 40
    assert found.seen["exit 0"] > each // 10
    assert min(found.seen[f"exit {code}"] for code in (2, 4, 5, 7)) > 0
    refused = sum(number for name, number in found.seen.items() if name.startswith("exit ")) - found.seen["exit 0"]
    trial.report(each, len(found.wrong), recorded=found.seen["recorded"], refused=refused, processes=found.seen["processes"])


def test_every_command_is_among_those_that_are_tried() -> None:
    assert {("advance",), ("plan", "issue"), ("document", "approve"), ("scenario", "run")} <= {leaf.path for leaf in LEAVES}
    assert all(leaf.writes for leaf in LEAVES if leaf.path[0] in ("record", "advance", "correct", "init"))
