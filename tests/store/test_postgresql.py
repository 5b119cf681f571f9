"""What PostgreSQL alone can do to a clerk: roles, waiting, deadlocks, servers that stop, lines that break."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import attrs
import psycopg
import pytest

from engine.desk import Accepted
from store.definitions import Definition
from store.desk import Desk
from store.dialects import dialect_for
from store.errors import (
    ConnectionLost,
    Locked,
    NewerSchema,
    NoRight,
    NoStore,
    NotConnected,
    NotOurs,
    ReadOnlyPlace,
    SeasonExists,
    UnknownStore,
)
from store.layout import SCHEMA, STAMP
from tests import sample
from tests.postgres import Server, database_of
from tests.store.seasons import Maker, StoredSeason, fact, opened


@pytest.fixture
def address(postgresql: Server) -> str:
    return postgresql.new_database()


@pytest.fixture
def raw(address: str) -> Iterator[psycopg.Connection]:
    """Somebody else's connection to the same database."""
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SET search_path TO daihoi")
        yield other


def as_role(address: str, server: Server, role: str) -> str:
    """The address for somebody who signs in with one of the two roles and nothing else."""
    name = f"{role}_of_{database_of(address)}"
    server.run(f"CREATE ROLE {name} LOGIN IN ROLE daihoi_{role}")
    return address.replace("postgres:@", f"{name}:@")


# Addresses


def test_an_address_is_shown_without_user_and_password() -> None:
    dialect = dialect_for("postgresql://anna:secret@db.example:5433/season?sslmode=require", wait=1.0)

    assert dialect.place == "postgresql://db.example:5433/season"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_an_address_may_be_written_as_sqlalchemy_or_libpq_writes_it(address: str, scheme: str) -> None:
    opened(address.replace("postgresql", scheme, 1)).desk.close()

    with Desk.open(address, read_only=True) as desk:
        assert desk.state_of("east") == "preparation"


@pytest.mark.parametrize(
    "broken", ["postgresql://u:secret@h/db?nonsense=1", "postgresql://u:secret@[h/db", "postgresql+psycopg2://u:secret@h/db"]
)
def test_an_address_nobody_can_read_is_refused_without_its_password(broken: str) -> None:
    with pytest.raises(UnknownStore) as error:
        Desk.open(broken)

    assert "secret" not in repr(error.value.fields())
    assert error.value.served == ("sqlite", "postgresql")


def test_a_server_that_does_not_answer_is_told_with_its_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(NotConnected) as error:
        Desk.open(f"postgresql:///season?host={tmp_path_factory.mktemp('nobody')}")

    assert error.value.exit_code == 5


def test_a_database_that_does_not_exist_is_told_in_the_servers_words(postgresql: Server) -> None:
    with pytest.raises(NotConnected) as error:
        Desk.open(postgresql.url("no_such_database"))

    assert "no_such_database" in error.value.detail


# What is there already


def test_an_empty_database_holds_no_store(address: str) -> None:
    with pytest.raises(NoStore):
        Desk.open(address)


def test_tables_of_another_program_are_let_be(address: str, postgresql: Server) -> None:
    postgresql.run("CREATE TABLE log (mine text); INSERT INTO log VALUES ('theirs')", database_of(address))

    opened(address).desk.close()

    assert postgresql.run("SELECT mine FROM public.log", database_of(address)) == [("theirs",)]


def test_a_schema_of_our_name_that_is_not_ours_is_let_be(address: str, postgresql: Server) -> None:
    postgresql.run("CREATE SCHEMA daihoi; CREATE TABLE daihoi.head (mine text)", database_of(address))

    for use in (lambda: Desk.open(address), lambda: opened(address)):
        with pytest.raises(NotOurs):
            use()


def test_a_newer_programs_store_is_refused(make: Maker, address: str, raw: psycopg.Connection) -> None:
    make().desk.close()
    raw.execute("UPDATE layout SET stamp = %s", ((SCHEMA + 1) * 1000,))

    with pytest.raises(NewerSchema):
        Desk.open(address)


def test_an_opening_that_fails_leaves_the_database_as_it_was(address: str, postgresql: Server) -> None:
    with pytest.raises(ValueError, match="procedures"):
        Desk.create(address, sample.opening(), ())

    assert postgresql.run("SELECT count(*) FROM pg_namespace WHERE nspname = 'daihoi'", database_of(address)) == [(0,)]


