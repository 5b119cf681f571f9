"""The log, the commands and the definitions can be added to and nothing else, whoever writes."""

from __future__ import annotations

import sqlite3

import pytest

from store.migrate import upgrade
from tests.store.seasons import StoredSeason, fact

LOG = "season, seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash"
REST = "kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash FROM log WHERE seq = 20"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log SET kind = 'forged' WHERE seq = 20",
        "UPDATE log SET leaf = leaf",
        "DELETE FROM log WHERE seq = 20",
        "DELETE FROM log",
        f"INSERT OR REPLACE INTO log ({LOG}) SELECT season, seq, unit, version, 'forged', {REST}",
        f"REPLACE INTO log ({LOG}) SELECT season, 99, unit, version, 'forged', {REST}",
        f"INSERT OR REPLACE INTO log (rowid, {LOG}) SELECT rowid, season, 99, unit, 99, 'forged', {REST}",
        f"INSERT OR IGNORE INTO log ({LOG}) SELECT season, seq, unit, version, 'forged', {REST}",
        "UPDATE command SET receipt = '{}'",
        "UPDATE command SET id = 'forged'",
        "UPDATE command SET digest = x'00', salt = NULL",
        "DELETE FROM command",
        "INSERT OR REPLACE INTO command SELECT season, id, digest, salt, 1, 1, '{}' FROM command",
        "UPDATE definition SET content = x'00'",
        "UPDATE definition SET source = 'forged'",
        "DELETE FROM definition",
        "INSERT OR REPLACE INTO definition SELECT digest, kind, x'00', source FROM definition",
    ],
)
def test_nothing_that_was_accepted_can_be_changed_removed_or_replaced(season: StoredSeason, statement: str) -> None:
    season.desk.submit(fact("east", 150))
    store = season.desk._session.store
    before = [store.rows(f"SELECT * FROM {table}") for table in ("log", "command", "definition")]

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.raw.execute(statement)

    assert [store.rows(f"SELECT * FROM {table}") for table in ("log", "command", "definition")] == before


def test_the_salt_of_a_request_may_be_erased(season: StoredSeason) -> None:
    assert season.desk._session.store.run("UPDATE command SET salt = NULL") == 1


def test_the_triggers_stand_after_every_migration(season: StoredSeason) -> None:
    store = season.desk._session.store
    with store.transaction(write=True):
        upgrade(store.connection, store.dialect)

    assert store.dialect.missing_triggers(store.raw) == ()
