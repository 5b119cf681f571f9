"""Questions: the JSON shapes of the contract, CSV, names with and without accents, and what is loaded for them."""

from __future__ import annotations

import csv
import io
import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT, Shell


def test_every_object_names_its_season_and_origin(pilots: Shell) -> None:
    for arguments in (
        ("status",), ("status", "tay-ho"), ("why", "hoang-mai"), ("history", "--limit", "1"), ("replay",), ("replay", "tay-ho"),
        ("verify",), ("plan", "list"), ("plan", "show", "tay-ho"), ("unit", "list", "tay"),
    ):  # fmt: skip
        written = pilots("--format", "json", *arguments).json
        assert (written["season"], written["origin"]) == ("hanoi-2021", "two-pilots"), arguments


def test_the_board(pilots: Shell) -> None:
    written = pilots("status", "--format", "json").json

    assert set(written) >= {"as_of", "levels", "overdue", "blocked", "notes"}
    assert written["as_of"]["date"] == "2021-04-28"
    district = next(level for level in written["levels"] if level["level"] == "district")
    assert set(district) >= {"level", "total", "states", "held", "recognised", "last_held", "due", "days_early"}
    assert (district["total"], district["held"], district["last_held"]) == (30, 1, "2021-04-15")
    assert sum(district["states"].values()) == 30
    assert set(written["overdue"][0]) >= {"unit", "since", "why"}


def test_the_board_of_a_part_and_the_units_that_are_asked_for(pilots: Shell) -> None:
    part = pilots("status", "--under", "Long Biên", "--format", "json").json
    listed = pilots("status", "--state", "pilot_review", "--format", "json").json
    late = pilots("status", "--overdue", "--level", "branch", "--format", "json").json

    assert [level["level"] for level in part["levels"] if level["total"]] == ["base", "branch"]
    assert [u["unit"] for u in listed["units"]] == ["tay-ho", "hoang-mai"]
    assert len(late["units"]) == 246


def test_where_nobody_fits_what_was_asked_for_that_is_said(pilots: Shell) -> None:
    nobody = {
        ("--overdue", "--level", "city"): ("Overdue: none", "Quá hạn: không có đơn vị nào"),
        ("--blocked", "--level", "district"): ("Blocked: none", "Đang vướng: không có đơn vị nào"),
        ("--overdue", "--level", "city", "--at", "2021-03-01"): ("Overdue: none", "Quá hạn: không có đơn vị nào"),
        ("--state", "recognised"): ("No unit fits.", "Không có đơn vị nào phù hợp."),
    }
    for asked, (english, vietnamese) in nobody.items():
        assert f"\n{english}\n" in pilots("status", *asked).out, asked
        assert f"\n{vietnamese}\n" in pilots("--lang", "vi", "status", *asked).out, asked
        assert pilots("--format", "json", "status", *asked).json["units"] == []
        assert pilots("--format", "csv", "status", *asked).out.count("\n") == 1
    assert "none" not in pilots("status", "--level", "city").out


def test_where_somebody_fits_nothing_is_said_to_be_missing(pilots: Shell) -> None:
    for asked in (("--overdue",), ("--blocked",), ("--state", "pilot_review")):
        page = pilots("status", *asked).out
        assert "none" not in page
        assert "No unit fits" not in page


def test_one_unit(pilots: Shell) -> None:
    written = pilots("--format", "json", "status", "tay ho").json

    assert set(written) >= {
        "unit", "name", "level", "parent", "pilot", "state", "since", "version", "attempt", "postponed", "planned_on", "workflow",
        "milestones", "overdue", "blocked", "documents", "facts", "children", "next", "notes",
    }  # fmt: skip
    assert (written["unit"], written["name"], written["pilot"], written["state"]) == ("tay-ho", "Tây Hồ", True, "pilot_review")
    assert written["milestones"] == {"documents_approved": "2021-03-30", "held": "2021-04-15"}
    assert set(written["workflow"]) == {"id", "version", "digest"}
    assert set(written["children"]) == {"roll", "total", "reached"}
    assert set(written["facts"]["delegates_present"]) == {"value", "on", "seq"}
    assert set(written["documents"]["political_report"]) >= {"status", "version", "digest", "decision", "open_items"}
    assert written["next"] == ["close_review"]


