"""What leaves a season for other programs: all events and nothing sealed, alike in every form, and the file is whole or not there."""

from __future__ import annotations

import csv
import gc
import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.leaf import EVENTS
from engine.refusals import UnknownUnit
from reports.catalogue import words
from reports.mining.entries import COLUMNS, PARTICULARS
from reports.mining.exported import Exported
from reports.mining.exporting import export
from reports.mining.instants import taken_place
from store.audit.errors import FileFailed
from store.desk import Desk
from store.questions.courses import Happening
from tests import sample
from tests.house.test_documents import coded
from tests.house.transcript import ROOT
from tests.mining.hostile import DECISION, NAMES, PERSON, SEALED, UNITS, hostile
from tests.store.conftest import address, make
from tests.store.seasons import Maker, StoredSeason, fact, opened

__all__ = ["address", "make"]

FORMS = ("csv", "xes", "json", "sqlite")
OPENED = date(2020, 10, 1)


def write(desk: Desk, form: str, file: Path, *, under: str | None = None, over: bool = False, language: Any = "vi") -> Exported:
    return export(desk, form, str(file), words(language), lambda done, total: None, under=under, over=over)


@pytest.fixture
def season(make: Maker) -> StoredSeason:
    return hostile(make(opening=sample.opening(units=UNITS)))


