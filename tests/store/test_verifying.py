"""Tampering on copies whose triggers were dropped: it is found, and its place is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from engine import codec
from engine import commands as cmd
from engine.answers import VerifyAnswer
from engine.merkle import Frontier, leaf_hash
from store.checks import aside, commands, hashes, texts
from store.desk import Desk
from store.errors import Corrupt
from store.receipts import Receipts
from tests import sample
from tests.store.seasons import StoredSeason, act, fact, opened, reopened, with_history


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season with a bit of everything in it, 39 events long, and the receipts of whoever recorded it."""
    folder = tmp_path_factory.mktemp("original")
    season = opened(folder / "season.db", receipts=Receipts(folder / "receipts.jsonl"))
    season.held("east")
    season.held("west")
    season.do(cmd.Advance, "city", "2021-04-20", trigger="draw_lessons")
    season.do(cmd.Correct, "east", by="city", seq=25, value=151, reason="ghi nhầm", person="NV-1")
    season.do(cmd.Waive, "north", "2021-04-21", "city", guard="in-time", basis="dịch bệnh", until=season.desk.today())
    season.do(cmd.Annul, "city", by="union", seq=36, reason="nhầm ngày")
    season.desk.close()
    return folder


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """A copy that may be tampered with."""
    path = tmp_path / "season.db"
    shutil.copy(original / "season.db", path)
    shutil.copy(original / "receipts.jsonl", tmp_path / "receipts.jsonl")
    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
    raw.close()
    return path


ADOPTED = {"level": "x", "workflow": "y", "workflow_version": "1", "digest": "z", "initial": "a"}
ENROLLED = {
    "enrolled": {"code": "north-9", "name": "x", "level": "base", "parent": "east"},
    "workflow": sample.DIGEST,
    "state": "preparation",
}
OPENED = {"board": "x", "season": "y", "timezone": "UTC", "digest": "z"}


def tamper(path: Path, work: Callable[[sqlite3.Connection], object] | str) -> None:
    with sqlite3.connect(path) as raw:
        if callable(work):
            work(raw)
        else:
            raw.executescript(work)
    raw.close()


def verified(path: Path, depth: Any = "full", **options: Any) -> VerifyAnswer:
    with Desk.open(path, read_only=True) as desk:
        return desk.verify(depth, **options)


def found(answer: VerifyAnswer) -> list[tuple[str, int | None]]:
    return [(p.problem, p.seq) for p in answer.problems]


def payload_of(raw: sqlite3.Connection, seq: int) -> dict[str, Any]:
    leaf: dict[str, Any] = json.loads(raw.execute("SELECT leaf FROM log WHERE seq = ?", (seq,)).fetchone()[0])
    return leaf


def rewrite(seq: int, change: Callable[[dict[str, Any]], object]) -> Callable[[sqlite3.Connection], None]:
    """Change a leaf and make every hash, receipt and column fit: what somebody does who knows our format."""

    def work(raw: sqlite3.Connection) -> None:
        leaf = payload_of(raw, seq)
        change(leaf)
        written = codec.canonical(leaf)
        columns = (leaf["version"], leaf["kind"], leaf["on"], leaf["at"], leaf["actor"]["unit"], written, leaf_hash(written), seq)
        raw.execute(
            "UPDATE log SET version = ?, kind = ?, effective_on = ?, recorded_at = ?, actor_unit = ?, leaf = ?, leaf_hash = ?"
            " WHERE seq = ?",
            columns,
        )
        make_fit(raw)

    return work


def make_fit(raw: sqlite3.Connection) -> None:
    """The head and every receipt of the store, made anew from the leaves as they are."""
    frontier = Frontier()
    receipts = {
        last: (id_, json.loads(written)) for id_, last, written in raw.execute("SELECT id, last_seq, receipt FROM command")
    }
    for seq, leaf in raw.execute("SELECT seq, leaf FROM log ORDER BY seq").fetchall():
        frontier = frontier.append(leaf_hash(leaf))
        if seq in receipts:
            id_, receipt = receipts[seq]
            receipt.update(leaf_hash=leaf_hash(leaf).hex(), root=frontier.root().hex(), size=seq)
            raw.execute("UPDATE command SET receipt = ? WHERE id = ?", (json.dumps(receipt), id_))
    raw.execute("UPDATE head SET size = ?, frontier = ?", (frontier.size, frontier.to_bytes()))


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_what_nobody_touched_is_as_it_was_accepted(copy: Path, depth: Any) -> None:
    answer = verified(copy, depth)

    assert answer.ok
    assert answer.problems == ()
    assert answer.events == 39
    assert answer.depth == depth


def test_the_root_is_that_of_the_last_receipt(copy: Path) -> None:
    last = json.loads((copy.parent / "receipts.jsonl").read_text().splitlines()[-1])

    assert verified(copy, "hashes").root == last["root"]