def test_why_names_every_verdict_and_the_smallest_way(pilots: Shell) -> None:
    written = pilots("--format", "json", "why", "Hoàng Mai").json

    (way,) = written["transitions"]
    assert (way["trigger"], way["to"], way["allowed"]) == ("convene", "election", False)
    verdicts = {v["guard"]: v for v in way["verdicts"]}
    assert [verdicts[g]["verdict"] for g in ("lessons-drawn", "delegates-summoned", "district-quarter-3", "children-held")] == [
        "unmet", "unknown", "unmet", "met",
    ]  # fmt: skip
    assert set(verdicts["lessons-drawn"]) >= {"guard", "text", "verdict", "severity", "source", "because", "todo"}
    assert verdicts["lessons-drawn"]["because"][0]["left"] is False
    assert [(t["who"], t["what"]) for t in way["smallest"]] == [
        ("ha-noi", "draw the lessons"),
        ("hoang-mai", "record delegates_summoned"),
    ]
    assert "below" not in written


def test_below_names_every_unit_that_holds_the_city_up_down_to_its_missing_paper(pilots: Shell) -> None:
    written = pilots("--format", "json", "why", "ha-noi", "--below").json
    page = pilots("why", "ha-noi", "--below").out

    missing = {below["unit"]: [m["what"] for m in below["missing"]] for below in written["below"]}
    assert "dong-anh" in missing
    assert "record delegates_present" in missing["dong-anh"]
    assert missing["hoang-mai"] == ["record delegates_summoned"]
    assert "tay-ho" not in missing
    for code in missing:
        assert code in page


def test_history(pilots: Shell) -> None:
    events = pilots("--format", "json", "history", "tay-ho").json["events"]

    assert set(events[0]) >= {"seq", "unit", "version", "kind", "effective_on", "recorded_at", "actor", "payload", "leaf_hash"}
    assert [e["version"] for e in events] == list(range(1, len(events) + 1))
    assert {e["unit"] for e in events} == {"tay-ho"}
    assert len(pilots("--format", "json", "history", "--limit", "3").json["events"]) == 3
    assert all(
        e["recorded_at"] >= "2021-04-19" for e in pilots("--format", "json", "history", "--since", "20/4/2021").json["events"]
    )


def test_replay_shows_the_season_as_it_stood(pilots: Shell) -> None:
    then = pilots("--format", "json", "replay", "--at", "2021-04-01").json

    assert then["at"]["date"] == "2021-04-01"
    assert then["units"]["tay-ho"]["state"] == "election"
    assert set(then["units"]["tay-ho"]) >= {"state", "version", "milestones"}
    assert pilots("--format", "json", "replay", "--at", "1").json["units"] == {}


def test_replay_of_a_unit_shows_every_past_verdict_as_it_was_taken(pilots: Shell) -> None:
    written = pilots("--format", "json", "replay", "tay-ho").json

    steps = [s for s in written["steps"] if s["kind"] == "advanced"]
    assert set(steps[0]) >= {"seq", "effective_on", "kind", "from", "to", "verdicts"}
    assert [(s["from"], s["to"]) for s in steps] == [
        ("preparation", "document_approval"), ("document_approval", "election"), ("election", "pilot_review"),
    ]  # fmt: skip
    quorum = next(v for v in steps[2]["verdicts"] if v["guard"] == "quorum")
    assert (quorum["verdict"], quorum["because"][0]["needs"]) == ("met", 120)
    assert written["state"] == "pilot_review"
    page = pilots("replay", "tay-ho").out
    assert "hold the congress and the election [hold]: election → pilot review, milestone: congress held" in page
    assert "✓ quorum" in page


