"""The small print of `verify`: what it tells beside yes and no. Each was once changed by a mutant without a test noticing."""

from __future__ import annotations

import gc
import json
import sqlite3
from pathlib import Path

import pytest

import store.verify
from engine import commands as cmd
from engine.merkle import Frontier, leaf_hash
from engine.tlog.checkpoints import Checkpoint, Signed
from engine.tlog.notes import Note
from store.checks.findings import MOST, Findings
from store.desk import Desk
from store.receipts import Receipts
from tests.store.seasons import opened
from tests.store.test_verifying import rewrite


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A season in which a congress rests on a fact that was corrected afterwards."""
    path = tmp_path / "season.db"
    stored = opened(path)
    stored.held("east")
    present = next(line.recorded.seq for line in stored.desk.history("east") if line.payload.get("fact") == "delegates_present")
    stored.do(cmd.Correct, "east", by="city", seq=present, value=139, reason="counted twice")
    stored.desk.close()
    return path


def notes(path: Path, depth: str = "full") -> list[str]:
    with Desk.open(path, read_only=True) as desk:
        answer = desk.verify(depth)  # type: ignore[arg-type]
    assert answer.ok
    return [note.code for note in answer.notes]


def test_only_a_full_verification_looks_for_ground_that_has_moved(season: Path) -> None:
    assert "rests_on_changed" in notes(season)
    assert "rests_on_changed" not in notes(season, "fold")
    assert "rests_on_changed" not in notes(season, "hashes")


def test_protection_that_is_gone_is_told_by_every_depth(season: Path) -> None:
    with sqlite3.connect(season) as raw:
        raw.execute("DROP TRIGGER log_no_update")
    raw.close()

    for depth in ("full", "fold", "hashes"):
        assert "triggers_missing" in notes(season, depth)


def test_progress_is_told_every_so_many_rows_and_at_the_end(season: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.verify, "_STEP", 10)
    told: list[tuple[int, int]] = []

    with Desk.open(season, read_only=True) as desk:
        size = desk.verify(progress=lambda done, total: told.append((done, total))).events

    assert told == [*((done, size) for done in range(0, size, 10)), (size, size)]


@pytest.mark.parametrize("searching", [True, False])
def test_whoever_verifies_finds_the_search_for_cycles_as_it_was(season: Path, searching: bool) -> None:  # noqa: FBT001 - a parameter of the test
    (gc.enable if searching else gc.disable)()
    try:
        notes(season, "hashes")
        assert gc.isenabled() is searching
    finally:
        gc.enable()


def problems(path: Path, receipts: Path) -> list[str]:
    with Desk.open(path, read_only=True) as desk:
        return [problem.problem for problem in desk.verify("hashes", receipts=Receipts(receipts)).problems]


def unprotected(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    return raw


def test_receipts_that_are_not_there_are_a_note_and_no_failure(season: Path, tmp_path: Path) -> None:
    receipts = Receipts(tmp_path / "nothing.jsonl")
    with Desk.open(season, read_only=True, receipts=receipts) as desk:
        answer, named = desk.verify("hashes"), desk.verify("hashes", receipts=receipts)

    assert answer.ok
    assert [problem.problem for problem in named.problems] == ["no_receipt_in"]  # whoever names a file wants it compared
    assert [(note.code, note.fields["file"]) for note in answer.notes] == [("no_receipts", str(tmp_path / "nothing.jsonl"))]


def test_a_text_whose_words_alone_were_erased_is_erased_and_not_forged(season: Path) -> None:
    raw = unprotected(season)
    raw.execute("UPDATE sealed SET text = NULL")
    raw.commit()
    raw.close()

    assert "erased" in notes(season, "fold")


def test_the_one_receipt_of_a_season_just_opened_vouches_for_all_that_opened_it(tmp_path: Path) -> None:
    path, kept = tmp_path / "season.db", tmp_path / "receipts.jsonl"
    opened(path, receipts=Receipts(kept)).desk.close()
    assert problems(path, kept) == []

    raw = unprotected(path)
    tamper = rewrite(5, lambda leaf: leaf.update(at="2021-04-27T03:00:00.000Z"))
    tamper(raw)
    raw.commit()
    raw.close()

    assert problems(path, kept) == ["receipt_root"]


def test_receipts_of_another_log_in_the_same_file_do_not_hide_ours(tmp_path: Path) -> None:
    path, kept = tmp_path / "season.db", tmp_path / "receipts.jsonl"
    stored = opened(path, receipts=Receipts(kept))
    stored.do(cmd.RecordFact, "east", "2021-03-01", fact="sub_committees", value=True)
    stored.desk.close()
    ours = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    other = {**ours[0], "log": "f" * 64}
    wrong = {**ours[1], "leaf_hash": "0" * 64}
    kept.write_text("".join(f"{json.dumps(line)}\n" for line in (other, wrong)), encoding="utf-8")

    with Desk.open(path, read_only=True, receipts=Receipts(kept)) as desk:
        answer = desk.verify("hashes")

    assert [(problem.problem, problem.unit) for problem in answer.problems] == [("other_than_receipt", "east")]
    assert "receipts_of_other_log" in [note.code for note in answer.notes]


def test_a_receipt_that_speaks_against_a_checkpoint_says_that_the_log_begins_to_differ_before_it(tmp_path: Path) -> None:
    """Whoever rewrote the log had the rewritten one signed: what it vouches for is not what the receipts know."""
    path, kept = tmp_path / "season.db", Receipts(tmp_path / "receipts.jsonl")
    stored = opened(path, receipts=kept)
    for value in range(10):
        stored.do(cmd.RecordFact, "east", "2021-03-01", fact="delegates_summoned", value=value)
    stored.desk.close()
    raw = unprotected(path)
    rewrite(23, lambda leaf: leaf["payload"].update(value=99))(raw)
    raw.commit()
    leaves = raw.execute("SELECT leaf FROM log WHERE seq <= 26 ORDER BY seq").fetchall()
    raw.close()

    with Desk.open(path, read_only=True) as desk:
        checkpoint = Checkpoint(desk.log_name(), 26, Frontier().extend(leaf_hash(leaf) for (leaf,) in leaves).root())
        answer = desk.audit("hashes", checkpoint=Signed(checkpoint, Note(checkpoint.text, ())), receipts=kept)

    assert "checkpoint_holds" in [note.code for note in answer.notes]
    assert (answer.problems[0].problem, answer.problems[0].fields) == ("receipt_root", {"size": 23, "after": 22, "first": 23})


def test_of_many_problems_the_first_fifty_are_named_and_the_others_counted(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    stored = opened(path)
    for day in range(1, 29):
        stored.do(cmd.RecordFact, "east", f"2021-02-{day:02}", fact="delegates_summoned", value=day)
        stored.do(cmd.RecordFact, "west", f"2021-02-{day:02}", fact="delegates_summoned", value=day)
    size = stored.size()
    stored.desk.close()
    raw = unprotected(path)
    raw.execute("UPDATE log SET leaf_hash = zeroblob(32)")
    raw.commit()
    raw.close()

    with Desk.open(path, read_only=True) as desk:
        answer = desk.verify("hashes")

    assert len(answer.problems) == 50
    assert [note.fields["count"] for note in answer.notes if note.code == "more_problems"] == [size - 50]


def test_a_correction_of_the_very_last_event_verifies(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    stored = opened(path)
    stored.do(cmd.RecordFact, "east", "2021-03-01", fact="delegates_summoned", value=150)
    stored.do(cmd.Correct, "east", by="city", seq=stored.size(), value=151, reason="counted twice")
    stored.desk.close()

    assert notes(path) == ["no_receipts"]


def test_a_clock_that_was_not_behind_is_not_kept_beside_the_instant(season: Path) -> None:
    raw = unprotected(season)
    tamper = rewrite(5, lambda leaf: leaf.update(clock=leaf["at"]))
    tamper(raw)
    raw.execute("UPDATE log SET clock = recorded_at WHERE seq = 5")
    raw.commit()
    raw.close()

    with Desk.open(season, read_only=True) as desk:
        assert [(problem.problem, problem.seq) for problem in desk.verify("fold").problems] == [("recorded_at", 5)]


@pytest.mark.parametrize(("mine", "theirs"), [(0, 3), (49, 3), (50, 3), (52, 3), (52, 60)])
def test_the_findings_of_two_checks_together_are_no_more_than_fifty_and_all_are_counted(mine: int, theirs: int) -> None:
    """Those known from outside the log come first, however many they are."""
    first, second = Findings(), Findings()
    for seq in range(mine):
        first.first_hand("cut_by_receipt", seq)
    for seq in range(theirs):
        second.problem("other_than_receipt", seq)
    first.take(second)

    assert len(first.problems) == max(mine, min(MOST, mine + theirs))
    assert len(first.problems) + first.more == mine + theirs