@pytest.mark.parametrize("ahead", [1, 3, 1000])
def test_commands_may_lie_in_any_order(copy: Path, ahead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_AHEAD", ahead)
    backwards = (
        "CREATE TABLE turned AS SELECT * FROM command ORDER BY first_seq DESC; DELETE FROM command;"
        " INSERT INTO command SELECT * FROM turned; DROP TABLE turned"
    )
    tamper(copy, backwards)

    assert verified(copy, "fold").problems == ()


def test_commands_that_lie_as_they_were_recorded_are_read_in_passing_and_none_is_asked_for(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_COMMAND", "SELECT one by one")

    assert verified(copy, "fold").ok


def test_rows_with_which_nothing_is_wrong_are_hashed_at_once(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashes.Hashes, "take", None)

    assert verified(copy, "hashes").ok


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_an_edited_row_is_named(copy: Path, depth: Any) -> None:
    tamper(copy, "UPDATE log SET leaf = replace(leaf, '150', '950') WHERE seq = 25")

    answer = verified(copy, depth)
    assert ("leaf_hash", 25) in found(answer)
    assert answer.events == 39


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_an_edited_row_with_its_own_hash_made_to_fit_is_named(copy: Path, depth: Any) -> None:
    def work(raw: sqlite3.Connection) -> None:
        leaf = payload_of(raw, 25)
        leaf["payload"]["value"] = 950
        written = codec.canonical(leaf)
        raw.execute("UPDATE log SET leaf = ?, leaf_hash = ? WHERE seq = 25", (written, leaf_hash(written)))

    tamper(copy, work)

    answer = verified(copy, depth)
    assert any(seq == 25 for _, seq in found(answer))


@pytest.mark.parametrize(
    "column",
    ["unit = 'north'", "kind = 'scheduled'", "effective_on = '2021-01-01'", "recorded_at = '2020'", "clock = 'x'", "actor_unit = 'city'",
     "person = 'x'", "command = 'x'", "version = 99"],
)  # fmt: skip
def test_a_column_that_is_not_what_the_leaf_says_is_named(copy: Path, column: str) -> None:
    tamper(copy, f"UPDATE log SET {column} WHERE seq = 30")

    answer = verified(copy, "fold")
    problem = next(p for p in answer.problems if p.problem == "columns")
    assert problem.seq == 30
    assert problem.fields["columns"] == (column.split(maxsplit=1)[0],)


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_a_deleted_row_is_named(copy: Path, depth: Any) -> None:
    tamper(copy, "DELETE FROM log WHERE seq = 30")

    assert found(verified(copy, depth))[0] == ("seq_missing", 30)


def test_several_deleted_rows_are_named_from_the_first_to_the_last(copy: Path) -> None:
    tamper(copy, "DELETE FROM log WHERE seq BETWEEN 30 AND 33")

    problem = verified(copy, "hashes").problems[0]
    assert (problem.problem, problem.seq, problem.fields["until"]) == ("seq_missing", 30, 33)


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_two_rows_that_changed_places_are_named(copy: Path, depth: Any) -> None:
    tamper(
        copy,
        "UPDATE log SET seq = 1000 WHERE seq = 30; UPDATE log SET seq = 30 WHERE seq = 31; UPDATE log SET seq = 31 WHERE seq = 1000;",
    )

    assert any(seq == 30 for _, seq in found(verified(copy, depth)))


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_a_duplicated_row_is_named(copy: Path, depth: Any) -> None:
    columns = "command, kind, effective_on, recorded_at, clock, actor_unit, person, leaf, leaf_hash"
    tamper(
        copy,
        f"INSERT INTO log (season, seq, unit, version, {columns}) SELECT season, 40, unit, 99, {columns} FROM log WHERE seq = 30",
    )

    assert ("longer_than_head", 40) in found(verified(copy, depth))


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
def test_a_tail_that_was_cut_is_named(copy: Path, depth: Any) -> None:
    tamper(copy, "DELETE FROM log WHERE seq > 36")

    assert ("cut", 37) in found(verified(copy, depth))


def cut_and_wound_back(raw: sqlite3.Connection) -> None:
    """All that somebody can do who wants the last three events never to have been."""
    raw.execute("DELETE FROM log WHERE seq > 36")
    raw.execute("DELETE FROM command WHERE last_seq > 36")
    raw.execute("DELETE FROM sealed")
    raw.execute("DELETE FROM person")
    make_fit(raw)
    at = raw.execute("SELECT recorded_at FROM log WHERE seq = 36").fetchone()[0]
    raw.execute("UPDATE head SET last_recorded_at = ?", (at,))
    raw.execute("PRAGMA user_version = 1999")  # the projections are made anew by the program itself


def test_a_cut_tail_with_the_head_wound_back_cannot_be_seen_from_inside_and_verify_says_so(copy: Path) -> None:
    tamper(copy, cut_and_wound_back)

    answer = verified(copy)
    assert answer.ok
    assert "no_receipts" in {note.code for note in answer.notes}


def test_receipts_find_a_cut_tail_with_the_head_wound_back(copy: Path) -> None:
    tamper(copy, cut_and_wound_back)

    answer = verified(copy, "hashes", receipts=Receipts(copy.parent / "receipts.jsonl"))
    assert not answer.ok
    assert found(answer) == [("cut_by_receipt", 37)]
    assert answer.problems[0].fields["size"] == 39


def test_receipts_find_a_log_that_was_written_anew(copy: Path) -> None:
    tamper(copy, rewrite(25, lambda leaf: leaf["payload"].update(value=152)))

    answer = verified(copy, "hashes", receipts=Receipts(copy.parent / "receipts.jsonl"))
    assert ("other_than_receipt", 25) in found(answer)


@pytest.mark.parametrize("kept", [10, 11, 21])  # to the middle of the log, and all of them
def test_where_the_receipts_fit_the_log_is_read_once(copy: Path, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "leaf_hashes", None)  # the second reading, which says between which receipts it differs
    lines = (copy.parent / "receipts.jsonl").read_text().splitlines(keepends=True)
    (copy.parent / "some.jsonl").write_text("".join(lines[:kept]))

    answer = verified(copy, "hashes", receipts=Receipts(copy.parent / "some.jsonl"))
    assert len(lines) == 21
    assert answer.ok


def test_older_receipts_vouch_for_the_beginning_of_a_longer_log(copy: Path) -> None:
    lines = (copy.parent / "receipts.jsonl").read_text().splitlines(keepends=True)
    (copy.parent / "older.jsonl").write_text("".join(lines[:10]))
    older = Receipts(copy.parent / "older.jsonl")

    answer = verified(copy, "hashes", receipts=older)
    assert answer.ok
    assert [n.fields["size"] for n in answer.notes if n.code == "receipts_checked"] == [28]
    tamper(copy, rewrite(6, lambda leaf: leaf["payload"]["enrolled"].update(name="Quận Khác")))
    assert found(verified(copy, "hashes", receipts=older)) == [("receipt_root", 19)]


@pytest.mark.parametrize(
    ("kept", "after", "until"), [([19, 25, 30, 39], 19, 25), ([19, 20, 21, 22, 39], 22, 39), ([39], 0, 39), ([24, 25], 24, 25)]
)
def test_receipts_say_between_which_of_them_a_log_begins_to_be_another_one(
    copy: Path, kept: list[int], after: int, until: int
) -> None:
    tamper(copy, rewrite(25, lambda leaf: leaf["payload"].update(value=152)))
    lines = (copy.parent / "receipts.jsonl").read_text().splitlines()
    some = [line for line in lines if json.loads(line)["size"] in kept]
    (copy.parent / "some.jsonl").write_text("\n".join(reversed(some)))

    problem = verified(copy, "hashes", receipts=Receipts(copy.parent / "some.jsonl")).problems[0]

    assert (problem.problem, problem.seq) == ("receipt_root", until)
    assert problem.fields == {"size": until, "after": after, "first": after + 1}


def test_receipts_find_a_change_to_an_event_that_none_of_them_ends_with(copy: Path) -> None:
    """The opening is one command of 19 events: only the roots know those before its last."""
    tamper(copy, rewrite(6, lambda leaf: leaf["payload"]["enrolled"].update(name="Quận Khác")))

    answer = verified(copy, "hashes", receipts=Receipts(copy.parent / "receipts.jsonl"))
    assert [problem for problem, _ in found(answer)] == ["receipt_root"]


@pytest.mark.parametrize(
    ("seq", "change", "field"),
    [
        (22, lambda v: v[0]["reads"][0].update(value=False), "sub-committees fact.sub_committees"),
        (22, lambda v: v[0].update(result="waived"), "sub-committees result"),
        (27, lambda v: v[0]["reads"][0].update(value=149), "quorum fact.delegates_present"),
        (27, lambda v: v[0]["reads"][1].update(seq=24), "quorum fact.delegates_summoned"),
        (22, lambda v: v.pop(), "verdicts"),
        (27, lambda v: v[1]["reads"][0].update(value=149), "enough-delegates fact.delegates_summoned"),
        (36, lambda v: v[0]["reads"][0]["tally"].update(reached=1), "pilots-held pilots.reached.held"),
    ],
)
def test_forged_evidence_with_every_hash_made_to_fit_is_named(
    copy: Path, seq: int, change: Callable[[Any], object], field: str
) -> None:
    tamper(copy, rewrite(seq, lambda leaf: change(leaf["payload"]["verdicts"])))

    assert verified(copy, "hashes").ok
    answer = verified(copy)
    problem = answer.problems[0]
    assert (problem.problem, problem.seq) == ("decided_otherwise", seq)
    assert problem.fields["field"] == field


@pytest.mark.parametrize(
    ("seq", "change", "problem"),
    [
        (27, lambda leaf: leaf["payload"].update(awards=["held", "recognised"]), "decided_otherwise"),
        (27, lambda leaf: leaf["payload"].update(target="recognised"), "decided_otherwise"),
        (22, lambda leaf: leaf["actor"].update(unit="west"), "refused"),
        (25, lambda leaf: leaf["payload"].update(value="nhiều"), "refused"),
        (25, lambda leaf: leaf.update(on="2021-05-30"), "refused"),
        (21, lambda leaf: leaf["payload"].update(number=7), "decided_otherwise"),
        (37, lambda leaf: leaf["payload"].update(name="theme"), "decided_otherwise"),
        (3, lambda leaf: leaf["payload"].update(initial="election"), "opening"),
        (6, lambda leaf: leaf["payload"].update(state="election"), "opening"),
        (19, lambda leaf: leaf["payload"]["values"][0].update(value={"date": "2031-07-31"}), "opening"),
        (30, lambda leaf: leaf.update(kind="season_opened", payload=OPENED), "out_of_place"),
        (30, lambda leaf: leaf.update(kind="workflow_adopted", payload=ADOPTED), "out_of_place"),
        (1, lambda leaf: leaf.update(kind="unit_left", payload={}), "out_of_place"),
        (2, lambda leaf: leaf.update(kind="unit_left", payload={}), "opening"),
        (30, lambda leaf: leaf.update(workflow="0" * 64), "decided_otherwise"),
        (20, lambda leaf: leaf.update(kind="unit_enrolled", payload=ENROLLED), "decided_otherwise"),
        (3, lambda leaf: leaf["payload"].update(digest="0" * 64), "not_a_leaf"),
        (30, lambda leaf: leaf.update(clock="2030-01-01T00:00:00.000Z"), "recorded_at"),
    ],
)  # fmt: skip
def test_an_event_that_could_never_have_been_decided_is_named(
    copy: Path, seq: int, change: Callable[[Any], object], problem: str
) -> None:
    tamper(copy, rewrite(seq, change))

    assert (problem, seq) in found(verified(copy))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda leaf: leaf.update(version=99), "version"),
        (lambda leaf: leaf.update(at="2020-01-01T00:00:00.000Z"), "recorded_at"),
        (lambda leaf: leaf.update(season="other"), "other_log"),
        (lambda leaf: leaf.update(semantics=9), "not_a_leaf"),
        (lambda leaf: leaf.update(kind="invented"), "not_a_leaf"),
        (lambda leaf: leaf.update(extra=1), "not_canonical"),
        (lambda leaf: leaf.update(clock=None), "not_canonical"),
    ],
)
def test_a_leaf_out_of_order_or_form_is_named(copy: Path, change: Callable[[Any], object], problem: str) -> None:
    tamper(copy, rewrite(30, change))

    assert (problem, 30) in found(verified(copy))