def test_a_past_verdict_shows_the_values_read_then_whatever_was_corrected_since(pilots: Shell) -> None:
    corrected = pilots("--as", "tay-ho", "correct", "576", "170", "--reason", "counted again", "--on", "2021-04-15")
    assert corrected.code == 0, corrected

    page = pilots("replay", "tay-ho").out
    vietnamese = pilots("--lang", "vi", "replay", "tay-ho").out
    steps = pilots("--format", "json", "replay", "tay-ho").json["steps"]

    quorum = page[page.index("✓ quorum ") :]
    assert quorum.splitlines()[1:3] == [
        "      read then: delegates present (alternates who replaced somebody included) = 178 (event 576); official delegates",
        "        summoned = 180 (event 551)",
    ]
    assert "đã đọc khi ấy: số đại biểu có mặt (kể cả dự khuyết được thay) = 178 (sự kiện 576)" in vietnamese
    assert "read then: the day = 15/4/2021; the last day by which the congress has to be held = 30/4/2021" in page
    (verdict,) = (v for s in steps for v in s["verdicts"] if v["guard"] == "quorum")
    assert [(r["name"], r["value"], r["seq"]) for r in verdict["reads"]] == [
        ("fact.delegates_present", 178, 576),
        ("fact.delegates_summoned", 180, 551),
    ]


def test_verify_at_three_depths(pilots: Shell) -> None:
    for option, depth in (((), "full"), (("--fold",), "fold"), (("--hashes",), "hashes")):
        ran = pilots("--format", "json", "verify", *option)
        assert set(ran.json) >= {"ok", "depth", "events", "root", "problems", "notes"}
        assert (ran.code, ran.json["ok"], ran.json["depth"]) == (0, True, depth)
    assert "✓ The log is whole: " in pilots("verify").out
    assert "✓ Nhật ký nguyên vẹn: " in pilots("--lang", "vi", "verify").out


def test_a_log_that_was_changed_is_found_and_the_exit_code_is_three(pilots: Shell) -> None:
    import sqlite3

    with sqlite3.connect(pilots.folder / "daihoi.db") as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("UPDATE log SET leaf = replace(leaf, 'delegates_present', 'delegates_prosent') WHERE seq = 576")
    database.close()

    ran = pilots("verify")
    written = pilots("--format", "json", "verify")

    assert (ran.code, written.code) == (3, 3)
    assert "✗ The log is NOT whole: " in ran.out
    assert "event 576 tay-ho: its content does not match its hash" in ran.out
    assert any((p["seq"], p["unit"], p["problem"]) == (576, "tay-ho", "leaf_hash") for p in written.json["problems"])


