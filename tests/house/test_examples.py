"""The examples of the guide are usable as they stand, without a word of Python."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.house.transcript import Session


def test_a_housing_cooperative_runs_from_its_files_alone(tmp_path: Path) -> None:
    session = Session(tmp_path, "en")

    assert session.run("daihoi season check examples/housing/song-xanh-2026.toml") == (
        0,
        ["examples/housing/song-xanh-2026.toml: no mistake."],
    )
    code, printed = session.run("daihoi scenario run examples/housing/spring-2026.toml --keep")
    assert (code, printed[1]) == (
        0,
        "The scenario went as it should: 35 commands accepted, 4 refused as expected, 2 checks held.",
    )
    _, printed = session.run("daihoi --format json status song-xanh")
    status = json.loads("\n".join(printed))
    assert (status["state"], status["milestones"]) == ("registered", {"held": "2026-05-09", "recognised": "2026-06-01"})
    assert session.run("daihoi verify")[0] == 0


def test_its_meeting_does_not_begin_before_the_notice_has_run(tmp_path: Path) -> None:
    session = Session(tmp_path, "en")
    scenario = (tmp_path / "examples/housing/spring-2026.toml").read_text(encoding="utf-8")
    early = scenario[: scenario.index('[[acts]]\non = 2026-05-09\nunit = "song-xanh"\nadvance = "begin"')]
    early = early.replace('season = "song-xanh-2026.toml"', 'season = "examples/housing/song-xanh-2026.toml"')
    (tmp_path / "early.toml").write_text(early.replace("until = 2026-06-30", "until = 2026-05-02"), encoding="utf-8")
    session.run("daihoi scenario run early.toml --keep")

    code, printed = session.run("daihoi --as song-xanh advance song-xanh begin")

    assert code == 7
    assert any("needs 14" in line and "4 more" in line for line in printed), printed


def test_an_auditor_checks_the_log_with_thirty_lines_of_their_own(tmp_path: Path) -> None:
    session = Session(tmp_path, "en")
    session.run("daihoi init examples/hoa-binh/hoa-binh.toml --on 2021-01-04")
    session.run("daihoi --as chi-hoi-001 record chi-hoi-001 members_summoned 62 --on 2021-02-20")

    assert session.run("python examples/check.py daihoi.db receipts") == (0, ["11 events agree with 2 receipts"])

    session.run("python examples/forge.py daihoi.db forged.db 11 2021-02-19")
    database = sqlite3.connect(tmp_path / "forged.db")
    database.execute("UPDATE log SET leaf = CAST(replace(leaf, '62', '63') AS BLOB) WHERE seq = 11")
    database.commit()
    database.close()

    code, printed = session.run("python examples/check.py forged.db receipts")
    assert (code, printed) == (1, ["up to event 11 the log is not what was acknowledged"])