@pytest.mark.parametrize(
    "change",
    [
        lambda leaf: leaf.update(at=5),
        lambda leaf: leaf.update(on=[]),
        lambda leaf: leaf.update(actor="x"),
        lambda leaf: leaf["payload"].update(verdicts=[5]),
        lambda leaf: leaf["payload"].update(awards=7),
        lambda leaf: leaf.update(workflow=3),
    ],
)
def test_nothing_that_somebody_puts_into_a_leaf_makes_verify_stumble(copy: Path, change: Callable[[Any], object]) -> None:
    def work(raw: sqlite3.Connection) -> None:
        leaf = payload_of(raw, 30)
        change(leaf)
        raw.execute("UPDATE log SET leaf = ? WHERE seq = 30", (json.dumps(leaf).encode(),))
        make_fit(raw)

    tamper(copy, work)

    assert any(seq == 30 for _, seq in found(verified(copy)))


def respell(seq: int, old: str, new: str) -> Callable[[sqlite3.Connection], None]:
    """Write a piece of a leaf in another way, every hash made to fit."""

    def work(raw: sqlite3.Connection) -> None:
        leaf = raw.execute("SELECT leaf FROM log WHERE seq = ?", (seq,)).fetchone()[0].decode()
        assert old in leaf
        respelled = leaf.replace(old, new, 1).encode()
        raw.execute("UPDATE log SET leaf = ?, leaf_hash = ? WHERE seq = ?", (respelled, leaf_hash(respelled), seq))
        make_fit(raw)

    return work


