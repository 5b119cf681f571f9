"""The views on a server: who may ask them, and that none of them lies."""

from __future__ import annotations

import psycopg
import pytest

from store.desk import Desk
from store.dialects.postgresql_views import statements
from store.layout import STAMP
from store.views import NAMES
from tests.postgres import Server, database_of
from tests.store.asked import asked, views_of
from tests.store.eventful import eventful
from tests.store.seasons import Maker, reopened


@pytest.fixture
def address(postgresql: Server) -> str:
    return postgresql.new_database()


def signed_in(address: str, server: Server, rights: str) -> str:
    """The address for a new role with some rights."""
    name = f"{database_of(address)}_{rights[-6:].strip() or 'nobody'}"
    server.run(f"CREATE ROLE {name} LOGIN {rights}")
    return address.replace("postgres:@", f"{name}:@")


def test_clerks_and_auditors_of_postgresql_see_the_views_and_change_nothing_through_them(
    make: Maker, address: str, postgresql: Server
) -> None:
    expected = views_of(eventful(make()).desk)

    for role in ("reader", "writer"):
        with psycopg.connect(signed_in(address, postgresql, f"IN ROLE daihoi_{role}"), autocommit=True) as raw:
            raw.execute("SET search_path TO daihoi")
            assert {name: asked(raw, f"SELECT * FROM {name}") for name in NAMES} == expected
            for statement in ("UPDATE v_units SET state = 'x'", "DELETE FROM v_milestones"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    raw.execute(statement)


def test_a_view_of_postgresql_gives_nobody_what_its_tables_do_not(make: Maker, address: str, postgresql: Server) -> None:
    make()
    stranger = signed_in(address, postgresql, "")
    name = stranger.partition("://")[2].partition(":")[0]
    postgresql.run(f"GRANT USAGE ON SCHEMA daihoi TO {name}; GRANT SELECT ON daihoi.v_events TO {name}", database_of(address))

    with (
        psycopg.connect(stranger, autocommit=True) as raw,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="table log"),
    ):
        raw.execute("SELECT * FROM daihoi.v_events")


RAISING = "CREATE FUNCTION nothing() RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE ''no''; END'"


@pytest.mark.parametrize(
    "meddling",
    [
        "ALTER VIEW v_steps RESET (security_invoker)",
        "ALTER VIEW v_steps SET (security_barrier = true)",
        "DROP VIEW v_steps; CREATE MATERIALIZED VIEW v_steps AS SELECT * FROM v_events",
        "ALTER VIEW v_steps RENAME COLUMN trigger TO caused_by",
        f"{RAISING}; DROP VIEW v_steps; CREATE VIEW v_steps WITH (security_invoker = true) AS SELECT nothing() AS season",
    ],
)
def test_a_view_of_postgresql_that_was_meddled_with_is_named(
    make: Maker, address: str, postgresql: Server, meddling: str
) -> None:
    season = eventful(make())
    postgresql.run(f"SET search_path TO daihoi; {meddling}", database_of(address))

    assert [p.fields for p in season.desk.verify("fold").problems] == [{"view": "v_steps"}]


def test_a_reader_finds_the_view_that_lies_to_them(make: Maker, address: str, postgresql: Server) -> None:
    eventful(make()).desk.close()
    lie = statements()["v_waivers"].replace("CREATE", "CREATE OR REPLACE", 1)
    postgresql.run(f"{lie} AND false", database_of(address))

    with Desk.open(signed_in(address, postgresql, "IN ROLE daihoi_reader"), read_only=True) as desk:
        assert [p.fields for p in desk.verify("fold").problems] == [{"view": "v_waivers"}]


def test_a_view_that_a_reader_may_not_read_tells_them_nothing_and_is_no_problem_of_theirs(
    make: Maker, address: str, postgresql: Server
) -> None:
    make().desk.close()
    postgresql.run("REVOKE SELECT ON daihoi.v_waivers FROM daihoi_reader", database_of(address))

    with Desk.open(signed_in(address, postgresql, "IN ROLE daihoi_reader"), read_only=True) as desk:
        assert desk.verify("fold").ok


def test_an_auditor_who_may_only_read_finds_the_views_of_postgresql_as_they_were_made(
    make: Maker, address: str, postgresql: Server
) -> None:
    eventful(make()).desk.close()

    with Desk.open(signed_in(address, postgresql, "IN ROLE daihoi_reader"), read_only=True) as desk:
        assert desk.verify("full").ok


def test_a_view_of_somebodys_own_does_not_keep_a_new_version_out(make: Maker, address: str) -> None:
    desk = make().desk
    store = desk._session.store
    store.raw.execute("CREATE VIEW public.mine AS SELECT unit FROM daihoi.v_units")
    with store.transaction("whole"):
        store.dialect.set_stamp(store.raw, STAMP - 1)
    desk.close()

    with reopened(address) as again:
        assert len(views_of(again)["v_units"].rows) == len(again.codes())