def test_of_two_who_open_one_season_at_once_one_is_told(address: str) -> None:
    said: list[object] = []
    together = threading.Barrier(2)

    def open_it() -> None:
        together.wait()
        try:
            said.append(opened(address))
        except SeasonExists as error:
            said.append(error)

    clerks = [threading.Thread(target=open_it) for _ in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    assert sorted(type(one).__name__ for one in said) == ["SeasonExists", "StoredSeason"]
    for one in said:
        if isinstance(one, StoredSeason):
            assert one.desk.verify().ok
            one.desk.close()


# Roles


def test_a_writer_appends_and_can_take_nothing_back(make: Maker, address: str, postgresql: Server) -> None:
    make().desk.close()
    with Desk.open(as_role(address, postgresql, "writer")) as desk:
        desk.submit(fact("east", 150))
        assert desk.verify("full").ok
        raw = desk._session.store.raw
        for statement in (
            "DELETE FROM log",
            "UPDATE log SET kind = 'x'",
            "TRUNCATE log",
            "DROP TRIGGER log_no_update ON log",
            "ALTER TABLE log DISABLE TRIGGER ALL",
            "DROP TABLE log",
            "UPDATE command SET receipt = ''",
            "DELETE FROM sealed",
            "SET session_replication_role TO replica",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement)
        raw.execute("UPDATE sealed SET salt = NULL, text = NULL")
        assert desk.verify("full").ok


def test_a_reader_sees_everything_and_writes_nothing(make: Maker, address: str, postgresql: Server) -> None:
    make().submitted("east")
    reader = as_role(address, postgresql, "reader")

    with Desk.open(reader, read_only=True) as desk:
        assert desk.status_of("east").state == "document_approval"
        assert desk.verify("full").ok
    with Desk.open(reader) as desk, pytest.raises(NoRight):
        desk.submit(fact("east", 150))


def test_reading_only_is_reading_only_in_the_database(make: Maker, address: str) -> None:
    make().desk.close()
    with Desk.open(address, read_only=True) as desk:
        with pytest.raises(ReadOnlyPlace):
            desk.submit(fact("east", 150))
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            desk._session.store.raw.execute("CREATE TABLE mine (x int)")


def test_a_reader_of_another_versions_tables_folds_the_log_beside_them(
    make: Maker, address: str, raw: psycopg.Connection, postgresql: Server
) -> None:
    make().submitted("east")
    raw.execute("UPDATE layout SET stamp = %s", (STAMP + 1,))
    raw.execute("UPDATE unit_case SET state = 'nonsense'")

    with Desk.open(as_role(address, postgresql, "reader"), read_only=True) as desk:
        assert desk.status_of("east").state == "document_approval"
        assert "projections_outdated" in {note.code for note in desk.notes()}
    with Desk.open(address) as desk:
        assert desk.status_of("east").state == "document_approval"
    with Desk.open(as_role(address, postgresql, "writer")) as desk:
        desk.submit(fact("east", 150))  # the rights went with the tables, and came again


@pytest.mark.parametrize(
    "question", [Desk.today, Desk.plans, Desk.levels, lambda desk: desk.version_of("east"), lambda desk: desk.board]
)
def test_whatever_a_reader_of_another_versions_tables_asks_first_is_answered(
    make: Maker, address: str, raw: psycopg.Connection, postgresql: Server, question: Callable[[Desk], object]
) -> None:
    make().submitted("east")
    with Desk.open(address, read_only=True) as desk:
        expected = question(desk)
    raw.execute("UPDATE layout SET stamp = %s", (STAMP + 1,))

    with Desk.open(as_role(address, postgresql, "reader"), read_only=True) as desk:
        assert question(desk) == expected
        assert desk.status_of("east").state == "document_approval"


def test_only_the_owner_makes_the_tables_anew(make: Maker, address: str, raw: psycopg.Connection, postgresql: Server) -> None:
    make().desk.close()
    raw.execute("UPDATE layout SET stamp = %s", (STAMP + 1,))

    with pytest.raises(NoRight):
        Desk.open(as_role(address, postgresql, "writer"))


# Durability


def durability(desk: Desk) -> str:
    row = desk._session.store.row("SHOW synchronous_commit")
    assert row is not None
    return str(row[0])


def test_a_commit_is_on_the_disk_before_it_is_answered_although_the_server_would_not_wait(make: Maker, address: str) -> None:
    with psycopg.connect(address) as plain:
        row = plain.execute("SHOW synchronous_commit").fetchone()
    assert row == ("off",)

    season = make()
    assert durability(season.desk) == "on"
    season.desk._session.store.afresh()
    assert durability(season.desk) == "on"
    season.desk.submit(fact("east", 150))


@pytest.mark.parametrize("level", ["local", "remote_write", "on", "remote_apply"])
def test_whoever_waits_for_the_disk_or_for_more_than_that_goes_on_to(address: str, postgresql: Server, level: str) -> None:
    postgresql.run(f"ALTER DATABASE {database_of(address)} SET synchronous_commit TO {level}")

    season = opened(address)
    assert durability(season.desk) == level
    season.desk.close()


# Waiting


def test_whoever_waits_too_long_for_another_writer_is_told(make: Maker, address: str, raw: psycopg.Connection) -> None:
    make().desk.close()
    with raw.transaction():
        raw.execute("SELECT 1 FROM head FOR UPDATE")
        with Desk.open(address, wait=0.2) as desk, pytest.raises(Locked) as error:
            desk.submit(fact("east", 150))

    assert error.value.seconds == 0.2


def test_a_reader_waits_for_nobody(make: Maker, address: str, raw: psycopg.Connection) -> None:
    make().desk.close()
    with raw.transaction():
        raw.execute("SELECT 1 FROM head FOR UPDATE")
        with Desk.open(address, read_only=True, wait=0.2) as desk:
            assert desk.status_of("east").state == "preparation"


def test_writers_of_two_seasons_do_not_wait_for_each_other(make: Maker, address: str, raw: psycopg.Connection) -> None:
    make().desk.close()
    other = opened(address, opening=sample.opening(season="sample-2026"))
    with raw.transaction():
        raw.execute("SELECT 1 FROM head WHERE season = 'sample-2021' FOR UPDATE")
        other.desk.submit(fact("east", 150))
    other.desk.close()


def test_a_transaction_that_a_deadlock_ended_is_done_again(make: Maker, address: str, raw: psycopg.Connection) -> None:
    season = make()
    season.desk.close()
    definition = Definition.of_workflow(attrs.evolve(sample.CONGRESS, version="2"))
    raw.execute("SET deadlock_timeout TO '30s'")  # so that the clerk is the one who gives way
    raw.execute("BEGIN")
    raw.execute("INSERT INTO definition (digest, kind, content) VALUES (%s, 'workflow', '')", (definition.digest,))

    def cross() -> None:
        """Wait for the clerk who waits for us."""
        raw.execute("SELECT 1 FROM head FOR UPDATE")
        raw.execute("ROLLBACK")

    with Desk.open(address) as desk:
        request = desk.prepare(fact("east", 150), definitions=(definition,))
        crossing = threading.Timer(0.3, cross)
        crossing.start()
        accepted = desk.commit((request,))
        crossing.join()

        assert recorded(desk, accepted)
        assert desk.verify("full").ok


def test_a_transaction_that_could_not_be_ordered_is_done_again(make: Maker, address: str, raw: psycopg.Connection) -> None:
    season = make()
    gave_up = GivesUp(season.desk._session.store.dialect, times=2)
    season.desk._session.store.dialect = gave_up  # type: ignore[assignment]

    accepted = [season.desk.submit(fact("east", 150))]

    assert gave_up.times == 0
    assert recorded(season.desk, accepted)


def test_one_that_never_can_is_given_up_in_the_end(make: Maker, address: str) -> None:
    season = make()
    season.desk._session.store.dialect = GivesUp(season.desk._session.store.dialect, times=99)  # type: ignore[assignment]

    with pytest.raises(Locked):
        season.desk.submit(fact("east", 150))


class GivesUp:
    """A server that finds some transactions impossible to order, as one does that was set to SERIALIZABLE."""

    def __init__(self, dialect: object, times: int) -> None:
        self._dialect = dialect
        self.times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._dialect, name)

    def begin(self, raw: psycopg.Connection, scope: str) -> None:
        self._dialect.begin(raw, scope)  # type: ignore[attr-defined]
        if scope == "write" and self.times:
            self.times -= 1
            raw.execute("DO $$ BEGIN RAISE EXCEPTION 'could not serialize' USING ERRCODE = 'serialization_failure'; END $$")