@pytest.mark.parametrize(
    ("seq", "old", "new"),
    [
        (1, '"seq":1,', '"seq":true,'),
        (1, '"seq":1,', '"seq":1.0,'),
        (7, '"version":1,', '"version":true,'),
        (7, '"version":1,', '"version":1e0,'),
        (7, '"version":1,', '"version":01,'),
        (7, '"semantics":1,', '"semantics":true,'),
        (19, '"year":2020', '"year":2020.0'),
        (19, '"value":true', '"value":1'),
        (21, '"number":1', '"number":true'),
        (22, '"value":true', '"value":1'),
        (22, '"value":true', '"value":1.0'),
        (22, '"attempt":1', '"attempt":true'),
        (25, '"value":150', '"value":150.0'),
        (25, '"value":150', '"value":NaN'),
        (25, '"value":150', '"value":1e400'),
        (25, '"value":150', '"value":150,"evidence":5'),
        (30, '"payload":{', '"payload":{"zz":1,'),
        (37, '"seq":25', '"seq":25.0'),
        (37, '"seq":25', '"seq":25,"withdrawn":0'),
    ],
)
def test_what_python_takes_for_the_same_is_still_another_text(copy: Path, seq: int, old: str, new: str) -> None:
    tamper(copy, respell(seq, old, new))

    assert seq in {at for _, at in found(verified(copy))}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "0.5"])
def test_a_number_that_is_none_of_ours_does_not_make_a_fold_stumble(copy: Path, number: str) -> None:
    """It stood in the version: what was folded of it could not be written down to be compared."""
    tamper(copy, respell(30, '"version":', f'"version":{number}, "was":'))

    assert ("not_a_leaf", 30) in found(verified(copy, "fold"))