@pytest.fixture
def local(tmp_path: Path) -> Iterator[StoredSeason]:
    """The same in a file, for what does not depend on the store."""
    made = hostile(opened(tmp_path / "local.db", opening=sample.opening(units=UNITS)))
    yield made
    made.desk.close()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def xes_events(file: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """Each event with its trace: its attributes, as (kind, value)."""
    for trace in ET.parse(file).getroot().iterfind("{*}trace"):
        name = next(a.get("value") for a in trace if a.get("key") == "concept:name")
        for event in trace.iterfind("{*}event"):
            yield str(name), {str(a.get("key")): (a.tag.partition("}")[2], str(a.get("value"))) for a in event}


# What is in them


def test_every_form_has_every_event_once_in_every_store(season: StoredSeason, out: Path) -> None:
    written = {form: write(season.desk, form, out / form) for form in FORMS}
    log = {line.recorded.seq: line.recorded for line in season.desk.history()}
    of_units = {seq for seq, recorded in log.items() if recorded.unit != "season"}

    assert sorted(int(row["seq"]) for row in rows(out / "csv")) == sorted(log)
    assert sorted(int(event["seq"][1]) for _, event in xes_events(out / "xes")) == sorted(of_units)
    assert sorted(event["id"] for event in json.loads((out / "json").read_text("utf-8"))["events"]) == sorted(
        f"e{seq}" for seq in log
    )
    with sqlite3.connect(out / "sqlite") as tables:
        assert {name for (name,) in tables.execute("SELECT ocel_id FROM event")} == {f"e{seq}" for seq in log}
    assert {form: done.counted.events for form, done in written.items()} == {
        "csv": len(log), "xes": len(of_units), "json": len(log), "sqlite": len(log)
    }  # fmt: skip
    assert {done.size for done in written.values()} == {len(log)}
    assert {done.counted.units for done in written.values()} == {len(UNITS) + 1}


@pytest.mark.parametrize("form", ["csv", "xes", "json"])
def test_every_store_gives_the_same_bytes(season: StoredSeason, local: StoredSeason, out: Path, form: str) -> None:
    write(season.desk, form, out / "one")
    write(local.desk, form, out / "other")

    assert (out / "one").read_bytes() == (out / "other").read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_nothing_sealed_and_nobody_leaves(local: StoredSeason, out: Path, form: str) -> None:
    write(local.desk, form, out / "file")
    raw = (out / "file").read_bytes()
    person = next(line.recorded.actor.person for line in local.desk.history() if line.recorded.actor.person)

    for text in (*SEALED, PERSON, DECISION):
        assert text.encode() not in raw
        assert json.dumps(text)[1:-1].encode() not in raw
    assert person.encode() in raw
    assert NAMES["east"].encode() in raw


def test_events_of_a_unit_stand_in_the_order_of_their_days_and_then_of_the_log(local: StoredSeason, out: Path) -> None:
    write(local.desk, "csv", out / "file")
    by_unit: dict[str, list[tuple[str, int]]] = {}
    for row in rows(out / "file"):
        by_unit.setdefault(row["unit"], []).append((row["time"], int(row["seq"])))

    for events in by_unit.values():
        assert [time for time, _ in events] == sorted({time for time, _ in events})
        assert [time for time, _ in events] == [taken_place(date.fromisoformat(time[:10]), seq) for time, seq in events]
    assert list(by_unit) == ["season", *local.desk.codes()[:-1], "north-2", "late-comer"]


def test_a_time_stays_on_its_day_however_long_the_log_is() -> None:
    day = date(2021, 4, 30)
    times = [taken_place(day, seq) for seq in (0, 1, 999, 1000, 60_000, 3_600_000, 43_199_999, 99_999_999)]

    assert times == sorted(times)
    assert times[0] == "2021-04-30T12:00:00.000Z"
    assert times[5] == "2021-04-30T13:00:00.000Z"
    assert times[6] == times[7] == "2021-04-30T23:59:59.999Z"


def test_what_was_taken_back_is_there_and_does_not_stand(local: StoredSeason, out: Path) -> None:
    write(local.desk, "csv", out / "file")
    found = rows(out / "file")
    annulment = next(row for row in found if row["kind"] == "annulled")
    corrections = [row for row in found if row["kind"] == "corrected"]

    fallen = {row["seq"] for row in found if row["stands"] == "false"}

    assert fallen == {annulment["seq"], annulment["about"], *(row["about"] for row in corrections)}
    assert (annulment["state_before"], annulment["state"]) == ("pilot_review", "document_approval")
    assert [(row["subject"], row["value"]) for row in corrections] == [("delegates_summoned", "150"), ("theme", "")]


def test_a_late_record_stands_in_the_state_of_its_day(local: StoredSeason, out: Path) -> None:
    write(local.desk, "csv", out / "file")

    late = next(row for row in rows(out / "file") if row["subject"] == "opened_on")

    assert (late["on"], late["state"], late["late"]) == ("2021-03-04", "preparation", "55")


def test_a_second_attempt_counts_anew(local: StoredSeason, out: Path) -> None:
    write(local.desk, "csv", out / "file")

    held = [row for row in rows(out / "file") if row["unit"] == "west" and row["activity"] in ("hold", "refuse_recognition")]

    assert [(row["activity"], row["attempt"], row["awards"], row["revokes"], row["clears"]) for row in held] == [
        ("hold", "1", "held", "", ""),
        ("refuse_recognition", "2", "", "held", "delegates_present"),
        ("hold", "2", "held", "", ""),
    ]


def test_names_are_in_the_language_asked_for_and_ids_are_not(local: StoredSeason, out: Path) -> None:
    for language in ("vi", "en"):
        write(local.desk, "csv", out / language, language=language)
    one, other = rows(out / "vi"), rows(out / "en")

    assert [row["activity"] for row in one] == [row["activity"] for row in other]
    assert {row["activity_name"] for row in one if row["activity"] == "submit"} == {"submit (vi)"}
    assert {row["activity_name"] for row in other if row["activity"] == "submit"} == {"submit"}
    assert {row["activity_name"] for row in one if row["kind"] == "annulled"} == {"hủy bước chuyển"}
    assert {row["state_name"] for row in other if row["state"] == "pilot_review"} == {"pilot review"}


def test_of_every_kind_of_event_it_is_settled_what_is_said() -> None:
    assert set(PARTICULARS) == set(EVENTS)


# CSV


def test_no_cell_of_the_table_is_a_formula_and_each_can_be_read_back(local: StoredSeason, out: Path) -> None:
    write(local.desk, "csv", out / "file")
    found = rows(out / "file")

    assert {row["unit_name"] for row in found if row["unit"] == "city"} == {"'" + NAMES["city"]}
    assert not [text for row in found for text in row.values() if text.startswith(("=", "+", "@", "\t", "\r"))]
    for row in found:
        if row["unit"] in NAMES:
            assert row["unit_name"] in (NAMES[row["unit"]], "'" + NAMES[row["unit"]])
    assert {row["value"] for row in found if row["subject"] == "delegates_summoned"} == {"150", "-5"}
    assert {row["value"] for row in found if row["subject"] == "sub_committees"} == {"true"}
    assert list(found[0]) == list(COLUMNS)


# XES


def test_the_parts_of_xes_stand_in_their_order_and_hold_what_they_promise(local: StoredSeason, out: Path) -> None:
    write(local.desk, "xes", out / "file")
    root = ET.parse(out / "file").getroot()
    parts = [child.tag.partition("}")[2] for child in root]
    order = ["extension", "global", "classifier", "string", "trace"]

    assert [part for part, before in zip(parts, [None, *parts], strict=False) if part != before] == order
    declared = {str(a.get("key")): a.tag.partition("}")[2] for a in root.iterfind("{*}global[@scope='event']/*")}
    kinds: dict[str, set[str]] = {}
    for _, event in xes_events(out / "file"):
        assert set(declared) <= set(event)
        for key, (kind, _) in event.items():
            kinds.setdefault(key, set()).add(kind)
    assert {key: {kind} for key, kind in declared.items()}.items() <= kinds.items()
    assert {key: found for key, found in kinds.items() if len(found) > 1} == {}
    for classifier in root.iterfind("{*}classifier"):
        assert set(str(classifier.get("keys")).split()) <= set(declared)
    prefixes = {extension.get("prefix") for extension in root.iterfind("{*}extension")}
    assert {key.partition(":")[0] for key in kinds if ":" in key} == prefixes


def test_names_with_markup_come_back_as_they_are_and_what_xml_cannot_carry_is_replaced(local: StoredSeason, out: Path) -> None:
    write(local.desk, "xes", out / "file")
    traces = ET.parse(out / "file").getroot().iterfind("{*}trace")

    attributes = [{a.get("key"): a.get("value") for a in trace.iterfind("{*}string")} for trace in traces]

    names = {found["concept:name"]: found["unit_name"] for found in attributes if found["concept:name"] in NAMES}
    assert names == NAMES | {"south": NAMES["south"].replace("\ufffe", "\ufffd")}


# OCEL


def test_both_forms_of_ocel_say_the_same(local: StoredSeason, out: Path) -> None:
    write(local.desk, "json", out / "json")
    write(local.desk, "sqlite", out / "sqlite")
    text = json.loads((out / "json").read_text("utf-8"))
    with sqlite3.connect(out / "sqlite") as tables:
        tables.row_factory = sqlite3.Row
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []
        assert of_events(tables) == {e["id"]: (e["type"], e["time"], _pairs(e["attributes"])) for e in text["events"]}
        assert of_objects(tables) == {
            o["id"]: (o["type"], sorted((a["time"], a["name"], a["value"]) for a in o["attributes"])) for o in text["objects"]
        }
        for table, found in (("event_object", text["events"]), ("object_object", text["objects"])):
            linked = [(one["id"], link["objectId"], link["qualifier"]) for one in found for link in one["relationships"]]
            assert sorted(map(tuple, tables.execute(f"SELECT * FROM {table}"))) == sorted(linked)
            assert len(linked) == len(set(linked)) > 0


def of_events(tables: sqlite3.Connection) -> dict[str, Any]:
    found = {}
    for kind, short in tables.execute("SELECT ocel_type, ocel_type_map FROM event_map_type").fetchall():
        for row in tables.execute(f'SELECT * FROM "event_{short}"'):
            said = {name: _text(row, name) for name in _columns(row) if row[name] is not None}
            found[row["ocel_id"]] = (kind, row["ocel_time"], said)
    return found


def of_objects(tables: sqlite3.Connection) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, short in tables.execute("SELECT ocel_type, ocel_type_map FROM object_map_type").fetchall():
        for row in tables.execute(f'SELECT * FROM "object_{short}"'):
            said = found.setdefault(row["ocel_id"], (kind, []))[1]
            names = [n for n in _columns(row) if row[n] is not None]
            changed = row["ocel_changed_field"]
            said.extend((row["ocel_time"], name, _text(row, name)) for name in ([changed] if changed else names))
    return {name: (kind, sorted(said)) for name, (kind, said) in found.items()}


def _columns(row: sqlite3.Row) -> list[str]:
    return [name for name in row.keys() if not name.startswith("ocel_")]  # noqa: SIM118 - a row is no dictionary


BOOLEANS = {"stands", "pilot", "member", "postponed", "fact_sub_committees"}


def _text(row: sqlite3.Row, name: str) -> str:
    """What a column says, as JSON has it."""
    value = row[name]
    if name in BOOLEANS and value is not None:
        return "true" if int(value) else "false"
    return "" if value is None else str(value)


def _pairs(attributes: list[dict[str, str]]) -> dict[str, str]:
    return {a["name"]: a["value"] for a in attributes}


def test_the_state_of_an_object_on_a_day_is_what_a_look_back_to_that_day_says(local: StoredSeason, out: Path) -> None:
    write(local.desk, "json", out / "file")
    units = {o["id"]: o for o in json.loads((out / "file").read_text("utf-8"))["objects"] if o["type"] == "unit"}
    compared = 0
    for day in (OPENED + timedelta(days=n) for n in range(0, 210, 3)):
        for name, said in units.items():
            unit = name.removeprefix("unit:")
            there, state, attempt = (_on(said, attribute, day) for attribute in ("member", "state", "attempt"))
            if there != "true":
                continue
            answer = local.desk.status_of(unit, at=day)
            assert (state, int(attempt or 0)) == (answer.state, answer.attempt), (unit, day)
            compared += 1
    assert compared > 400


def _on(said: dict[str, Any], name: str, day: date) -> str | None:
    """The value of an attribute at the end of a day."""
    values = [(a["time"], a["value"]) for a in said["attributes"] if a["name"] == name and a["time"][:10] <= day.isoformat()]
    return max(values)[1] if values else None


def test_papers_plans_and_people_above_are_objects_with_what_they_are_to_each_other(local: StoredSeason, out: Path) -> None:
    write(local.desk, "json", out / "file")
    objects = {o["id"]: o for o in json.loads((out / "file").read_text("utf-8"))["objects"]}

    def links(name: str) -> set[tuple[str, str]]:
        return {(link["objectId"], link["qualifier"]) for link in objects[name]["relationships"]}

    assert links("unit:west") == {("unit:city", "parent"), ("unit:city", "designated_by")}
    assert links("unit:city") == {("unit:union", "superior")}
    assert links("document:north/political_report") == {("unit:north", "unit")}
    assert links("plan:plan-1") == {("unit:city", "issuer")}
    assert objects["unit:union"]["type"] == "superior"
    report = objects["document:north/political_report"]["attributes"]
    assert [a["value"] for a in report if a["name"] == "status"] == ["filed", "returned", "filed", "approved_with_changes"]
    assert [a["value"] for a in report if a["name"] == "open_items"] == ["1"]
    cleared = [a["value"] for a in objects["unit:west"]["attributes"] if a["name"] == "fact_delegates_present"]
    assert cleared == ["140", "", "120"]
    summoned = [
        (a["time"][:10], a["value"]) for a in objects["unit:north"]["attributes"] if a["name"] == "fact_delegates_summoned"
    ]
    assert summoned == [("2021-03-02", "150")]


def test_a_step_is_about_the_papers_and_plans_that_it_rested_on(local: StoredSeason, out: Path) -> None:
    write(local.desk, "json", out / "file")
    events = json.loads((out / "file").read_text("utf-8"))["events"]

    steps = {
        (event["type"], link["objectId"])
        for event in events
        for link in event["relationships"]
        if link["qualifier"] == "read"
    }  # fmt: skip

    assert ("submit", "document:north/political_report") in steps
    assert ("hold", "plan:plan-1") in steps
    assert {kind for kind, _ in steps} <= {"submit", "approve", "convene", "hold", "recognise", "draw_lessons", "close_review"}


# Part of the tree


def test_of_a_part_of_the_tree_only_its_events_leave_and_whatever_they_point_to_is_there(local: StoredSeason, out: Path) -> None:
    for form in FORMS:
        write(local.desk, form, out / form, under="north")
    below = {"north", "north-1", "north-2"}
    text = json.loads((out / "json").read_text("utf-8"))

    assert {row["unit"] for row in rows(out / "csv")} == {name for name, _ in xes_events(out / "xes")} == below
    assert {e["relationships"][0]["objectId"] for e in text["events"]} == {f"unit:{unit}" for unit in below}
    there = {o["id"] for o in text["objects"]}
    assert {link["objectId"] for one in (*text["events"], *text["objects"]) for link in one["relationships"]} <= there
    assert {"unit:city", "unit:union"} <= there
    assert not any(a["name"] == "state" for o in text["objects"] if o["id"] == "unit:city" for a in o["attributes"])
    with sqlite3.connect(out / "sqlite") as tables:
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_unit_that_nobody_knows_leaves_no_file(local: StoredSeason, out: Path) -> None:
    with pytest.raises(UnknownUnit):
        write(local.desk, "csv", out / "file", under="nowhere")

    assert list(out.iterdir()) == []


# The file


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(local: StoredSeason, out: Path, form: str) -> None:
    (out / "file").write_text("mine", "utf-8")

    with pytest.raises(FileFailed) as refused:
        write(local.desk, form, out / "file")
    assert (refused.value.why, (out / "file").read_text("utf-8")) == ("exists", "mine")

    write(local.desk, form, out / "file", over=True)
    assert (out / "file").stat().st_size > 1000
    assert [path.name for path in out.iterdir()] == ["file"]


def test_a_season_is_never_written_over(local: StoredSeason, tmp_path: Path, out: Path) -> None:
    (out / "link").symlink_to(tmp_path / "local.db")

    for name in (tmp_path / "local.db", out / ".." / "local.db", out / "link", tmp_path / "local.db-wal"):
        with pytest.raises(FileFailed) as refused:
            write(local.desk, "csv", name, over=True)
        assert refused.value.why == "own"
    assert local.desk.verify("fold").ok


@pytest.mark.parametrize("form", FORMS)
def test_what_breaks_in_the_middle_leaves_nothing(
    local: StoredSeason, out: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(local.desk, form, str(out / "file"), words("vi"), interrupted, under=None, over=False)
    assert list(out.iterdir()) == []

    monkeypatch.setattr("store.audit.files._settle", _full)
    (out / "file").write_text("mine", "utf-8")
    with pytest.raises(FileFailed) as failed:
        write(local.desk, form, out / "file", over=True)
    assert (failed.value.why, failed.value.file) == ("write", str(out / "file"))
    assert [(path.name, path.read_text("utf-8")) for path in out.iterdir()] == [("file", "mine")]


def _full(path: Path) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_that_is_not_there_is_told(local: StoredSeason, out: Path, form: str) -> None:
    with pytest.raises(FileFailed) as failed:
        write(local.desk, form, out / "no" / "file")

    assert (failed.value.why, failed.value.file) == ("write", str(out / "no" / "file"))


def test_an_export_is_of_one_position_and_records_nothing(local: StoredSeason, tmp_path: Path, out: Path) -> None:
    size = local.size()
    told: list[tuple[int, int]] = []

    def meanwhile(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 1:
            with Desk.open(tmp_path / "local.db") as other:
                other.submit(fact("late-comer", 7, on="2021-04-10"))

    with Desk.open(tmp_path / "local.db", read_only=True) as desk:
        done = export(desk, "csv", str(out / "file"), words("en"), meanwhile, under=None, over=False)

    assert (done.size, len(rows(out / "file"))) == (size, size)
    assert told[-1] == (size, size)
    assert local.size() == size + 1


@pytest.mark.parametrize("form", FORMS)
def test_one_units_events_are_in_memory_at_one_time(local: StoredSeason, out: Path, form: str) -> None:
    longest = max(local.desk.version_of(unit) for unit in ("season", *local.desk.codes()))
    alive: list[int] = []

    def count(done: int, total: int) -> None:
        alive.append(sum(isinstance(one, Happening) for one in gc.get_objects()))

    gc.collect()
    export(local.desk, form, str(out / "file"), words("vi"), count, under=None, over=False)

    assert 0 < max(alive) <= longest < local.size() / 2


# The page about them


@pytest.mark.parametrize("page", ["process-mining.md", "vi/khai-pha-quy-trinh.md"])
def test_every_name_in_the_files_is_on_the_page_about_them(local: StoredSeason, out: Path, page: str) -> None:
    write(local.desk, "json", out / "file")
    text = json.loads((out / "file").read_text("utf-8"))
    links = {link["qualifier"] for one in (*text["events"], *text["objects"]) for link in one["relationships"]}
    types = {kind["name"]: {a["name"] for a in kind["attributes"]} for kind in text["objectTypes"]}
    statuses = {a["value"] for o in text["objects"] for a in o["attributes"] if a["name"] == "status"}
    said = coded((ROOT / "docs" / page).read_text("utf-8"))

    assert set(COLUMNS) <= said
    assert set(types) == {"unit", "document", "plan", "superior"}
    attributes = {name for names in types.values() for name in names if not name.startswith("fact_")}
    assert links | set(types) | attributes <= said
    assert all(status in (ROOT / "docs" / page).read_text("utf-8") for status in statuses)
