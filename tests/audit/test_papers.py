"""Paper and log vouch for each other: what was written down of a log is still in it, or it is told from where on it is not."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from engine import commands as cmd
from engine.check_code import CheckCode, read_check_code
from engine.merkle import Frontier, leaf_hash
from reports import check_codes as report
from store.audit.papers import CodesAnswer
from store.dialects.sqlite import SQLite
from store.errors import Corrupt
from store.receipts import Receipts
from tests.audit.keyring import issued
from tests.audit.test_audits import forge
from tests.cli.conftest import ROOT, Shell
from tests.reports.made import EN, VI, said
from tests.store.seasons import Maker, StoredSeason, reopened


def grown(season: StoredSeason) -> list[CheckCode]:
    """A season that goes on, and the codes that were written down of it: when it was opened, and after each of two units."""
    codes = [season.desk.check_code()]
    for unit in ("north", "south"):
        season.submitted(unit)
        codes.append(season.desk.check_code())
    return codes


def found(answer: CodesAnswer) -> list[str]:
    assert answer.ok == all(checked.found == "holds" for checked in answer.codes)
    return [checked.found for checked in answer.codes]


def stretch(answer: CodesAnswer) -> tuple[int, int | None]:
    return answer.stretch.held, answer.stretch.differs


def checked(path: Path, codes: list[CheckCode], receipts: Receipts | None = None) -> CodesAnswer:
    with reopened(path, read_only=True, receipts=receipts) as desk:
        return desk.check_codes(codes)


def page(answer: CodesAnswer) -> str:
    return said(report.page(answer, EN))


# The head


def test_the_code_of_the_head_is_that_of_a_checkpoint(season: StoredSeason) -> None:
    season.submitted("north")
    checkpoint = issued(season.desk).signed.checkpoint

    assert season.desk.check_code() == CheckCode.of(checkpoint.size, checkpoint.root)
    assert season.desk.check_code().size == season.size()


def test_whichever_moment_is_shown_the_code_is_of_the_whole_log(season: StoredSeason) -> None:
    code = grown(season)[-1]

    assert season.desk.status().check_code == season.desk.status(at=3).check_code == code
    assert season.desk.status_of("north").check_code == season.desk.status_of("north", at=season.size() - 2).check_code == code


def test_a_head_that_fits_no_log_has_no_code(stored: StoredSeason, path: Path) -> None:
    stored.desk.close()
    for damaged in (b"short", "words"):
        with sqlite3.connect(path) as raw:
            raw.execute("UPDATE head SET frontier = ?", (damaged,))
        raw.close()
        with reopened(path, read_only=True) as desk, pytest.raises(Corrupt):
            desk.status()


# What holds


def test_a_log_that_went_on_holds_every_past_that_it_had(season: StoredSeason) -> None:
    codes = grown(season)
    answer = season.desk.check_codes([*reversed(codes), codes[0]])

    assert found(answer) == ["holds", "holds", "holds"]
    assert stretch(answer) == (codes[-1].size, None)
    assert answer.size == season.size()


def test_every_position_has_a_code_that_holds(season: StoredSeason) -> None:
    grown(season)
    leaves = [bytes.fromhex(line.leaf_hash) for line in season.desk.history()]
    codes = [CheckCode.of(size, Frontier().extend(leaves[:size]).root()) for size in range(1, len(leaves) + 1)]

    assert season.desk.check_codes(codes).ok
    for one, other in pairwise(codes):
        assert not season.desk.check_codes([CheckCode(one.size, other.root)]).ok


def test_of_two_codes_of_as_many_events_the_log_holds_one_and_contradicts_the_other(season: StoredSeason) -> None:
    code = grown(season)[-1]
    answer = season.desk.check_codes([code, CheckCode.of(code.size, leaf_hash(b"another past"))])

    assert sorted(found(answer)) == ["contradicted", "holds"]
    assert stretch(answer) == (code.size, None)


def test_the_code_of_a_rehearsal_or_of_another_season_never_holds(season: StoredSeason, make: Maker, tmp_path: Path) -> None:
    other = make(tmp_path / "other.db", origin="rehearsal").desk.check_code()
    answer = season.desk.check_codes([other])

    assert other.size == season.size()
    assert found(answer) == ["past"]
    assert "A code of another season or of a rehearsal never fits" in page(answer)


# What does not


def rewritten(season: StoredSeason, seq: int) -> None:
    """Change an event where it lies, on any kind of store; the column beside it, the head and the receipts stay as they were."""
    store = season.desk._session.store
    with store.transaction("write"):
        store.run("DROP TRIGGER log_no_update" + ("" if isinstance(store.dialect, SQLite) else " ON log"))
        (leaf,) = store.row("SELECT leaf FROM log WHERE seq = ?", (seq,)) or (b"",)
        changed = bytes(leaf).replace(b"2021", b"2020")
        assert changed != leaf
        store.run("UPDATE log SET leaf = ? WHERE seq = ?", (changed, seq))


def test_an_event_changed_under_its_own_hash_is_found_on_every_store(season: StoredSeason) -> None:
    codes = grown(season)
    rewritten(season, codes[0].size + 2)
    answer = season.desk.check_codes(codes)

    assert found(answer) == ["holds", "past", "past"]
    assert stretch(answer) == (codes[0].size, codes[1].size)
    assert season.desk.check_code() == codes[-1]  # the head was left alone


def test_an_event_rewritten_with_everything_that_hangs_on_it_is_found(stored: StoredSeason, path: Path) -> None:
    codes = grown(stored)
    stored.desk.close()
    forge(path, codes[2].size - 1)
    with reopened(path, read_only=True) as desk:
        assert desk.verify("hashes").ok  # from inside nothing is to be seen
    answer = checked(path, codes)

    assert found(answer) == ["holds", "holds", "past"]
    assert stretch(answer) == (codes[1].size, codes[2].size)
    assert f"Up to event {codes[1].size} everything is as it was." in page(answer)
    assert f"Something in events {codes[1].size + 1} to {codes[2].size} differs." in page(answer)


def test_of_one_code_that_does_not_hold_it_is_told_how_far_it_reaches(stored: StoredSeason, path: Path) -> None:
    code = grown(stored)[1]
    stored.desk.close()
    forge(path, 3)
    answer = checked(path, [code])

    assert stretch(answer) == (0, code.size)
    assert f"Something in events 1 to {code.size} differs." in page(answer)
    assert f"Có chỗ khác trong các sự kiện từ 1 đến {code.size}." in said(report.page(answer, VI))


def cut(path: Path, size: int) -> None:
    """Leave the first so many events, with a head that fits them."""
    raw = sqlite3.connect(path)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute("DELETE FROM log WHERE seq > ?", (size,))
    hashes = [leaf_hash(leaf) for (leaf,) in raw.execute("SELECT leaf FROM log ORDER BY seq")]
    raw.execute("UPDATE head SET size = ?, frontier = ?", (size, Frontier().extend(hashes).to_bytes()))
    raw.commit()
    raw.close()


def test_a_tail_that_was_cut_off_is_missed(stored: StoredSeason, path: Path) -> None:
    codes = grown(stored)
    stored.desk.close()
    cut(path, codes[1].size)
    whole, without = checked(path, codes), checked(path, codes[2:])

    assert found(whole) == ["holds", "holds", "shorter"]
    assert f"Missing at the end: events {codes[1].size + 1} to {codes[2].size}." in page(whole)
    assert "these codes tell nothing" not in page(whole)
    assert found(without) == ["shorter"]
    assert f"About events 1 to {codes[1].size} these codes tell nothing." in page(without)


def test_an_event_taken_out_of_the_middle_is_missed(stored: StoredSeason, path: Path) -> None:
    codes = grown(stored)
    stored.desk.close()
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER log_no_delete")
    raw.execute("DELETE FROM log WHERE seq = ?", (codes[0].size + 1,))
    raw.commit()
    raw.close()

    assert found(checked(path, codes)) == ["holds", "past", "shorter"]


def test_a_log_written_anew_from_its_first_event_on_is_found(make: Maker, tmp_path: Path) -> None:
    codes = grown(make(tmp_path / "old.db"))
    anew = make(tmp_path / "new.db", origin="other")
    grown(anew)
    answer = anew.desk.check_codes(codes)

    assert found(answer) == ["past", "past", "past"]
    assert stretch(answer) == (0, codes[0].size)


def test_a_paper_that_contradicts_one_that_holds_is_told_apart(season: StoredSeason) -> None:
    first, _, last = grown(season)
    other = CheckCode.of(first.size, leaf_hash(b"another past"))
    answer = season.desk.check_codes([other, last])

    assert found(answer) == ["contradicted", "holds"]
    assert stretch(answer) == (last.size, None)
    assert not answer.ok
    assert "people were shown different pasts" in page(answer)


def test_a_code_longer_than_any_log_is_of_more_events_than_there_are(season: StoredSeason) -> None:
    answer = season.desk.check_codes([CheckCode.of(9_999_999_999_999, leaf_hash(b""))])

    assert found(answer) == ["shorter"]
    assert "there were 9,999,999,999,999 events when this was written" in page(answer)


# Receipts


@pytest.fixture
def receipts(tmp_path: Path) -> Receipts:
    return Receipts(tmp_path / "receipts.jsonl")


def kept(make: Maker, path: Path, receipts: Receipts) -> list[CheckCode]:
    season = make(path, receipts=receipts)
    codes = grown(season)
    season.do(cmd.ApproveDocument, "north", "2021-03-20", "city", document="political_report", decision="1/QĐ")
    season.desk.close()
    return codes


def test_receipts_narrow_down_what_papers_cannot(make: Maker, path: Path, receipts: Receipts) -> None:
    codes = kept(make, path, receipts)
    forge(path, codes[2].size - 1)
    with_receipts = checked(path, codes, receipts)

    assert stretch(with_receipts) == (codes[1].size, codes[2].size)
    assert with_receipts.receipts is not None
    assert with_receipts.receipts.stretch.held == codes[2].size - 2
    assert with_receipts.receipts.stretch.differs == codes[2].size - 1
    assert f"By the receipts kept on this computer, what differs is in event {codes[2].size - 1}." in page(with_receipts)


def test_of_a_log_cut_short_receipts_tell_that_the_rest_is_as_it_was(make: Maker, path: Path, receipts: Receipts) -> None:
    codes = kept(make, path, receipts)
    cut(path, codes[2].size - 1)
    answer = checked(path, codes, receipts)

    assert found(answer) == ["holds", "holds", "shorter"]
    assert f"By the receipts kept on this computer everything up to event {codes[2].size - 1} is as it was." in page(answer)


@pytest.mark.parametrize("behind", [0, 2])  # the last receipt reaches just as far as the paper, or further
def test_receipts_made_for_the_changed_log_do_not_speak_against_a_paper(
    make: Maker, path: Path, receipts: Receipts, behind: int
) -> None:
    codes = kept(make, path, receipts)
    size = codes[2].size + 1 - behind
    answer = checked(path, [codes[0], CheckCode.of(size, leaf_hash(b"another past"))], receipts)

    assert found(answer) == ["holds", "past"]
    assert answer.receipts is not None
    assert answer.receipts.fit
    assert (answer.receipts.stretch.held, answer.receipts.stretch.differs) == (size - 1, size)
    assert "The receipts kept on this computer fit the log as it stands now" in page(answer)


@pytest.mark.parametrize("lines", [None, "", "no receipt\n", '{"season": 1}\n'])
def test_without_receipts_the_codes_speak_alone(make: Maker, path: Path, tmp_path: Path, lines: str | None) -> None:
    codes = kept(make, path, Receipts(tmp_path / "elsewhere.jsonl"))
    forge(path, codes[2].size - 1)
    file = tmp_path / "receipts.jsonl"
    if lines is not None:
        file.write_text(lines, "utf-8")

    assert checked(path, codes, Receipts(file)).receipts is None


def test_receipts_of_another_log_of_the_season_are_left_aside(
    make: Maker, path: Path, tmp_path: Path, receipts: Receipts
) -> None:
    kept(make, tmp_path / "earlier.db", receipts)
    other = Receipts(tmp_path / "own.jsonl")
    codes = kept(make, path, other)
    receipts.path.write_text(receipts.path.read_text("utf-8").replace('"log": "', '"log": "00'), "utf-8")
    forge(path, codes[2].size - 1)

    assert checked(path, codes, receipts).receipts is None


# The command line


@pytest.mark.parametrize(
    "page", ["docs/audit.md", "docs/vi/kiem-toan.md", "docs/decisions/0015-check-codes.md", "docs/tutorial.md"]
)
def test_codes_on_a_page_are_codes(page: str) -> None:
    codes = re.findall(r"\b[0-9]+(?:-[0-9A-Za-z]{4}){4}-[0-9A-Za-z]{2}\b", (ROOT / page).read_text("utf-8"))

    assert len({read_check_code(code) for code in codes}) == 1


@pytest.mark.parametrize(
    ("arguments", "line"), [(["status"], "Log: "), (["status", "tay-ho"], "Log: "), (["history", "tay-ho"], "Log: ")]
)
def test_what_people_look_at_ends_with_position_and_code(pilots: Shell, arguments: list[str], line: str) -> None:
    code = pilots("--format", "json", *arguments).json["check_code"]
    ran = pilots(*arguments)

    assert ran.out.splitlines()[-1] == f"Log: 595 events · check code {code}"
    assert read_check_code(code).size == 595
    vietnamese = pilots("--lang", "vi", *arguments).out.splitlines()[-1]
    assert vietnamese == f"Nhật ký: 595 sự kiện · mã đối chiếu {code}"


def test_the_code_is_of_the_whole_log_whatever_part_is_shown(pilots: Shell) -> None:
    code = pilots("--format", "json", "status").json["check_code"]

    for arguments in (
        ["status", "--at", "500"],
        ["status", "tay-ho", "--at", "500"],
        ["history", "--limit", "1"],
        ["history", "--to", "2020-01-01"],
    ):
        assert pilots("--format", "json", *arguments).json["check_code"] == code
        assert pilots(*arguments).out.splitlines()[-1].endswith(code)


def test_a_checkpoint_comes_with_its_code_but_does_not_hold_it(pilots: Shell, secret: list[str]) -> None:
    pilots("key", "new", *secret)
    bare = pilots("checkpoint", "--key", "daihoi.key", *secret)  # with the event that it ends with
    code = pilots("--format", "json", "status").json["check_code"]
    filed = pilots("checkpoint", "--key", "daihoi.key", "--out", "one", *secret)
    told = pilots("--format", "json", "checkpoint", "--key", "daihoi.key", *secret)

    assert code in filed.out
    assert code in bare.err
    assert code not in bare.out
    assert (told.json["checkpoint"]["check_code"], told.err) == (code, "")


def test_a_paper_from_before_still_holds_after_the_season_went_on(pilots: Shell) -> None:
    code = pilots("--format", "json", "status").json["check_code"]
    pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "150")
    ran = pilots("check-code", *code.lower().split("-"))

    assert (ran.code, ran.err) == (0, "")
    assert f"✓ {code}  events 1 to 595: exactly as when this was written" in ran.out
    assert "The log has 596 events now: 1 came later." in ran.out
    assert pilots("check-code", pilots("--format", "json", "status").json["check_code"]).out.endswith("nothing came later.\n")


def test_a_changed_log_is_told_with_where_it_differs(pilots: Shell) -> None:
    code = pilots("--format", "json", "status").json["check_code"]
    forge(pilots.folder / "daihoi.db", 593)
    ran = pilots("check-code", code)
    told = pilots("--format", "json", "check-code", code)
    listed = pilots("--format", "csv", "check-code", code)

    assert (ran.code, told.code, listed.code) == (3, 3, 3)
    assert f"✗ {code}  events 1 to 595: something is not as when this was written" in ran.out
    assert "By the receipts kept on this computer, what differs is in" in ran.out
    assert (told.json["ok"], told.json["held_to"], told.json["differs_by"]) == (False, 0, 595)
    assert [(c["check_code"], c["size"], c["holds"], c["problem"]) for c in told.json["codes"]] == [(code, 595, False, "past")]
    assert 590 < told.json["receipts"]["differs_by"] < 595
    assert listed.out.splitlines()[1].startswith(f"{code},595,False,past,")
    assert "có chỗ không còn như khi ghi mã" in pilots("--lang", "vi", "check-code", code).out


def twisted(code: str) -> str:
    """The last two symbols but one group, the other way round."""
    *others, group, checks = code.split("-")
    return "-".join((*others, group[::-1], checks))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (twisted, "There is a typing error in the check code 595-"),
        (lambda code: code[:-1], "There is a typing error in the check code 595-"),
        (lambda _: "595", "595 is not a whole check code: characters are missing"),
        (lambda code: f"{code}U", "no code has the character “U”"),
    ],
)
def test_a_mistyped_code_says_nothing_about_the_log(pilots: Shell, typed: Callable[[str], str], words: str) -> None:
    code = pilots("--format", "json", "status").json["check_code"]
    ran = pilots("check-code", code, typed(code))

    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "That says nothing about the log" in ran.err
    assert pilots("--lang", "vi", "check-code", typed(code)).err.startswith("Lỗi (E-CHECK-CODE). ")
    assert pilots("--format", "json", "check-code", typed(code)).error["code"] == "E-CHECK-CODE"
    assert Shell(pilots.folder)("check-code", typed(code), DAIHOI_STORE="nowhere.db").code == 2