# Servers that stop


def test_a_desk_left_alone_outlives_its_connection(make: Maker, postgresql: Server) -> None:
    season = make()
    for present in (150, 151):
        drop_connections(postgresql)
        season.desk.submit(fact("east", present))
        drop_connections(postgresql)
        assert season.desk.status_of("east").version == season.desk.version_of("east")


def test_a_connection_that_breaks_within_a_transaction_records_nothing(make: Maker, postgresql: Server) -> None:
    season = make()
    size = season.size()

    with pytest.raises(ConnectionLost):
        broken_off(season, postgresql)

    assert season.size() == size
    season.desk.submit(fact("east", 150))
    assert season.desk.verify("full").ok


def broken_off(season: StoredSeason, server: Server) -> None:
    with season.desk._session.store.transaction("write"):
        season.desk._session.head(to_write=True)
        drop_connections(server)
        season.desk._session.head()


def drop_connections(server: Server) -> None:
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'daihoi'")


def recorded(desk: Desk, accepted: list[Accepted]) -> bool:
    receipt = accepted[0].receipt
    assert receipt is not None
    return desk.event(receipt.last_seq).command == receipt.command_id


# A server of its own kind


def test_units_are_named_in_the_order_of_the_log_whatever_the_servers_language(make: Maker) -> None:
    """A collation of Vietnamese or English would put `a-2` before `a1`, and other codes into the evidence than SQLite."""
    season = make()

    collations = season.desk._session.store.rows(
        "SELECT DISTINCT collation_name FROM information_schema.columns"
        " WHERE table_schema = 'daihoi' AND data_type = 'text' AND table_name NOT IN ('alembic_version')"
    )

    assert collations == [("C",)]


def test_the_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from reports.catalogue import LANGUAGES, words
    from reports.errors import tell
    from store.errors import PackageMissing

    monkeypatch.delitem(sys.modules, "store.dialects.postgresql")
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(PackageMissing) as error:
        Desk.open("postgresql://host/season")
    assert error.value.package == "psycopg"
    for language in LANGUAGES:
        assert 'pip install "daihoi[postgres]"' in tell(error.value, words(language)).hint