def test_an_instant_out_of_order_is_named_once(copy: Path) -> None:
    tamper(copy, rewrite(30, lambda leaf: leaf.update(at="2021-05-30T00:00:00.000Z")))

    assert [seq for problem, seq in found(verified(copy, "fold")) if problem == "recorded_at"] == [31]


@pytest.mark.parametrize("seq", [1, 3, 19])
def test_a_season_wide_event_that_cannot_be_read_is_named_and_somebody_still_knows_the_day(copy: Path, seq: int) -> None:
    tamper(copy, f"UPDATE log SET leaf = x'00' WHERE seq = {seq}")

    assert ("not_a_leaf", seq) in found(verified(copy))
    with Desk.open(copy, read_only=True) as desk:
        assert desk.today().year > 2020
        assert desk.levels() == {}
        with pytest.raises(Corrupt):
            desk.status()


def test_a_command_that_does_not_stand_for_its_events_is_named(copy: Path) -> None:
    tamper(copy, "UPDATE command SET last_seq = 24 WHERE last_seq = 23")

    assert ("command", 23) in found(verified(copy, "fold"))


def test_a_command_without_events_is_named(copy: Path) -> None:
    tamper(copy, "INSERT INTO command SELECT season, 'x', digest, salt, 90, 91, receipt FROM command WHERE last_seq = 23")

    assert ("command_without_events", 90) in found(verified(copy, "fold"))


@pytest.mark.parametrize(
    "change",
    [
        {"first_seq": 22},
        {"last_seq": 24},
        {"size": 39},
        {"size": True},
        {"season": "other"},
        {"origin": "rehearsal"},
        {"command_id": "x"},
        {"last_seq": 23.0},
    ],
)
@pytest.mark.parametrize("spaces", [True, False])
def test_a_stored_receipt_that_says_anything_else_is_named(copy: Path, change: dict[str, Any], spaces: bool) -> None:
    """Whoever repeats a command by its id gets what stands there. Read with spaces in it, it is read the long way."""

    def work(raw: sqlite3.Connection) -> None:
        receipt = {**json.loads(raw.execute("SELECT receipt FROM command WHERE last_seq = 23").fetchone()[0]), **change}
        written = json.dumps(receipt) if spaces else codec.canonical(receipt).decode()
        raw.execute("UPDATE command SET receipt = ? WHERE last_seq = 23", (written,))

    tamper(copy, work)

    assert ("receipt", 23) in found(verified(copy, "fold"))


def test_a_stored_receipt_that_was_changed_is_named(copy: Path) -> None:
    tamper(copy, 'UPDATE command SET receipt = replace(receipt, \'"leaf_hash":"\', \'"leaf_hash":"00\') WHERE last_seq = 23')

    assert ("receipt", 23) in found(verified(copy, "fold"))


@pytest.mark.parametrize(
    ("statement", "unit"),
    [
        ("UPDATE unit_case SET body = replace(body, '150', '151') WHERE code = 'west'", "west"),
        ("UPDATE unit_case SET state = 'recognised' WHERE code = 'west'", "west"),
        ("DELETE FROM unit_case WHERE code = 'south'", "south"),
        ("UPDATE award SET day = '2021-01-01' WHERE unit = 'west'", "west"),
        ("DELETE FROM award WHERE unit = 'west'", "west"),
        (
            "INSERT INTO award SELECT season, 'south', milestone, seq, parent, pilot_of, day, until FROM award WHERE unit = 'west'",
            "south",
        ),
        ("DELETE FROM replaced", None),
    ],
)
def test_a_projection_that_differs_from_the_log_is_named(copy: Path, statement: str, unit: str | None) -> None:
    tamper(copy, statement)

    assert verified(copy, "hashes").ok
    problem = verified(copy, "fold").problems[0]
    assert (problem.problem, problem.unit) == ("projection", unit)


def test_a_sealed_text_that_was_changed_is_named_and_an_erased_one_only_told(copy: Path) -> None:
    tamper(copy, "UPDATE sealed SET salt = NULL, text = NULL WHERE text = 'dịch bệnh'")
    answer = verified(copy, "fold")
    assert answer.ok
    assert [n.fields["count"] for n in answer.notes if n.code == "erased"] == [1]

    tamper(copy, "UPDATE sealed SET text = 'khác' WHERE text = 'ghi nhầm'")
    assert [p.problem for p in verified(copy, "fold").problems] == ["seal"]


@pytest.mark.parametrize(
    ("statement", "problem", "seq"),
    [
        ("DELETE FROM sealed WHERE text = 'ghi nhầm'", "seal_missing", 37),
        ("DELETE FROM sealed WHERE text = 'dịch bệnh'", "seal_missing", 38),
        ("INSERT INTO sealed SELECT season, 'abc', NULL, NULL FROM sealed LIMIT 1", "seal_unnamed", None),
        ("DELETE FROM person", "person_missing", 37),
        ("INSERT INTO person VALUES ('sample-2021', 'x', 'Đỗ Thị Lan')", "person_unnamed", None),
        ("UPDATE definition SET kind = 'plan' WHERE kind = 'workflow'", "definition", 2),
        ("UPDATE unit_case SET ordinal = ordinal + 100 WHERE code = 'north-2'", "projection", None),
    ],
)
def test_what_lies_beside_the_log_is_what_the_log_names_and_nothing_else(
    copy: Path, statement: str, problem: str, seq: int | None
) -> None:
    tamper(copy, statement)

    assert found(verified(copy, "fold")) == [(problem, seq)]


