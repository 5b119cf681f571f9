"""Commands that write: receipts, dry runs, repeats, versions, and what each of them records."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.cli.conftest import Ran, Shell

ID = "11111111-1111-4111-8111-111111111111"


def events(ran: Ran) -> list[tuple[str, str]]:
    assert ran.code == 0, ran
    return [(e["kind"], e["unit"]) for e in ran.json["events"]]


@pytest.fixture
def write(pilots: Shell) -> Any:
    """A writing command with JSON for an answer."""

    def run(actor: str, *arguments: str) -> Ran:
        return pilots("--format", "json", "--as", actor, *arguments)

    return run


def test_the_answer_is_a_receipt_with_the_keys_of_the_contract(write: Any) -> None:
    ran = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250")

    assert ran.code == 0
    assert set(ran.json) >= {"season", "origin", "receipt", "events", "state"}
    assert set(ran.json["receipt"]) == {"season", "origin", "first_seq", "last_seq", "leaf_hash", "size", "root", "command_id"}
    (event,) = ran.json["events"]
    assert event == {"seq": event["seq"], "kind": "fact_recorded", "unit": "hoang-mai", "version": event["version"]}
    assert ran.json["state"] == "pilot_review"


def test_its_receipt_is_added_to_the_receipts_file(write: Any, pilots: Shell) -> None:
    receipt = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250").json["receipt"]

    last = json.loads((pilots.folder / "receipts.jsonl").read_text("utf-8").splitlines()[-1])
    assert {k: last[k] for k in receipt} == receipt


def test_a_person_reads_what_was_recorded(pilots: Shell) -> None:
    ran = pilots("--as", "hoang-mai", "record", "hoàng mai", "delegates_summoned", "250")

    first, event, state, receipt = ran.out.splitlines()
    assert first == "REHEARSAL two-pilots · today is 28/4/2021"
    assert "hoang-mai: fact recorded (version" in event
    assert state == "The unit is now in pilot review."
    assert receipt.startswith("receipt: command ")


def test_a_dry_run_decides_truly_and_records_nothing(write: Any, pilots: Shell) -> None:
    ran = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250", "--dry-run")

    assert ran.json["dry_run"] is True
    assert "receipt" not in ran.json
    assert events(ran) == [("fact_recorded", "hoang-mai")]
    assert "delegates_summoned" not in pilots("--format", "json", "status", "hoang-mai").json["facts"]
    refused = write("hoang-mai", "advance", "hoang-mai", "convene", "--dry-run")
    assert refused.code == 7


def test_a_command_id_makes_repeating_safe(write: Any) -> None:
    first = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250", "--command-id", ID)
    again = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250", "--command-id", ID)
    other = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "251", "--command-id", ID)

    assert again.json["receipt"] == first.json["receipt"]
    assert again.json["repeated"] is True
    assert (other.code, other.error["code"]) == (6, "E-COMMAND-REUSED")


def test_an_expected_version_that_is_no_longer_true_is_a_conflict(write: Any) -> None:
    version = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250").json["events"][0]["version"]

    behind = write("hoang-mai", "record", "hoang-mai", "delegates_present", "240", "--expect", str(version - 1))
    right = write("hoang-mai", "record", "hoang-mai", "delegates_present", "240", "--expect", str(version))

    assert (behind.code, behind.error["code"]) == (6, "E-CONFLICT")
    assert (behind.error["expected"], behind.error["found"]) == (version - 1, version)
    assert behind.error["winner"]["last_seq"]
    assert right.code == 0


def test_without_an_actor_nothing_is_written(pilots: Shell) -> None:
    ran = pilots("record", "hoang-mai", "delegates_summoned", "250")

    assert ran.code == 2
    assert "Error (E-ACTOR). It is not said who acts. Nothing was recorded." in ran.err
    assert "--as UNIT" in ran.err


def test_the_actor_may_come_from_the_environment_with_a_person(pilots: Shell) -> None:
    ran = pilots("--format", "json", "record", "hoang-mai", "delegates_summoned", "250", DAIHOI_ACTOR="hoang-mai/nv-07")

    assert ran.code == 0
    (event,) = pilots("--format", "json", "history", "hoang-mai", "--limit", "1").json["events"]
    assert event["actor"] == {"unit": "hoang-mai", "person": "nv-07"}


def test_the_wrong_actor_is_not_allowed(write: Any) -> None:
    ran = write("tay-ho", "record", "hoang-mai", "delegates_summoned", "250")

    assert (ran.code, ran.error["code"]) == (4, "E-ROLE")
    assert ran.error["allowed"] == ["hoang-mai"]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("tay-hoo", "There is no unit tay-hoo; did you mean tay-ho"),
        ("tây hồ/7", "There is no unit tây hồ; did you mean tay-ho"),
        ("vwuu", "There is no unit vwuu; did you mean vwu"),
        ("zzz", "There is no unit zzz. Nothing was recorded."),
    ],
)
def test_an_actor_that_nobody_knows_is_no_unit_and_the_nearest_is_named(pilots: Shell, who: str, words: str) -> None:
    ran = pilots("--as", who, "record", "tay-ho", "delegates_present", "5")

    assert ran.code == 2
    assert f"Error (E-UNIT). {words}" in ran.err


def test_a_season_is_not_opened_by_somebody_it_does_not_know(shell: Shell) -> None:
    ran = shell("--as", "mong-ca", "init", "mong-cai-2021")

    assert ran.code == 2
    assert "Error (E-UNIT). There is no unit mong-ca; did you mean mong-cai" in ran.err
    assert not (shell.folder / "daihoi.db").exists()


@pytest.mark.parametrize(
    ("word", "value"), [("yes", True), ("có", True), ("đúng", True), ("no", False), ("không", False), ("sai", False)]
)
def test_a_bool_may_be_said_in_both_languages(write: Any, pilots: Shell, word: str, value: bool) -> None:
    assert write("hoang-mai", "record", "hoang-mai", "work_publicity_ready", word).code == 0
    assert pilots("--format", "json", "status", "hoang-mai").json["facts"]["work_publicity_ready"]["value"] is value


def test_a_value_of_the_wrong_type_says_which_type_it_takes(pilots: Shell) -> None:
    ran = pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "many")

    assert ran.code == 2
    assert "delegates_summoned does not take many: it takes a whole number. Nothing was recorded." in ran.err


def test_the_nearest_fact_is_named(pilots: Shell) -> None:
    ran = pilots("--as", "hoang-mai", "record", "hoang-mai", "delegates_sumoned", "250")

    assert ran.code == 2
    assert "There is no fact delegates_sumoned; did you mean delegates_summoned" in ran.err


def test_evidence_and_documents_keep_the_digest_of_the_file(write: Any, pilots: Shell) -> None:
    (pilots.folder / "list.txt").write_text("danh sách", "utf-8")
    digest = hashlib.sha256("danh sách".encode()).hexdigest()

    recorded = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250", "--evidence", "list.txt")
    filed = write("hoang-mai", "document", "file", "hoang-mai", "programme", "list.txt")

    assert (recorded.code, filed.code) == (0, 0)
    last = pilots("--format", "json", "history", "hoang-mai", "--limit", "2").json["events"]
    assert (last[0]["payload"]["evidence"], last[1]["payload"]["digest"]) == (digest, digest)
    assert pilots("--format", "json", "status", "hoang-mai").json["documents"]["programme"]["digest"] == digest


def test_a_document_is_approved_with_changes_or_returned_for_a_reason(write: Any, pilots: Shell) -> None:
    assert write("ba-dinh", "document", "file", "ba-dinh", "political_report").code == 0
    without = write("ha-noi", "document", "return", "ba-dinh", "political_report")
    returned = write("ha-noi", "document", "return", "ba-dinh", "political_report", "--reason", "thiếu số liệu")
    again = write("ha-noi", "document", "approve", "ba-dinh", "political_report")
    assert write("ba-dinh", "document", "file", "ba-dinh", "political_report").code == 0
    approved = write(
        "ha-noi", "document", "approve", "ba-dinh", "political_report", "--decision", "12/QĐ", "--with-changes", "số liệu",
        "--with-changes", "bố cục",
    )  # fmt: skip

    assert (without.code, without.error["code"]) == (2, "E-REASON")
    assert events(returned) == [("document_returned", "ba-dinh")]
    assert (again.code, again.error["code"]) == (7, "E-EDGE")
    assert events(approved) == [("document_approved", "ba-dinh")]
    document = pilots("--format", "json", "status", "ba-dinh").json["documents"]["political_report"]
    assert {k: document[k] for k in ("status", "version", "decision", "open_items")} == {
        "status": "approved_with_changes",
        "version": 2,
        "decision": "12/QĐ",
        "open_items": 2,
    }
    page = pilots("history", "ba-dinh", "--limit", "3").out
    assert "[political_report] returned, version 1; reason: thiếu số liệu" in page
    assert "to be changed: số liệu, bố cục" in page


def test_a_trigger_may_be_left_out_where_only_one_leads_on(write: Any, pilots: Shell) -> None:
    only = write("hoang-mai", "advance", "hoang-mai")
    several = write("ha-noi", "advance", "ha-noi")

    assert (only.code, only.error["trigger"]) == (7, "convene")
    assert (several.code, several.error["trigger"]) == (7, "submit")  # drawing lessons is a step too, but leads nowhere
    typo = pilots("--as", "hoang-mai", "advance", "hoang-mai", "convne")
    assert typo.code == 7
    assert "did you mean convene?" in typo.err


def test_a_step_that_is_allowed_is_taken(write: Any) -> None:
    assert write("dong-anh", "schedule", "dong-anh", "29/4/2021").code == 0
    assert write("ha-noi", "postpone", "dong-anh", "--until", "2021-05-20").code == 0
    waiting = write("dong-anh", "advance", "dong-anh", "hold")
    assert (waiting.code, waiting.error["code"]) == (7, "E-POSTPONED")
    assert events(write("ha-noi", "resume", "dong-anh")) == [("resumed", "dong-anh")]
    assert events(write("ha-noi", "postpone", "dong-anh", "--open")) == [("postponed", "dong-anh")]


def test_postponing_needs_a_day_or_the_word_that_there_is_none(write: Any) -> None:
    for options in ((), ("--open", "--until", "2021-05-20")):
        ran = write("ha-noi", "postpone", "dong-anh", *options)
        assert (ran.code, ran.error["code"]) == (2, "E-USAGE")


def test_a_waiver_is_seen_in_every_report(write: Any, pilots: Shell) -> None:
    ran = write("ha-noi", "waive", "hoang-mai", "lessons-drawn", "--basis", "CV 12", "--until", "30/6/2021")

    assert events(ran) == [("guard_waived", "hoang-mai")]
    assert "lessons-drawn" in pilots("status", "hoang-mai").out
    assert "○ lessons-drawn" in pilots("why", "hoang-mai").out
    assert "waived (event" in pilots("why", "hoang-mai").out
    assert "lessons-drawn" in pilots("status").out
    assert "basis: CV 12" in pilots("history", "hoang-mai", "--limit", "1").out
    unknown = write("ha-noi", "waive", "hoang-mai", "lessons-drwan", "--basis", "x", "--until", "30/6/2021")
    assert (unknown.code, unknown.error["code"]) == (2, "E-NAME")


def test_a_correction_keeps_both_and_needs_a_reason(write: Any, pilots: Shell) -> None:
    seq = write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250").json["events"][0]["seq"]

    without = write("hoang-mai", "correct", str(seq), "205")
    corrected = write("hoang-mai", "correct", str(seq), "205", "--reason", "ghi nhầm")

    assert (without.code, without.error["code"]) == (2, "E-REASON")
    assert events(corrected) == [("corrected", "hoang-mai")]
    assert pilots("--format", "json", "status", "hoang-mai").json["facts"]["delegates_summoned"]["value"] == 205
    page = pilots("history", "hoang-mai", "--limit", "2").out
    assert "official delegates summoned [delegates_summoned] = 250" in page
    assert f"corrects event {seq}: official delegates summoned [delegates_summoned] = 205; reason: ghi nhầm" in page
    moved = write("hoang-mai", "correct", str(seq), "--on", "2021-04-20", "--reason", "sai ngày")
    assert moved.code == 0
    assert pilots("--format", "json", "status", "hoang-mai").json["facts"]["delegates_summoned"]["on"] == "2021-04-20"
    withdrawn = write("hoang-mai", "correct", str(seq), "--withdraw", "--reason", "không có")
    assert withdrawn.code == 0
    assert "delegates_summoned" not in pilots("--format", "json", "status", "hoang-mai").json["facts"]


def test_the_last_step_can_be_annulled_by_the_superior(write: Any, pilots: Shell) -> None:
    steps = pilots("--format", "json", "replay", "hoang-mai").json["steps"]
    last = max(s["seq"] for s in steps if s["kind"] == "advanced")

    assert events(write("ha-noi", "annul", str(last), "--reason", "sai ngày")) == [("annulled", "hoang-mai")]
    assert pilots("--format", "json", "status", "hoang-mai").json["state"] == "document_approval"
    assert write("ha-noi", "annul", "1", "--reason", "x").code == 2
    assert write("ha-noi", "annul", "99999", "--reason", "x").code == 2


@pytest.mark.parametrize(
    "command", [("annul", "9999"), ("correct", "9999", "5"), ("confirm", "9999"), ("correct", "9999", "--withdraw")]
)
def test_an_event_that_is_not_there_is_looked_for_in_the_history(pilots: Shell, command: tuple[str, ...]) -> None:
    ran = pilots("--as", "ha-noi", *command, "--reason", "a slip")
    vietnamese = pilots("--lang", "vi", "--as", "ha-noi", *command, "--reason", "a slip")

    assert (ran.code, vietnamese.code) == (2, 2)
    assert "Error (E-POSITION). There is no event 9999: the log goes from 1 to 595. Nothing was recorded.\n" in ran.err
    assert "Look for the event's number with: daihoi history" in ran.err
    assert "--at" not in ran.err + vietnamese.err
    assert "Tìm số của sự kiện bằng: daihoi history" in vietnamese.err
    assert "--at" in pilots("replay", "--at", "9999").err


def test_a_step_whose_ground_has_moved_can_be_confirmed(write: Any, pilots: Shell) -> None:
    facts = pilots("--format", "json", "status", "tay-ho").json["facts"]
    seq = facts["delegates_present"]["seq"]
    held = max(s["seq"] for s in pilots("--format", "json", "replay", "tay-ho").json["steps"] if s["kind"] == "advanced")
    assert write("tay-ho", "correct", str(seq), "177", "--reason", "đếm lại").code == 0
    assert (
        f"tay-ho: step hold (event {held}) rests on what has changed since: event {seq} was corrected or annulled"
        in pilots("status").out
    )

    assert events(write("ha-noi", "confirm", str(held), "--reason", "vẫn đủ hai phần ba")) == [("confirmed", "tay-ho")]
    assert "rests on what has changed" not in pilots("status").out


def test_units_join_and_leave_and_a_roll_is_closed(write: Any, pilots: Shell) -> None:
    joined = write(
        "ha-noi", "unit", "enrol", "moi", "--name", "Quận Mới", "--level", "district", "--parent", "ha-noi", "--block", "quan"
    )

    assert events(joined) == [("unit_enrolled", "moi")]
    assert pilots("status", "Quận Mới").code == 0
    assert events(write("ha-noi", "unit", "roll", "moi", "complete")) == [("roll_set", "moi")]
    assert events(write("ha-noi", "unit", "leave", "moi", "--reason", "sáp nhập")) == [("unit_left", "moi")]
    gone = write("moi", "record", "moi", "delegates_summoned", "1")
    assert (gone.code, gone.error["code"]) == (7, "E-LEFT")
    twice = write("ha-noi", "unit", "enrol", "tay-ho", "--name", "x", "--level", "district", "--parent", "ha-noi")
    assert (twice.code, twice.error["code"]) == (7, "E-DUPLICATE")


def test_a_plan_is_put_in_force_and_shown(write: Any, pilots: Shell) -> None:
    (pilots.folder / "plan.toml").write_text(
        'id = "kh-99"\nissuer = "ha-noi"\nnumber = "99"\ntype = "KH-BTV"\nyear = 2021\ndated = 2021-04-20\nsource = "x"\n'
        'text.vi = "Kế hoạch 99"\ntext.en = "Plan 99"\n[[values]]\nname = "congress_by"\nvalue = 2021-08-31\n'
        'scope = { level = "district", pilot = false }\nsource = "II"\n',
        "utf-8",
    )

    assert events(write("ha-noi", "plan", "issue", "plan.toml")) == [("plan_issued", "season")]
    assert "99/KH-BTV of 20/4/2021" in pilots("plan", "list").out
    assert "level district, not the pilots" in pilots("plan", "show", "kh-99").out
    values = {v["name"]: v for v in pilots("--format", "json", "plan", "show", "hoàng mai").json["values"]}
    assert (values["congress_by"]["value"], values["congress_by"]["from"]["plan"]) == ("2021-08-31", "kh-99")
    assert [o["plan"] for o in values["congress_by"]["others"]] == ["kh-64-2020"]
    again = write("ha-noi", "plan", "issue", "plan.toml")
    assert (again.code, again.error["code"]) == (7, "E-DUPLICATE")
    other = write("tay-ho", "plan", "issue", "plan.toml")
    assert other.code == 4


def test_a_later_day_moves_a_rehearsal_on_and_an_earlier_one_is_a_late_record(write: Any, pilots: Shell) -> None:
    assert write("hoang-mai", "record", "hoang-mai", "delegates_summoned", "250", "--on", "02/5/2021").code == 0
    assert "today is 2/5/2021" in pilots("status").out
    assert write("hoang-mai", "record", "hoang-mai", "delegates_present", "240", "--on", "2021-04-29").code == 0
    assert "recorded 3 days late" in pilots("history", "hoang-mai", "--limit", "1").out
