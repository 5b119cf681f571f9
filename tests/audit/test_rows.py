"""Rows changed behind the season's back: found by whoever kept a receipt or a checkpoint, and told where it begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.databases import File, Served, keep_copy
from tests.audit.tampered import STORE, write_played
from tests.audit.vandals import Vandals
from tests.postgres import Server
from tests.trials import Trial

SEED = "a row"
PARTS = 2
SERVED = 10
"""One change in so many is made on PostgreSQL too."""


@pytest.mark.slow
@pytest.mark.trial("rows")
@pytest.mark.timeout(14_400)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_row_that_was_changed_in_a_file_is_found_and_where_the_log_begins_to_be_another_one(
    part: int, tmp_path: Path, trial: Trial
) -> None:
    older: list[Path] = []
    path = tmp_path / STORE
    write_played(tmp_path, after=lambda: older.append(keep_copy(path, tmp_path / f"older-{len(older)}.db"))).desk.close()
    vandals = Vandals(tmp_path, File(path, tmp_path, older), SEED)

    tell(vandals, range(part, trial.size, PARTS), trial)


@pytest.mark.slow
@pytest.mark.trial("rows")
@pytest.mark.timeout(14_400)
def test_a_row_that_was_changed_on_a_server_is_found_and_where_the_log_begins_to_be_another_one(
    postgresql: Server, tmp_path: Path, trial: Trial
) -> None:
    address = postgresql.new_database()
    write_played(tmp_path, address).desk.close()
    database = Served(postgresql, address)
    try:
        tell(Vandals(tmp_path, database, f"{SEED} of a server"), range(0, trial.size, SERVED), trial)
    finally:
        database.close()


def tell(vandals: Vandals, numbers: range, trial: Trial) -> None:
    for number in numbers:
        vandals.one(number)
    assert not vandals.wrong, f"{len(vandals.wrong)} of {len(numbers)}:\n" + "\n".join(vandals.wrong[:10])
    assert vandals.seen["found"] > len(numbers) * 0.9
    trial.report(len(numbers), len(vandals.wrong), **vandals.seen)
