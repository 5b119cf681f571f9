"""The views: what the leaves say, in SQL, the same on every database, and no word that is sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import codec, values
from engine import commands as cmd
from engine import events as ev
from engine.values import Value
from store.desk import Desk
from store.dialects import postgresql_views, sqlite_views
from store.layout import STAMP
from store.views import NAMES
from tests import sample
from tests.store.asked import asked, views_of
from tests.store.eventful import SECRETS, eventful, log
from tests.store.seasons import Maker, StoredSeason, fact, opened, reopened


def view(season: StoredSeason, name: str, *columns: str) -> list[Any]:
    """The rows of a view in the order of the log: some columns of each, or all by name."""
    rows = sorted(views_of(season.desk)[name].dicts(), key=lambda row: (row.get("seq", 0), row.get("place", 0)))
    return [tuple(row[c] for c in columns) for row in rows] if columns else rows


# What they say


def test_the_views_say_the_same_on_every_database(make: Maker, tmp_path: Path) -> None:
    here, file = eventful(make()), eventful(make(tmp_path / "beside.db"))

    said, expected = views_of(here.desk), views_of(file.desk)

    assert [name for name in NAMES if not expected[name].rows] == []
    for name in NAMES:
        assert said[name] == expected[name], name
        kinds = [[type(value) for value in row] for row in said[name].rows]
        assert kinds == [[type(value) for value in row] for row in expected[name].rows], name
        assert {kind for row in kinds for kind in row} <= {int, str, type(None)}


def test_an_event_stands_in_its_view_as_it_was_recorded(season: StoredSeason) -> None:
    eventful(season)
    named = views_of(season.desk)["v_events"].columns
    rows = view(season, "v_events")

    assert named[:8] == ("season", "seq", "unit", "version", "command", "kind", "effective_on", "recorded_at")
    for row, line in zip(rows, season.desk.history(), strict=True):
        recorded = line.recorded
        assert (row["seq"], row["unit"], row["version"]) == (recorded.seq, recorded.unit, recorded.version)
        assert (row["command"], row["kind"]) == (recorded.command, recorded.event.kind)
        assert (row["effective_on"], row["recorded_at"]) == (recorded.on.isoformat(), recorded.at)
        assert (row["actor_unit"], row["person"]) == (recorded.actor.unit, recorded.actor.person)
        assert row["reason"] == (recorded.reason and recorded.reason.digest)
        assert (row["workflow"], row["clock"], row["leaf_hash"]) == (recorded.workflow, recorded.clock, line.leaf_hash)
        assert row["days_late_utc"] == (date.fromisoformat(recorded.at[:10]) - recorded.on).days
        assert codec.parse(row["leaf"].encode())["payload"] == line.payload


def test_a_step_is_a_state_change_or_its_annulment(season: StoredSeason) -> None:
    eventful(season)
    last, annulment = view(season, "v_steps", "seq", "kind", "trigger", "source", "target", "attempt", "annuls")[-2:]

    assert last[1:] == ("advanced", "approve", "document_approval", "election", 1, None)
    assert annulment[1:] == ("annulled", None, "election", "document_approval", 1, last[0])
    steps = [(r.seq, r.event.trigger, r.event.target) for r in log(season, ev.Advanced) if isinstance(r.event, ev.Advanced)]
    assert [row for row in view(season, "v_steps", "seq", "trigger", "target") if row[1]] == steps


def test_every_verdict_of_every_step_has_its_row_and_every_value_that_it_read_its_own(season: StoredSeason) -> None:
    eventful(season)
    verdicts, readings = [], []
    for recorded in log(season, ev.Advanced):
        assert isinstance(recorded.event, ev.Advanced)
        for verdict in recorded.event.verdicts:
            verdicts.append((recorded.seq, verdict["guard"], verdict["severity"], verdict["result"]))
            for read in verdict.get("reads", ()):
                value = values.from_json(read["value"]) if "value" in read else None
                readings.append(
                    (
                        recorded.seq,
                        verdict["guard"],
                        read["name"],
                        read.get("unit"),
                        *typed(value),
                        read.get("seq"),
                        read.get("plan"),
                    )
                )

    assert view(season, "v_verdicts", "seq", "guard", "severity", "result") == verdicts
    named = ("seq", "guard", "name", "of_unit", "value", "value_type", "value_number", "said_by", "plan")
    assert sorted(view(season, "v_readings", *named), key=repr) == sorted(readings, key=repr)
    assert ("in-time", "on", "date") in {(guard, name, kind) for _, guard, name, _, _, kind, *_ in readings}


def typed(value: Value | None) -> tuple[str | None, str | None, int | None]:
    """A value as its three columns say it."""
    if value is None:
        return None, None, None
    kind = values.type_of(value)
    written = str(value).lower() if kind == "bool" else str(value)
    return written, kind, value if isinstance(value, int) and kind == "int" else None


def test_a_count_is_read_with_how_many_there_were(season: StoredSeason) -> None:
    for pilot in ("east", "west"):
        season.held(pilot)
    season.do(cmd.Advance, "city", "2021-04-12", trigger="draw_lessons")

    counts = [row for row in view(season, "v_readings") if row["name"] == "pilots.reached.held"]
    assert [(c["of_unit"], c["milestone"], c["value_number"], c["reached"], c["total"]) for c in counts] == [
        ("city", "held", 2, 2, 2)
    ]


def test_facts_are_told_with_their_kind_and_corrections_with_what_they_replace(season: StoredSeason) -> None:
    eventful(season)
    facts = [r for r in log(season, ev.FactRecorded) if isinstance(r.event, ev.FactRecorded)]
    corrections = [r for r in log(season, ev.Corrected) if isinstance(r.event, ev.Corrected)]

    columns = ("seq", "fact", "value", "value_type", "value_number", "evidence")
    expected = [(r.seq, r.event.fact, *typed(r.event.value), r.event.evidence) for r in facts]  # type: ignore[union-attr]
    assert view(season, "v_facts", *columns) == expected
    assert {row[3] for row in expected} == {"bool", "int", "string", "date"}
    replaced = ("corrects", "what", "name", "withdrawn", "value", "value_type", "value_number", "reason")
    assert view(season, "v_corrections", *replaced) == [
        (corrections[0].event.seq, "fact_recorded", "delegates_present", 0, "139", "int", 139, corrections[0].reason.digest),  # type: ignore[union-attr]
        (corrections[1].event.seq, "fact_recorded", "theme", 1, None, None, None, corrections[1].reason.digest),  # type: ignore[union-attr]
    ]


def test_documents_waivers_and_plans_are_told_as_they_were_recorded(season: StoredSeason) -> None:
    eventful(season)

    columns = ("kind", "document", "document_version", "digest", "decision", "open_items", "actor_unit")
    assert [row for row in view(season, "v_documents", "unit", *columns) if row[0] == "west"] == [
        ("west", "document_filed", "political_report", 1, None, None, 0, "west"),
        ("west", "document_returned", "political_report", 1, None, None, 0, "city"),
        ("west", "document_filed", "political_report", 2, "cd" * 32, None, 0, "west"),
        ("west", "document_approved", "political_report", 2, None, "7/QĐ", 1, "city"),
    ]
    assert view(season, "v_waivers", "unit", "guard", "until", "actor_unit") == [("north", "in-time", "2021-12-31", "city")]
    assert view(season, "v_plans", "plan", "issuer", "number", "type", "year", "dated") == [
        ("plan-1", "city", "1", "KH-BTV", 2020, "2020-09-30"),
        ("plan-east", "city", "9", "KH-BTV", 2021, None),
    ]
    values_of = (
        "plan",
        "place",
        "name",
        "value",
        "value_type",
        "firm",
        "for_level",
        "for_block",
        "for_under",
        "for_pilot",
        "source",
    )
    assert view(season, "v_plan_values", *values_of)[-3:] == [
        ("plan-1", 6, "least_delegates", "100", "int", 0, None, None, None, None, ""),
        ("plan-east", 1, "least_delegates", "90", "int", 1, "district", None, "east", 1, "III.2"),
        ("plan-east", 2, "no_pilots", "false", "bool", 0, None, "rural", None, 0, ""),
    ]


def test_units_milestones_and_commands_are_those_of_the_tables_beside_the_log(season: StoredSeason) -> None:
    eventful(season)

    units = {row["unit"]: row for row in view(season, "v_units")}
    assert sorted(units) == sorted(season.desk.codes())
    assert sorted(units, key=lambda code: units[code]["joined_seq"]) == [unit.code for unit in sample.UNITS]
    for code in units:
        status = season.desk.status_of(code)
        assert (units[code]["state"], units[code]["version"]) == (status.state, status.version)
    assert (units["east"]["held_on"], units["east"]["pilot_of"], units["east"]["roll"]) == ("2021-04-10", "city", "untracked")
    assert view(season, "v_milestones", "unit", "milestone", "reached_on", "revoked_on") == [
        ("east", "documents_approved", "2021-03-20", None),
        ("east", "held", "2021-04-10", None),
    ]
    (opened,) = view(season, "v_seasons")
    assert (opened["origin"], opened["board"], opened["timezone"]) == ("live", "city", "Asia/Ho_Chi_Minh")
    assert opened["events"] == season.size()
    receipt = season.desk.submit(fact("south", 90)).receipt
    assert receipt is not None
    commands = {row["command"]: row for row in view(season, "v_commands")}
    mine = commands[receipt.command_id]
    assert (mine["first_seq"], mine["last_seq"], mine["size"]) == (receipt.first_seq, receipt.last_seq, receipt.size)
    assert (mine["root"], mine["leaf_hash"], mine["state"]) == (receipt.root, receipt.leaf_hash, "preparation")


def test_nothing_that_is_sealed_comes_out_through_a_view(season: StoredSeason) -> None:
    eventful(season)
    raw = season.desk._session.store.raw
    kept = " ".join(str(row) for table in ("sealed", "person") for row in raw.execute(f"SELECT text FROM {table}").fetchall())
    shown = " ".join(str(table.rows) for table in views_of(season.desk).values())

    assert [secret for secret in SECRETS if secret not in kept] == []
    assert [secret for secret in SECRETS if secret in shown] == []


def test_a_season_without_events_of_a_kind_has_an_empty_view(season: StoredSeason) -> None:
    assert views_of(season.desk)["v_waivers"].rows == ()
    assert season.desk.verify("fold").ok


def test_two_seasons_in_one_store_stand_beside_each_other(make: Maker, address: str) -> None:
    if address == "sqlite://":
        pytest.skip("what is in memory holds one season")
    first = eventful(make())
    alone = views_of(first.desk)
    second = make(opening=sample.opening(season="sample-2026"))

    assert views_of(first.desk) == alone
    assert [row["season"] for row in view(second, "v_seasons")] == ["sample-2026"]
    assert view(second, "v_facts") == []


# Without the program


def test_plain_sqlite_reads_them_from_a_file_that_nobody_may_write(stored: StoredSeason, path: Path) -> None:
    eventful(stored)
    expected = views_of(stored.desk)
    stored.desk.close()
    path.chmod(0o444)

    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
        raw.execute("PRAGMA query_only = ON")
        for name in NAMES:
            assert asked(raw, f"SELECT * FROM {name}") == expected[name]


@pytest.mark.parametrize(
    "statement", ["INSERT INTO v_units (unit) VALUES ('x')", "UPDATE v_units SET state = 'x'", "DELETE FROM v_milestones"]
)
def test_nobody_writes_through_a_view(stored: StoredSeason, statement: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="view"):
        stored.desk._session.store.raw.execute(statement)


# Whoever lies through a view is found

LIES: dict[str, tuple[str, Callable[[str], str]]] = {
    "leaves events out": ("v_events", lambda was: f"{was} WHERE seq <> 20"),
    "tells another name": (
        "v_facts",
        lambda was: was.replace("'$.payload.fact'", "'$.unit'").replace("{payload,fact}", "{unit}"),
    ),
    "swaps its columns": (
        "v_steps",
        lambda was: was.replace(" AS source", " AS x").replace(" AS target", " AS source").replace(" AS x", " AS target"),
    ),
    "reads another table": ("v_milestones", lambda was: was.replace("stood.day", "stood.milestone")),
    "says nothing": ("v_waivers", lambda was: f"{was} AND 1 = 0"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_view_that_was_replaced_is_named_by_verify(season: StoredSeason, lie: str) -> None:
    eventful(season)
    name, forge = LIES[lie]
    raw = season.desk._session.store.raw
    was = made(raw, name)
    raw.execute(f"DROP VIEW {name}")
    raw.execute(forged := forge(was))

    assert forged != was
    answer = season.desk.verify("fold")
    assert [(p.problem, p.fields) for p in answer.problems] == [("view", {"view": name})]
    assert season.desk.verify("full").problems == answer.problems
    assert season.desk.verify("hashes").ok


def made(raw: Any, name: str) -> str:
    """The statement that makes a view."""
    made = sqlite_views.statements() if isinstance(raw, sqlite3.Connection) else postgresql_views.statements()
    return made[name]


@pytest.mark.parametrize(
    "meddling",
    [
        "DROP VIEW v_steps",
        "DROP VIEW v_steps; CREATE TABLE v_steps AS SELECT * FROM log",
        "DROP VIEW v_steps; CREATE VIEW v_steps AS SELECT 1 AS season",
    ],
)
def test_a_view_that_is_gone_or_is_something_else_is_named(season: StoredSeason, meddling: str) -> None:
    for statement in meddling.split("; "):
        season.desk._session.store.raw.execute(statement)

    assert [p.fields for p in season.desk.verify("fold").problems] == [{"view": "v_steps"}]


# Layouts


OTHERS = (STAMP - 1, STAMP + 1, STAMP - 1000)
"""Another version's layout of the projections, or of the log's side."""


@pytest.fixture
def left(address: str) -> Callable[[int], str]:
    """Leaves a store as another version of the program would have: with views of its own."""
    if address == "sqlite://":
        pytest.skip("what is in memory has no other version")

    def leave(stamp: int) -> str:
        desk = eventful(opened(address)).desk
        store = desk._session.store
        with store.transaction("whole"):
            store.dialect.drop_views(store.raw)
            store.raw.execute("CREATE VIEW v_of_another_version AS SELECT code FROM unit_case")
            store.dialect.set_stamp(store.raw, stamp)
        desk.close()
        return address

    return leave


@pytest.mark.parametrize("stamp", OTHERS)
def test_a_store_of_another_version_gets_its_views_from_the_next_writer(left: Callable[[int], str], stamp: int) -> None:
    beside = eventful(opened())
    expected = views_of(beside.desk)
    beside.desk.close()

    with reopened(left(stamp)) as desk:
        assert views_of(desk) == expected
        assert desk.verify("full").ok
        with pytest.raises(desk._session.store.dialect.driver_error):
            desk._session.store.raw.execute("SELECT * FROM v_of_another_version")


def test_whoever_only_reads_a_store_of_another_version_makes_no_view_and_misses_none(left: Callable[[int], str]) -> None:
    with reopened(left(STAMP - 1), read_only=True) as desk:
        assert desk.verify("full").ok
        with pytest.raises(desk._session.store.dialect.driver_error):
            desk._session.store.raw.execute("SELECT * FROM v_events")


def test_views_that_were_changed_are_made_anew_with_the_tables(stored: StoredSeason, path: Path) -> None:
    raw = stored.desk._session.store.raw
    raw.execute("DROP VIEW v_events")
    raw.execute("CREATE VIEW v_events AS SELECT 1 AS season")
    raw.execute("PRAGMA user_version = 1000")  # as docs/sql-views.md says
    stored.desk.close()

    with reopened(path) as desk:
        assert desk.verify("full").ok
        assert len(views_of(desk)["v_events"].rows) == stored_events(desk)


def stored_events(desk: Desk) -> int:
    return sum(1 for _ in desk.history())