def test_sealed_words_are_not_missed_where_the_events_cannot_be_read(copy: Path) -> None:
    tamper(copy, "UPDATE log SET leaf = x'00' WHERE seq = 37")

    assert {"seal_missing", "seal_unnamed", "person_unnamed"} & {p.problem for p in verified(copy).problems} == set()


def test_where_no_sealed_words_are_missed_the_log_is_not_read_for_them_again(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts.Texts, "_name_seals", None)

    assert verified(copy, "fold").ok


def test_a_rehearsal_may_repeat_sealed_words_whose_text_it_never_had(stored: StoredSeason) -> None:
    stored.held("east")
    stored.do(cmd.Correct, "east", by="city", seq=25, value=151, reason="ghi nhầm")

    assert with_history(stored.desk.event(seq) for seq in range(1, stored.size() + 1)).desk.verify().ok


def test_a_definition_that_was_changed_is_named(copy: Path) -> None:
    tamper(copy, "UPDATE definition SET content = content || ' ' WHERE kind = 'plan'")

    assert "definition" in {p.problem for p in verified(copy, "fold").problems}


@pytest.mark.parametrize(("kind", "seq"), [("season", 1), ("workflow", 2), ("plan", 19)])
@pytest.mark.parametrize("depth", ["fold", "full"])
def test_a_definition_that_is_gone_is_named_with_the_event_that_names_it(copy: Path, kind: str, seq: int, depth: Any) -> None:
    tamper(copy, f"DELETE FROM definition WHERE kind = '{kind}'")

    assert ("definition_missing", seq) in found(verified(copy, depth))


def test_nobody_judges_by_a_procedure_that_was_changed(copy: Path) -> None:
    """It could be read as before: only its digest says that it is another."""
    tamper(
        copy,
        "UPDATE definition SET content = CAST(replace(content, 'pilots-held', 'pilots-hold') AS BLOB) WHERE kind = 'workflow'",
    )

    with Desk.open(copy, read_only=True) as desk, pytest.raises(Corrupt, match="was changed"):
        desk.why("east")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE definition SET content = x'00' WHERE kind = 'workflow'",
        "UPDATE definition SET content = CAST(replace(content, 'pilots-held', 'pilots-hold') AS BLOB) WHERE kind = 'workflow'",
        "DELETE FROM definition WHERE kind = 'workflow'",
    ],
)
def test_what_was_recorded_is_told_although_the_procedure_that_names_it_is_damaged(copy: Path, damage: str) -> None:
    with Desk.open(copy, read_only=True) as desk:
        named = list(desk.history("east"))
    tamper(copy, damage)
    with Desk.open(copy, read_only=True) as desk:
        told = list(desk.history("east"))

    assert {line.workflow is None for line in named} == {False}
    assert told == [attrs.evolve(line, workflow=None) for line in named]


@pytest.mark.parametrize("last", [19, 23])  # the opening's, which is the first, and one of many
@pytest.mark.parametrize(("change", "problem"), [({"root": "0" * 64}, "stored_root"), ({"state": "recognised"}, "receipt")])
def test_a_stored_receipt_that_says_something_else_about_the_log_after_it_is_named(
    copy: Path, change: dict[str, Any], problem: str, last: int
) -> None:
    """A repeated command would get it for an answer."""

    def work(raw: sqlite3.Connection) -> None:
        (written,) = raw.execute("SELECT receipt FROM command WHERE last_seq = ?", (last,)).fetchone()
        changed = codec.canonical({**json.loads(written), **change}).decode()
        raw.execute("UPDATE command SET receipt = ? WHERE last_seq = ?", (changed, last))

    tamper(copy, work)

    assert verified(copy, "fold").ok
    assert found(verified(copy)) == [(problem, last)]


def test_another_past_shows_in_the_stored_receipts_from_there_on_and_is_told_once(copy: Path) -> None:
    def work(raw: sqlite3.Connection) -> None:
        receipts = raw.execute("SELECT id, receipt FROM command WHERE last_seq > 30").fetchall()
        for id_, written in receipts:
            changed = {**json.loads(written), "root": "0" * 64}
            raw.execute("UPDATE command SET receipt = ? WHERE id = ?", (codec.canonical(changed).decode(), id_))

    tamper(copy, work)

    assert found(verified(copy)) == [("stored_root", 31)]


# The file


@pytest.mark.parametrize(
    ("statement", "problem", "seq"),
    [
        ("UPDATE log SET kind = CAST(x'6661ff' AS TEXT) WHERE seq = 30", "columns", 30),
        ("UPDATE sealed SET text = CAST(x'ff' AS TEXT) WHERE text = 'ghi nhầm'", "seal", None),
        ("UPDATE unit_case SET name = CAST(x'c3' AS TEXT) WHERE code = 'west'", "projection", None),
        ("UPDATE command SET receipt = CAST(x'ff' AS TEXT) WHERE last_seq = 23", "receipt", 23),
    ],
)
def test_bytes_that_are_no_text_are_named_where_they_stand(copy: Path, statement: str, problem: str, seq: int | None) -> None:
    tamper(copy, statement)

    answer = verified(copy)
    assert (problem, seq) in found(answer)
    assert "no_text" in {p.problem for p in answer.problems}


