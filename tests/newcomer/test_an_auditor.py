"""Two visits as the auditor's page tells them, and one unit's past rewritten between them: by each means on its own it is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.cli.conftest import played
from tests.house.transcript import agrees
from tests.newcomer.course import Course, begun, done, run_verifier

__all__ = ["played"]

LANGUAGES = ("en", "vi")


def says(language: str, *, en: str, vi: str) -> str:
    return {"en": en, "vi": vi}[language]


@pytest.fixture(scope="module", params=LANGUAGES)
def honest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, played: Path) -> Course:
    return begun(request.param, tmp_path_factory.mktemp("honest"), played)


@pytest.fixture(scope="module", params=LANGUAGES)
def rewritten(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, played: Path) -> Course:
    course = begun(request.param, tmp_path_factory.mktemp("rewritten"), played, Course.somebody_rewrites)
    course.heard["from inside"] = course.other(course.office, "verify")
    course.heard["signed on"] = course.type(course.office, "daihoi checkpoint --key daihoi.key --since")
    course.office_signs_all_the_same()
    return course


def test_where_nothing_was_rewritten_every_answer_is_yes(honest: Course) -> None:
    office, home = honest.office, honest.home
    done(honest.type(office, "daihoi checkpoint --key daihoi.key --since"))
    honest.hand_over("2021-10.checkpoint", "2021-10.proof")
    cosigned = done(honest.type(home, "daihoi witness 2021-10.checkpoint"))
    (office.folder / "2021-10.cosigned").write_bytes((home.folder / "2021-10.cosigned").read_bytes())
    done(honest.type(office, "daihoi audit bundle 2021-10.zip"))
    honest.hand_over("2021-10.zip")
    honest.carry_copy(honest.copies[1])
    copy = ("--store", honest.copies[1])
    whole = done(honest.type(home, "daihoi audit verify", *copy, "--receipt", "500.receipt", "--receipt", "597.receipt"))
    alone = honest.other(home, "audit", "verify", "--hashes", *copy, "--checkpoint", "2021-04.checkpoint", "--policy", "policy")
    compared = done(honest.type(home, "daihoi audit diff"))
    code = done(honest.other(home, *copy, "check-code", honest.code.lower()))
    checked = done(honest.verifier())
    done(honest.type(home, "daihoi audit prove", *copy))
    shown = done(honest.type(home, "daihoi audit check tay-ho.tlog-proof"))
    papers = done(honest.other(office, *honest.line("daihoi evidence check")[1:]))

    assert (
        says(honest.language, en="goes on from what you cosigned last", vi="nối tiếp điểm chốt lần trước bạn đã cùng ký")
        in cosigned.out
    )
    assert says(honest.language, en="still holds what the checkpoint", vi="còn giữ đúng điều mà điểm chốt") in whole.out
    assert (alone.code, "✗" in alone.out) == (3, True)  # nobody has cosigned that one
    assert says(honest.language, en="The log is whole (601", vi="Nhật ký nguyên vẹn (601") in alone.out
    assert says(honest.language, en="3 events more", vi="có thêm 3 sự kiện") in compared.out
    assert says(honest.language, en="exactly as when this was written", vi="vẫn nguyên như khi ghi mã") in code.out
    assert says(honest.language, en="All that was asked holds.", vi="Mọi điều được xét đều đúng.") in checked.out
    assert says(honest.language, en="recorded at 01:00 UTC, 15/4/2021", vi="ghi lúc 01:00 UTC, 15/4/2021") in shown.out
    assert says(honest.language, en="✓ The file that the log names is there", vi="✓ Có đủ tệp") in papers.out


def test_from_inside_the_file_nothing_is_to_be_seen(rewritten: Course) -> None:
    inside = rewritten.heard["from inside"]

    assert inside.code == 0, inside
    assert (
        says(rewritten.language, en="There are no receipts to compare with", vi="Không có biên nhận để đối chiếu") in inside.out
    )


def test_the_office_cannot_sign_it_as_what_goes_on_and_the_witness_does_not_cosign(rewritten: Course) -> None:
    signed_on = rewritten.heard["signed on"]
    words = rewritten.line("daihoi witness 2021-10.checkpoint")
    at = words.index("--proof")
    witness = rewritten.home("--lang", rewritten.language, *words[1:at], *words[at + 2 :], "--passphrase-file", "../passphrase")

    assert (signed_on.code, "E-PAST" in signed_on.err, "daihoi audit diff" in signed_on.err) == (3, True, True)
    assert (
        says(rewritten.language, en="are not those that were signed then", vi="không phải là những sự kiện đã được ký khi ấy")
        in signed_on.err
    )
    assert (witness.code, "E-WITNESS" in witness.err) == (3, True)
    assert says(rewritten.language, en="without a proof nobody sees", vi="thiếu bằng chứng thì không thấy được") in witness.err
    assert not (rewritten.home.folder / "2021-10.cosigned").exists()


def test_whoever_left_the_record_at_home_is_warned_before_any_past_is_taken_for_the_first(rewritten: Course) -> None:
    words = rewritten.line("daihoi witness 2021-10.checkpoint")
    at = words.index("--state")
    forgotten = [*words[1 : at + 1], "another", "--out", "x"]
    told = rewritten.home("--lang", rewritten.language, *forgotten[: forgotten.index("--state")], *forgotten[-4:])

    assert told.code == 3, told
    assert (
        says(
            rewritten.language, en="If you cosigned this log before, stop", vi="Nếu bạn đã từng cùng ký nhật ký này thì dừng lại"
        )
        in told.err
    )


def test_the_checkpoint_and_the_policy_tell_that_something_was_changed(rewritten: Course) -> None:
    told = rewritten.type(rewritten.home, "daihoi audit verify", "--store", rewritten.copies[1])

    assert told.code == 3
    assert (
        says(rewritten.language, en="NOT whole: 1 problem in 601 events", vi="KHÔNG nguyên vẹn: 1 chỗ sai trong 601 sự kiện")
        in told.out
    )
    assert (
        says(rewritten.language, en="the first 598 events are not those", vi="598 sự kiện đầu không phải là những sự kiện")
        in told.out
    )
    assert "audit.example/committee" in told.out  # the checkpoint itself is in order


def test_the_copy_tells_which_unit_which_event_and_what_stands_on_either_side(rewritten: Course) -> None:
    """As the page shows it, word by word, and what has to be done now."""
    told = rewritten.type(rewritten.home, "daihoi audit diff")
    shown = rewritten.page.split("```\n✗ ", 1)[1].split("```", 1)[0]

    assert told.code == 3
    assert agrees(["…", *f"✗ {shown}".splitlines(), "…"], told.out.splitlines()), told.out
    assert told.out.splitlines()[-1] == says(
        rewritten.language,
        en="What to do now: change nothing in either, keep both, and do not cosign. The units concerned show the papers behind these"
        " events and the receipts they kept; the office says who could write to the file. Tell the other witnesses and the level above.",
        vi="Việc phải làm ngay: không sửa gì ở cả hai bản, giữ cả hai, và không cùng ký. Đơn vị liên quan đưa ra văn bản làm căn cứ cho"
        " các sự kiện ấy và biên nhận đã giữ; cơ quan cho biết ai ghi được vào tệp. Báo cho các bên chứng kiến khác và cấp trên.",
    )


def test_a_program_is_told_the_same(rewritten: Course) -> None:
    told = rewritten.home("--format", "json", "--lang", rewritten.language, "audit", "diff", *rewritten.copies).json
    (unit,) = told["parting"]["units"]
    (pair,) = unit["first"]

    assert (unit["unit"], unit["events"], pair["seq"]) == ("hoang-mai", 1, 596)
    assert (pair["old"]["words"], pair["new"]["words"]) == ("delegates_summoned = 250", "delegates_summoned = 255")
    assert [change["where"] for change in pair["changes"]] == [["payload", "evidence"], ["payload", "value"]]


def test_the_code_on_paper_tells_that_something_differs(rewritten: Course) -> None:
    told = rewritten.other(rewritten.home, "--store", rewritten.copies[1], "check-code", rewritten.code.lower().replace("-", " "))

    assert told.code == 3
    assert (
        says(rewritten.language, en="Something in events 1 to 598 differs.", vi="Có chỗ khác trong các sự kiện từ 1 đến 598")
        in told.out
    )


def test_the_receipts_tell_between_which_events(rewritten: Course) -> None:
    copy = ("--store", rewritten.copies[1])
    early = rewritten.other(rewritten.home, "audit", "verify", *copy, "--hashes", "--receipt", "500.receipt")
    both = rewritten.other(
        rewritten.home, "audit", "verify", *copy, "--hashes", "--receipt", "500.receipt", "--receipt", "597.receipt"
    )

    assert early.code == 0  # it speaks of nothing that came after it
    assert both.code == 3
    assert (
        says(
            rewritten.language,
            en="events 1 to 500 are as they were; of events 501 to 597 at least one is not",
            vi="sự kiện 1 đến 500 còn nguyên; trong các sự kiện 501 đến 597 có ít nhất một sự kiện không còn như cũ",
        )
        in both.out
    )


def test_the_unit_that_kept_the_receipt_of_the_event_holds_the_proof(rewritten: Course) -> None:
    with closing(sqlite3.connect(rewritten.home.folder / rewritten.copies[0])) as raw:
        first, kept = raw.execute(
            "SELECT l.leaf_hash, c.receipt FROM log l, command c WHERE l.seq = 1 AND c.first_seq = 596"
        ).fetchone()
    receipts = [{**json.loads(kept), "log": first.hex()}]
    (rewritten.home.folder / "596.receipt").write_text(json.dumps(receipts[0]) + "\n", "utf-8")

    told = rewritten.other(
        rewritten.home, "audit", "verify", "--store", rewritten.copies[1], "--hashes", "--receipt", "596.receipt"
    )

    assert told.code == 3
    assert (
        says(rewritten.language, en="event 596 hoang-mai: not the event", vi="sự kiện 596 hoang-mai: không phải sự kiện")
        in told.out
    )


def test_the_bundle_tells_it_on_a_machine_without_us(rewritten: Course) -> None:
    """The new checkpoint was not cosigned, so the policy is not satisfied; the page says how to ask for the rest by the key alone."""
    ended = rewritten.verifier()
    words = ["verify.py", "2021-10.zip", "--key", rewritten.log, "--checkpoint", "2021-04.cosigned", "--lang", rewritten.language]
    told = run_verifier(rewritten.home.folder, *words)

    assert (ended.code, "--key" in ended.out) == (3, True)
    assert f'`python3 {words[0]} {words[1]} --key "daihoi/hanoi-2021/live/…" {" ".join(words[4:6])}' in rewritten.page
    assert says(rewritten.language, en="there are too few witnesses", vi="các bên chứng kiến chưa đủ") in ended.out
    assert told.code == 3
    for heard in (ended, told):
        assert says(rewritten.language, en="the past was rewritten", vi="quá khứ đã bị viết lại") in heard.out
        assert says(rewritten.language, en="no other bundle mends that", vi="gói khác cũng không sửa được điều đó") in heard.out


def test_two_bundles_tell_it_line_by_line(rewritten: Course) -> None:
    april, october = (_leaves(rewritten.home.folder / name) for name in ("2021-04.zip", "2021-10.zip"))
    differing = [number for number, (old, new) in enumerate(zip(april, october, strict=False), 1) if old != new]

    assert differing == [596]
    assert (json.loads(april[595])["unit"], json.loads(october[595])["payload"]["value"]) == ("hoang-mai", 255)


def _leaves(bundle: Path) -> list[str]:
    with ZipFile(bundle) as opened:
        return opened.read("leaves.jsonl").decode().splitlines()


def test_the_views_show_both_pasts_to_whoever_asks_in_sql(rewritten: Course) -> None:
    said = []
    for copy in rewritten.copies:
        with closing(sqlite3.connect(rewritten.home.folder / copy)) as raw:
            said.append(
                raw.execute("SELECT value FROM v_facts WHERE unit = 'hoang-mai' AND fact = 'delegates_summoned'").fetchall()
            )

    assert said == [[("250",)], [("255",)]]


def test_the_paper_that_the_office_shows_is_the_one_of_the_new_past_alone(rewritten: Course) -> None:
    folder = str(rewritten.office.folder / rewritten.line("daihoi evidence check")[-1])
    old, new = (rewritten.other(rewritten.home, "--store", copy, "evidence", "check", folder) for copy in rewritten.copies)

    assert (old.code, new.code) == (3, 0)
    assert "delegates.txt" in old.out  # among those that no event names


def test_an_office_that_lost_its_key_goes_on_under_another(honest: Course) -> None:
    """As the page says: the old checkpoint by the old key, a new record, and both keys in the policy."""
    office, home, secret = honest.office, honest.home, ("--passphrase-file", "../passphrase")
    key = office("--format", "json", "key", "new", "--out", "new.key", *secret).json["key"]["public"]
    done(office("checkpoint", "--key", "new.key", "--out", "new.checkpoint", *secret))
    honest.hand_over("new.checkpoint")
    honest.carry_copy("lost.db")
    state = honest.line("daihoi witness 2021-10.checkpoint")
    words = ["witness", "new.checkpoint", "--key", "witness.key", "--log", key, "--out", "new.cosigned", *secret]
    known = home("--lang", honest.language, *words, "--state", state[state.index("--state") + 1])
    done(home(*words, "--state", "record-of-the-new-key"))
    policy = home.folder / "policy"
    (home.folder / "both").write_text(f"log {key}\n{policy.read_text('utf-8')}", "utf-8")
    by_both = [
        home("--store", "lost.db", "audit", "verify", "--hashes", "--checkpoint", name, "--policy", "both")
        for name in ("2021-04.cosigned", "new.cosigned")
    ]

    assert (known.code, "E-WITNESS" in known.err) == (3, True)
    assert (
        says(honest.language, en="in writing why its log has another key", vi="bằng văn bản vì sao nhật ký có khóa khác")
        in known.err
    )
    assert [ran.code for ran in by_both] == [0, 0], by_both
