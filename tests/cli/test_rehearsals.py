"""Opening seasons, scenarios and the demo."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell


def test_a_season_is_opened_in_the_name_of_its_board_and_is_no_rehearsal(shell: Shell) -> None:
    ran = shell("init", "mong-cai-2021")

    assert ran.code == 0
    assert ran.out.startswith("The season is open: ")
    assert "REHEARSAL" not in ran.out + shell("status").out
    written = shell("--format", "json", "status").json
    assert (written["season"], written["origin"]) == ("mong-cai-2021", "live")
    (first, *_) = shell("--format", "json", "history", "season").json["events"]
    assert first["kind"] == "season_opened"


def test_a_dry_run_of_init_leaves_no_file(shell: Shell) -> None:
    ran = shell("init", "mong-cai-2021", "--dry-run")

    assert ran.code == 0
    assert "Dry run" in ran.out
    assert not list(shell.folder.glob("*.db*"))


def test_a_scenario_that_is_not_kept_leaves_nothing(shell: Shell) -> None:
    ran = shell("scenario", "run", "two-pilots")

    assert ran.code == 0
    assert ran.out.startswith("REHEARSAL two-pilots · today is 28/4/2021\nThe scenario went as it should: ")
    assert list(shell.folder.iterdir()) == []


def test_a_kept_scenario_is_written_over_nothing(pilots: Shell) -> None:
    before = (pilots.folder / "daihoi.db").read_bytes()

    assert pilots("scenario", "run", "two-pilots", "--keep").code == 5
    assert (pilots.folder / "daihoi.db").read_bytes() == before
    elsewhere = pilots("--format", "json", "scenario", "run", "two-pilots", "--keep", "again.db")
    assert elsewhere.json["kept"] == "again.db"
    assert pilots("--store", "again.db", "status").code == 0


def test_a_scenario_that_goes_otherwise_says_where_and_keeps_nothing(shell: Shell) -> None:
    (shell.folder / "wrong.toml").write_text(
        'id = "wrong"\nseason = "hanoi-2021"\ntext.vi = "a"\ntext.en = "a"\n'
        '[[acts]]\non = 2021-03-01\nunit = "hoang-mai"\nadvance = "submit"\n',
        "utf-8",
    )

    ran = shell("scenario", "run", "./wrong.toml", "--keep")

    assert ran.code == 1
    assert (
        "wrong.toml, line 5: act 1 (acts[1]) on 1/3/2021, hoang-mai: should have been accepted, but was refused (E-GUARD)."
        in ran.err
    )
    assert "guards stand before submit" in ran.err
    assert not list(shell.folder.glob("*.db*"))
    assert "lẽ ra được chấp nhận, nhưng bị từ chối (E-GUARD)" in shell("--lang", "vi", "scenario", "run", "./wrong.toml").err


@pytest.mark.slow
def test_the_demo_plays_the_season_and_ends_with_the_proof(shell: Shell) -> None:
    ran = shell("demo", "--keep", "demo.db")

    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("REHEARSAL hanoi-2021 · today is ")
    assert "Refused (E-GUARD)" in ran.out
    assert "Refused (E-ROLE)" in ran.out
    ends = [ran.out.index(f"$ daihoi {c}") for c in ("status", "history tay-ho", "replay --at 02/5/2021", "verify")]
    assert ends == sorted(ends)
    assert "✓ The log is whole: " in ran.out

    board = shell("--store", "demo.db", "status", "--under", "long-bien", "--format", "json").json
    levels = {level["level"]: level for level in board["levels"]}
    assert (levels["branch"]["held"], levels["branch"]["total"]) == (246, 246)
    base = levels["base"]
    assert (base["held"], base["total"], base["last_held"], base["due"], base["days_early"]) == (
        16,
        16,
        "2021-05-04",
        "2021-05-30",
        26,
    )
    assert json.dumps(board)


def test_the_demo_as_json_is_one_object(shell: Shell) -> None:
    written = shell("demo", "--format", "json").json

    assert written["ok"] is True
    assert written["verify"]["ok"] is True
    assert set(written) >= {"season", "origin", "status", "history", "replay"}
