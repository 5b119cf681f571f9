"""The log, the commands and the definitions can be added to and nothing else, whoever writes."""

from __future__ import annotations

import pytest

from store.desk import Desk
from store.errors import TriggersMissing
from store.migrate import upgrade
from tests import postgres
from tests.postgres import database_of
from tests.store.seasons import Maker, StoredSeason, fact

LOG = "season, seq, unit, version, command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash"
REST = "kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash FROM log WHERE seq = 20"


EVERYWHERE = (
    "UPDATE log SET kind = 'forged' WHERE seq = 20",
    "UPDATE log SET leaf = leaf",
    "DELETE FROM log WHERE seq = 20",
    "DELETE FROM log",
    "UPDATE command SET receipt = '{}'",
    "UPDATE command SET id = 'forged'",
    "UPDATE command SET digest = leaf_hash, salt = NULL FROM log WHERE seq = 20",
    "DELETE FROM command",
    "UPDATE definition SET content = leaf_hash FROM log WHERE seq = 20",
    "UPDATE definition SET source = 'forged'",
    "DELETE FROM definition",
)
SQLITE = (
    f"INSERT OR REPLACE INTO log ({LOG}) SELECT season, seq, unit, version, 'forged', {REST}",
    f"REPLACE INTO log ({LOG}) SELECT season, 99, unit, version, 'forged', {REST}",
    f"INSERT OR REPLACE INTO log (rowid, {LOG}) SELECT rowid, season, 99, unit, 99, 'forged', {REST}",
    f"INSERT OR IGNORE INTO log ({LOG}) SELECT season, seq, unit, version, 'forged', {REST}",
    "INSERT OR REPLACE INTO command SELECT season, id, digest, salt, 1, 1, '{}' FROM command",
    "INSERT OR REPLACE INTO definition SELECT digest, kind, x'00', source FROM definition",
)
REPLICA = "SET session_replication_role TO replica"
POSTGRESQL = (
    f"INSERT INTO log ({LOG}) SELECT season, seq, unit, version, 'forged', {REST} ON CONFLICT (season, seq) DO UPDATE SET kind = 'forged'",
    "TRUNCATE log",
    "TRUNCATE command",
    "TRUNCATE definition",
    "MERGE INTO log USING head ON log.season = head.season WHEN MATCHED THEN DELETE",
    f"{REPLICA}; DELETE FROM log",
    f"{REPLICA}; TRUNCATE log CASCADE",
)


@pytest.mark.parametrize("statement", EVERYWHERE)
def test_nothing_that_was_accepted_can_be_changed_or_removed(season: StoredSeason, statement: str) -> None:
    refuses(season, statement)


@pytest.mark.parametrize("statement", SQLITE)
def test_nothing_that_was_accepted_can_be_replaced_in_sqlite(stored: StoredSeason, statement: str) -> None:
    refuses(stored, statement)


@pytest.mark.parametrize("statement", POSTGRESQL)
def test_nothing_that_was_accepted_can_be_replaced_or_truncated_in_postgresql(
    make: Maker, postgresql: postgres.Server, statement: str
) -> None:
    refuses(make(postgresql.new_database()), statement)


def refuses(season: StoredSeason, statement: str) -> None:
    season.desk.submit(fact("east", 150))
    store = season.desk._session.store
    before = [store.rows(f"SELECT * FROM {table}") for table in ("log", "command", "definition")]

    with pytest.raises(store.dialect.driver_error, match="append-only"):
        store.raw.execute(statement)

    assert [store.rows(f"SELECT * FROM {table}") for table in ("log", "command", "definition")] == before


@pytest.mark.parametrize(
    "meddling",
    [
        "DROP TRIGGER log_no_update ON log",
        "ALTER TABLE log DISABLE TRIGGER log_no_update",
        "ALTER TABLE log ENABLE TRIGGER log_no_update",
        "CREATE OR REPLACE TRIGGER log_no_update BEFORE DELETE ON log FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE TRIGGER log_no_update BEFORE UPDATE ON log FOR EACH ROW WHEN (false) EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE TRIGGER log_no_update BEFORE UPDATE OF kind ON log FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
    ],
)
def test_a_trigger_of_postgresql_that_was_weakened_is_missed(make: Maker, postgresql: postgres.Server, meddling: str) -> None:
    address = postgresql.new_database()
    make(address).desk.close()
    postgresql.run(f"SET search_path TO daihoi; {meddling}", database_of(address))

    with pytest.raises(TriggersMissing) as error:
        Desk.open(address)
    assert "log_no_update" in error.value.triggers
    with Desk.open(address, read_only=True) as desk:
        assert "triggers_missing" in {note.code for note in desk.notes()}


def test_the_salt_of_a_request_may_be_erased(season: StoredSeason) -> None:
    assert season.desk._session.store.run("UPDATE command SET salt = NULL") == 1


def test_the_triggers_stand_after_every_migration(season: StoredSeason) -> None:
    store = season.desk._session.store
    with store.transaction("write"):
        upgrade(store.connection, store.dialect)

    assert store.dialect.missing_triggers(store.raw) == ()