def test_a_log_that_was_cut_is_found_by_the_receipts(pilots: Shell) -> None:
    receipt = pilots("--format", "json", "--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "250").out
    (pilots.folder / "kept.json").write_text(receipt.replace("\n", ""), "utf-8")
    ok = pilots("verify", "--receipt", "kept.json")

    assert (ok.code, "Receipts compared: 1, up to event 596." in ok.out) == (0, True)


def test_the_tables_come_as_csv_too(pilots: Shell) -> None:
    tables = {"status": "level", "unit list": "unit", "history": "seq", "replay": "unit", "plan list": "plan"}
    for command, first in tables.items():
        ran = pilots("--format", "csv", *command.split())
        assert ran.out.count("\N{BYTE ORDER MARK}") == 1
        rows = list(csv.reader(io.StringIO(ran.out.removeprefix("\N{BYTE ORDER MARK}"))))
        assert ran.code == 0
        assert rows[0][0] == first
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 2


def test_a_csv_file_tells_excel_that_it_is_utf_8(pilots: Shell) -> None:
    path = pilots.folder / "units.csv"
    with path.open("w") as file:
        pilots.process("--format", "csv", "unit", "list", "tay-ho", stdout=file)

    assert path.read_bytes().startswith(b"\xef\xbb\xbfunit,name,")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (unit,) = csv.DictReader(file)
    assert (unit["unit"], unit["name"]) == ("tay-ho", "Tây Hồ")
    assert "\N{BYTE ORDER MARK}" not in pilots.process("--format", "json", "unit", "list", "tay-ho").out


def test_units_are_found_by_code_name_or_half_a_name(pilots: Shell) -> None:
    for name in ("tay-ho", "Tây Hồ", "tay ho", "TÂY HỒ", "Ta\u0302y Ho\u0302\u0300"):
        assert pilots("--format", "json", "status", name).json["unit"] == "tay-ho"
    assert [u["unit"] for u in pilots("--format", "json", "unit", "list", "yen vien").json["units"]] == [
        u["unit"] for u in pilots("--format", "json", "unit", "list", "yên viên").json["units"]
    ]
    assert pilots("unit", "list", "zzz").out.endswith("No unit fits.\n")


def test_another_day_for_today(pilots: Shell) -> None:
    late = pilots("--format", "json", "why", "tay-ho", "--on", "2021-05-20").json
    board = pilots("--format", "json", "status", "--on", "2021-10-15").json

    assert late["as_of"]["date"] == "2021-05-20"
    assert board["as_of"]["date"] == "2021-10-15"
    assert len(board["overdue"]) > len(pilots("--format", "json", "status").json["overdue"])


def test_the_vietnamese_board_is_in_words(pilots: Shell) -> None:
    page = pilots("--lang", "vi", "status").out

    assert page.startswith("DIỄN TẬP two-pilots · hôm nay là 28/4/2021\nToàn kỳ đại hội · tính đến 28/4/2021")
    assert "chuẩn bị 27, rút kinh nghiệm điểm 2, bầu cử 1" in page
    assert "246 đơn vị quá hạn 31/3/2021: lb-chi-hoi-001" in page


def test_english_says_the_words_of_the_procedure_too(pilots: Shell) -> None:
    board, unit, course = pilots("status").out, pilots("status", "tay-ho").out, pilots("replay", "dong-anh").out
    below = pilots("why", "ha-noi", "--below").out

    assert "preparation 27, pilot review 2, election 1" in board
    assert "  base unit   0/86  " in board
    assert "Tây Hồ (tay-ho) · district · in pilot review [pilot_review] since 15/4/2021" in unit
    assert "  report to the congress [political_report] " in unit
    assert "  official delegates summoned [delegates_summoned] " in unit
    assert "Next: close the review of the pilot [close_review]." in unit
    assert "in convened: congress and election [election] on 28/4/2021" in course
    assert "record delegates_summoned" in below


def test_status_as_json_loads_neither_rich_nor_cattrs(pilots: Shell) -> None:
    code = (
        "import sys; sys.argv = ['daihoi', 'status', '--format', 'json']\nfrom cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    environment = pilots._environment({}) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=pilots.folder, env=environment, capture_output=True, encoding="utf-8", check=True
    )

    loaded = set(done.stderr.splitlines()[-1].split())
    assert not loaded & {"rich", "cattrs", "cattr", "workflows", "lark", "alembic", "platformdirs"}


@pytest.mark.parametrize("command", ["list", "show", "diagram", "check"])
def test_procedures_can_be_read_checked_and_drawn(shell: Shell, command: str) -> None:
    ran = shell("workflow", command, *(() if command == "list" else ("district-congress",)))

    expected = {
        "list": "district-congress",
        "show": "quorum  At least two thirds of the summoned delegates are present",
        "diagram": "stateDiagram",
        "check": "district-congress: no mistake.",
    }[command]
    assert ran.code == 0
    assert expected in ran.out


def test_a_procedure_is_shown_with_what_its_rules_rest_on(shell: Shell) -> None:
    page = shell("workflow", "show", "district-congress").out
    vietnamese = shell("--lang", "vi", "workflow", "show", "district-congress").out

    def below(said: str, head: str) -> list[str]:
        lines = said.splitlines()
        return lines[next(n for n, line in enumerate(lines) if line.startswith(head)) :]

    assert below(page, "    · documents-in-time ")[1:4] == [
        "        on < plan.documents_approved_before",
        "        for units where unit.pilot · source: 71/KH-BTV, IV · certainty A · way out: waive · reads from plans:",
        "        documents_approved_before",
    ]
    assert below(page, "hold: election → recognition")[1:4] == [
        '    for units where !unit.pilot && !unit.tag("appointed")',
        "    awards: congress held [held]",
        "    source: 71/KH-BTV, III.2",
    ]
    assert "draw_lessons: preparation, document_approval, pilot_review, election → the same state" in page
    assert below(page, "refuse_recognition:")[1:3] == [
        "    leads back",
        "    revokes: congress held [held], pilot congress reviewed [reviewed]",
    ]
    assert "  held                hold, announce_appointment  congress held" in page
    assert "congress-in-time, preparation, document_approval, election" in page
    assert "        với đơn vị có unit.pilot · nguồn: 71/KH-BTV, IV · độ chắc chắn A · lối ra: waive" in vietnamese
    assert "    đạt mốc: đã tổ chức đại hội [held]" in vietnamese
    assert "  Mốc " in vietnamese
    assert "  Giá trị kế hoạch " in vietnamese


def test_a_procedure_as_json_says_what_reads_and_awards_what(shell: Shell) -> None:
    written = shell("--format", "json", "workflow", "show", "district-congress").json

    guards = {guard["id"]: guard for guard in written["guards"]}
    values = {value["id"]: value for value in written["plan_values"]}
    assert guards["documents-in-time"]["plan_values"] == ["documents_approved_before"]
    assert (guards["documents-in-time"]["way_out"], guards["documents-in-time"]["certainty"]) == ("waive", "A")
    assert guards["quorum"]["plan_values"] == []
    assert values["congress_by"]["read_by"] == ["congress-in-time"]
    assert {m["id"]: m["awarded_by"] for m in written["milestones"]}["held"] == ["hold", "announce_appointment"]
    refused = next(t for t in written["transitions"] if t["trigger"] == "refuse_recognition")
    assert (refused["revokes"], refused["new_attempt"]) == (["held", "reviewed"], True)
    report = next(d for d in written["documents"] if d["id"] == "political_report")
    assert (report["source"], report["needed_before"]) == ("71/KH-BTV, III.1, IV", ["submit"])


def test_a_procedure_with_mistakes_is_told_all_of_them_and_exits_two(shell: Shell) -> None:
    (shell.folder / "mine.toml").write_text('id = "mine"\nversion = "1"\ninitial = "start"\ntext.vi = "a"\n', "utf-8")

    ran = shell("workflow", "check", "mine.toml")
    written = shell("--format", "json", "workflow", "check", "mine.toml")
    vietnamese = shell("--lang", "vi", "workflow", "check", "mine.toml")

    assert (ran.code, written.code, vietnamese.code) == (2, 2, 2)
    assert "mistakes." in ran.out
    assert set(written.json) >= {"ok", "problems"}
    assert written.json["ok"] is False
    assert {"code", "where", "message", "severity"} <= set(written.json["problems"][0])
    assert "lỗi." in vietnamese.out


def test_the_bundled_seasons_have_no_mistake(shell: Shell) -> None:
    for season in ("hanoi-2021", "mong-cai-2021"):
        ran = shell("season", "check", season)
        assert ran.code == 0, ran.out


def test_the_history_is_narrowed_and_says_what_has_to_be_seen(pilots: Shell) -> None:
    corrected = pilots("--as", "tay-ho", "correct", "576", "170", "--reason", "counted again")
    assert corrected.code == 0, corrected

    def told(*options: str) -> list[int]:
        return [event["seq"] for event in pilots("--format", "json", "history", *options).json["events"]]

    page = pilots("history", "Tây Hồ", "--kind", "corrected", "--kind", "fact_recorded").out
    vietnamese = pilots("--lang", "vi", "history", "tay-ho", "--limit", "1", "--color", "always").out
    events = {e["seq"]: e for e in pilots("--format", "json", "history", "--by", "tay-ho", "--from", "2021-04-15").json["events"]}
    last = max(events)

    assert f"corrected by event {last}" in page
    name = "delegates present (alternates who replaced somebody included) [delegates_present]"
    assert f" {last} 15/4/2021 tay-ho corrects event 576: {name} = 170; reason: counted again" in " ".join(page.split())
    assert (
        "Số đại biểu có mặt (kể cả dự khuyết được thay) [delegates_present] = 170; lý do: counted again"
        in pilots("--lang", "vi", "history", "tay-ho", "--limit", "1").out
    )
    assert "recorded 13 days late" in page
    assert "ghi muộn 13 ngày" in vietnamese
    assert "\x1b[34m" in vietnamese  # what corrects has a colour of its own,
    assert "\x1b[33m" in vietnamese  # and so has what came late
    assert {"code": "corrects", "words": "corrects event 576", "seq": 576} in events[last]["marks"]
    assert events[last]["late"] == 13
    assert told("--guard", "quorum", "--until", "2021-04-28") == told("tay-ho", "--guard", "quorum")
    assert set(told("tay-ho")) < set(told("--under", "ha-noi"))
    assert told("--late", "12", "--since", "2021-04-28", "--kind", "corrected") == [last]
    assert told("--to", "2019-01-01") == []


def test_what_the_history_does_not_know_is_refused_with_a_guess(pilots: Shell) -> None:
    kind, guard = pilots("history", "--kind", "correct"), pilots("--lang", "vi", "history", "--guard", "quorun")

    assert (kind.code, "There is no kind of event correct" in kind.err, "corrected" in kind.err) == (2, True, True)
    assert (guard.code, "quorum" in guard.err) == (2, True)


def test_the_season_and_a_unit_are_shown_as_they_were_known(pilots: Shell) -> None:
    corrected = pilots("--as", "tay-ho", "correct", "576", "170", "--reason", "counted again")
    assert corrected.code == 0, corrected

    then = pilots("--format", "json", "replay", "tay-ho", "--known-at", "2021-04-15").json
    instant = pilots("--format", "json", "replay", "--known-at", "2021-04-15T23:00+07:00").json
    page = pilots("replay", "--at", "2021-04-01", "--known-at", "2021-04-15").out
    vietnamese = pilots("--lang", "vi", "replay", "tay-ho", "--known-at", "2021-04-15 23:00").out

    assert (then["state"], then["as_of"]["known_at"]) == ("pilot_review", "2021-04-15")
    assert then["steps"][-1]["kind"] == "advanced"
    assert instant["at"] == {"seq": then["as_of"]["seq"], "date": "2021-04-15", "known_at": "2021-04-15T23:00:00+07:00"}
    assert "The season as it stood on 1/4/2021, after event " in page
    assert ", as it was known at the end of 15/4/2021\n" in page
    assert ", theo những gì đã biết lúc 23:00:00 +07 ngày 15/4/2021\n" in vietnamese
    assert "known_at" not in pilots("--format", "json", "replay", "--at", "2021-04-15").json["at"]


def test_an_instant_that_is_none_and_one_before_the_log_are_refused(pilots: Shell) -> None:
    none, early = pilots("replay", "--known-at", "2021-04-15T25:00"), pilots("replay", "--known-at", "01/1/2019")

    assert (none.code, "2021-04-15T25:00 is neither a date" in none.err) == (2, True)
    assert (early.code, "Nothing had been recorded by 1/1/2019" in early.err) == (2, True)
    assert "--known-at" in early.err


def test_what_changed_between_two_moments_is_told_in_words_and_as_json(pilots: Shell) -> None:
    page = pilots("replay", "tay-ho", "--from", "2021-04-01", "--to", "16/4/2021").out
    vietnamese = pilots("--lang", "vi", "replay", "--from", "574", "--to", "576", "--known-at", "2021-04-20").out
    written = pilots("--format", "json", "replay", "--from", "575", "--to", "576").json
    table = list(csv.reader(io.StringIO(pilots("--format", "csv", "replay", "--from", "575", "--to", "576").out)))
    nothing = pilots("replay", "--from", "576", "--to", "576").out

    assert "What changed between 1/4/2021 and 16/4/2021\n\nTây Hồ (tay-ho) · district\n" in page
    assert "\n  state: convened: congress and election [election] → pilot review [pilot_review]\n" in page
    assert "\n  milestone: congress held: — → 15/4/2021\n" in page
    assert "(sự kiện 574) đến " in vietnamese
    assert ", theo những gì đã biết đến hết ngày 20/4/2021\n" in vietnamese
    (change,) = written["units"]["tay-ho"]["changes"]
    assert (change["what"], change["name"], change["before"], change["after"]) == ("fact", "delegates_present", None, 178)
    assert (written["from"]["seq"], written["to"]["seq"], written["plans"]) == (575, 576, [])
    assert table[1] == ["tay-ho", "fact", "delegates_present", "", "178"]
    assert nothing.endswith("Nothing changed.\n")


def test_moments_that_do_not_go_together_are_refused(pilots: Shell) -> None:
    for asked in (("--to", "5"), ("--from", "3", "--at", "4"), ("--from", "40", "--to", "30"), ("--from", "1", "--to", "9999")):
        assert pilots("replay", *asked).code == 2, asked
    assert "30 is before 40" in pilots("replay", "--from", "40", "--to", "30").err
    assert "30/4/2021 đứng trước 01/5/2021" in pilots("--lang", "vi", "replay", "--from", "01/5/2021", "--to", "30/4/2021").err


def test_a_units_course_is_gone_through_step_by_step(pilots: Shell) -> None:
    whole = pilots("replay", "tay-ho").out
    last = next(line for line in whole.splitlines() if line.startswith("Step by step: "))
    command = last.removeprefix("Step by step: daihoi ").split()
    page = pilots(*command).out
    written = pilots("--format", "json", *command).json
    before = pilots(
        *next(line for line in page.splitlines() if line.startswith("Before: ")).removeprefix("Before: daihoi ").split()
    )
    first = pilots("--lang", "vi", "replay", "tay ho", "--step", "1").out

    assert (written["step"], written["of"], written["next"], written["previous"]) == (
        *[int(command[-1])] * 2,
        None,
        int(command[-1]) - 1,
    )
    assert written["state"] == "pilot_review"
    assert {"what", "name", "before", "after", "words"} == set(written["changes"][0])
    assert "✓ quorum" in page
    assert "read then: " in page
    assert "\nWhat it changed\n  state: " in page
    assert "\n  milestone: congress held: — → 15/4/2021\n" in page
    assert "Next: " not in page
    assert f"Next: {last.removeprefix('Step by step: ')}" in before.out
    assert "Bước sau: daihoi replay tay-ho --step 2" in first
    assert "Bước trước" not in first


def test_a_step_goes_with_one_unit_and_no_other_moment(pilots: Shell) -> None:
    for asked in (("--step", "1"), ("tay-ho", "--step", "1", "--at", "5"), ("tay-ho", "--step", "1", "--from", "5")):
        refused = pilots("replay", *asked)
        assert (refused.code, "--step shows one step of one unit" in refused.err) == (2, True), asked
    assert "There is no step 999: " in pilots("replay", "tay-ho", "--step", "999").err