def test_bytes_that_are_no_text_are_damage_to_whoever_asks_for_them(copy: Path) -> None:
    tamper(copy, "UPDATE person SET text = CAST(x'ff' AS TEXT)")

    with Desk.open(copy, read_only=True) as desk, pytest.raises(Corrupt, match="no UTF-8 in column text"):
        list(desk.history())


def test_an_index_that_lost_an_entry_is_found_in_the_file(copy: Path) -> None:
    """Whoever asks by the index would miss a unit, and nothing in the tables says so."""

    def work(raw: sqlite3.Connection) -> None:
        raw.execute("PRAGMA writable_schema = ON")
        made = "CREATE INDEX unit_case_search ON unit_case (season, search)"
        raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'unit_case_search'", (f"{made} WHERE code <> 'west'",))
        raw.execute("PRAGMA writable_schema = RESET")
        raw.execute("REINDEX unit_case_search")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'unit_case_search'", (made,))

    tamper(copy, work)

    damages = [p.fields["detail"] for p in verified(copy).problems if p.problem == "file"]
    assert any("missing from index unit_case_search" in said for said in damages)


def test_a_time_zone_that_nobody_knows_is_named_and_somebody_still_knows_the_day(copy: Path) -> None:
    tamper(copy, respell(1, "Asia/Ho_Chi_Minh", "Asia.Ho_Chi_Minh"))

    assert ("not_a_leaf", 1) in found(verified(copy))
    with Desk.open(copy, read_only=True) as desk:
        assert desk.today().year > 2020
        with pytest.raises(Corrupt):
            desk.status()


# The head


def test_a_head_that_does_not_fit_itself_is_found(copy: Path) -> None:
    tamper(copy, "UPDATE head SET frontier = x'00'")

    assert [p.problem for p in verified(copy, "hashes").problems] == ["root"]


@pytest.mark.parametrize(
    "damage", ["clock_day = 'xx'", "last_recorded_at = 'xx'", "size = 'xx'", "season_version = 'xx'", "joined = 'xx'"]
)
def test_a_head_that_says_nothing_any_more_is_damage_and_no_mistake_of_the_program(copy: Path, damage: str) -> None:
    tamper(copy, f"UPDATE head SET {damage}")

    with Desk.open(copy, read_only=True) as desk:
        for question in (desk.verify, desk.status, desk.today):
            with pytest.raises(Corrupt):
                question()


@pytest.mark.parametrize("depth", ["hashes", "fold", "full"])
@pytest.mark.parametrize("damage", ["leaf_hash = 'abc'", "seq = 'abc'", "version = 'abc'", "unit = x'ff'", "leaf = 'abc'"])
@pytest.mark.parametrize("seq", [1, 30])
def test_a_column_of_another_kind_is_named(copy: Path, seq: int, damage: str, depth: Any) -> None:
    tamper(copy, f"UPDATE log SET {damage} WHERE seq = {seq}")

    answer = verified(copy, depth, receipts=Receipts(copy.parent / "receipts.jsonl"))
    assert not answer.ok or (depth == "hashes" and damage.startswith(("version", "unit")))


def test_a_word_for_a_number_is_named_and_leaves_a_hole(copy: Path) -> None:
    tamper(copy, "UPDATE log SET seq = 'abc' WHERE seq = 30")

    answer = verified(copy, "hashes")
    assert found(answer) == [("seq_missing", 30), ("columns", 40)]
    assert answer.events == 39


def test_a_log_of_nothing_is_damage_to_whoever_asks_for_a_day(copy: Path) -> None:
    tamper(copy, "DELETE FROM log")

    with Desk.open(copy, read_only=True) as desk, pytest.raises(Corrupt):
        desk.replay(date(2021, 4, 1))


def test_one_hole_does_not_drown_the_answer(copy: Path) -> None:
    tamper(copy, "UPDATE log SET leaf_hash = x'00', effective_on = 'never'")

    answer = verified(copy, "fold")
    assert not answer.ok
    assert len(answer.problems) == 50
    assert [n.fields["count"] > 20 for n in answer.notes if n.code == "more_problems"] == [True]


def test_state_changes_whose_ground_has_moved_are_a_note_and_no_failure(copy: Path) -> None:
    answer = verified(copy)

    assert answer.ok
    assert ("rests_on_changed", "east") in {(n.code, n.unit) for n in answer.notes}


def test_the_progress_of_a_verification_is_told(copy: Path) -> None:
    heard: list[tuple[int, int]] = []
    with Desk.open(copy, read_only=True) as desk:
        desk.verify("hashes", progress=lambda done, total: heard.append((done, total)))

    assert heard[0] == (0, 39)
    assert heard[-1] == (39, 39)


# Receipts


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[StoredSeason, Receipts]]:
    receipts = Receipts(tmp_path / "kept", folder=True)
    season = opened(tmp_path / "season.db", receipts=receipts)
    yield season, receipts
    season.desk.close()


def test_every_accepted_command_leaves_its_receipt_outside_the_store(kept: tuple[StoredSeason, Receipts]) -> None:
    season, receipts = kept
    season.desk.submit(fact("east", 1))
    season.desk.submit_all([fact("east", 2, on="2021-03-02"), fact("west", 3)])
    season.desk.submit(fact("south", 1), dry_run=True)
    season.refused(cmd.Advance, "east", trigger="submit")

    lines = [kept.receipt.last_seq for kept in receipts.read("sample-2021", "live") if kept]
    assert lines == [19, 20, 21, 22]
    assert receipts.file_for("sample-2021", "live").name == "sample-2021.live.receipts.jsonl"
    answer = season.desk.verify()
    assert [(n.fields["count"], n.fields["size"]) for n in answer.notes if n.code == "receipts_checked"] == [(4, 22)]


def test_a_repeated_command_leaves_no_second_receipt(kept: tuple[StoredSeason, Receipts]) -> None:
    season, receipts = kept
    for _ in range(2):
        season.desk.submit(fact("east", 1), command_id="3f2c8a52-0000-4000-8000-000000000001")

    assert len(list(receipts.read("sample-2021", "live"))) == 2


def test_receipts_that_cannot_be_kept_take_nothing_back(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("")
    season = opened(tmp_path / "season.db", receipts=Receipts(tmp_path / "blocked" / "receipts.jsonl"))

    assert season.desk.submit(fact("east", 1)).receipt is not None
    assert [n.code for n in season.desk.notes()] == ["receipt_not_kept", "receipt_not_kept"]
    season.desk.close()


def test_a_line_that_was_torn_is_told_and_the_rest_is_compared(kept: tuple[StoredSeason, Receipts]) -> None:
    season, receipts = kept
    season.desk.submit(fact("east", 1))
    with receipts.file_for("sample-2021", "live").open("a") as file:
        file.write('{"season": "sam')

    answer = season.desk.verify("hashes")
    assert answer.ok
    assert {"receipts_checked", "receipts_unreadable"} <= {n.code for n in answer.notes}


@pytest.mark.parametrize(
    "change",
    [
        {"size": "7"},
        {"size": None},
        {"size": True},
        {"size": 0},
        {"last_seq": 10**30, "size": 10**30},
        {"last_seq": {}},
        {"first_seq": -1},
        {"root": "xyz"},
        {"root": None},
        {"leaf_hash": 5},
    ],
)
def test_a_line_that_only_looks_like_a_receipt_is_told_and_the_rest_is_compared(
    kept: tuple[StoredSeason, Receipts], change: dict[str, Any]
) -> None:
    season, receipts = kept
    season.desk.submit(fact("east", 1))
    with receipts.file_for("sample-2021", "live").open("r+") as file:
        last = json.loads(file.readlines()[-1])
        file.write(json.dumps({**last, **change}) + "\n")

    answer = season.desk.verify("hashes")
    assert answer.ok
    assert {"receipts_checked", "receipts_unreadable"} <= {n.code for n in answer.notes}


def test_a_file_without_a_receipt_in_it_is_told(stored: StoredSeason, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("một\n\nhai\n")

    notes = stored.desk.verify("hashes", receipts=Receipts(path)).notes
    assert [n.fields["count"] for n in notes if n.code == "receipts_unreadable"] == [2]


def test_receipts_of_an_earlier_opening_are_told_by_default_and_refused_where_they_are_named(tmp_path: Path) -> None:
    from store.sources import seeded_sources
    from tests.store.seasons import Clock

    receipts = Receipts(tmp_path / "receipts.jsonl")
    opened(tmp_path / "one.db", receipts=receipts).desk.close()
    other = opened(tmp_path / "two.db", receipts=receipts, sources=seeded_sources("other", Clock()))

    answer = other.desk.verify()
    assert answer.ok
    assert [n.fields["count"] for n in answer.notes if n.code == "receipts_of_other_log"] == [1]
    assert not other.desk.verify(receipts=receipts).ok
    other.desk.close()


@pytest.mark.parametrize("indent", [None, 2])
def test_the_answer_of_a_command_that_somebody_kept_serves_as_a_receipt(
    stored: StoredSeason, tmp_path: Path, indent: int | None
) -> None:
    import attrs

    accepted = stored.desk.submit(fact("east", 1))
    assert accepted.receipt is not None
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"receipt": attrs.asdict(accepted.receipt)}, indent=indent))

    answer = stored.desk.verify(receipts=Receipts(path))
    assert [n.fields["count"] for n in answer.notes if n.code == "receipts_checked"] == [1]


def test_a_copy_of_the_season_verifies_beside_the_original(stored: StoredSeason, path: Path, tmp_path: Path) -> None:
    stored.submitted("east")
    stored.desk.close()
    shutil.copy(path, tmp_path / "copy.db")

    with reopened(tmp_path / "copy.db") as desk:
        desk.submit(act(cmd.Advance, "east", "2021-03-05", "city", trigger="return_documents", reason="thiếu"))
        assert desk.verify().ok
