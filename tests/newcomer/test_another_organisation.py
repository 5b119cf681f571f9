"""A procedure nobody tuned for: written from `docs/` alone, by somebody who had not seen the code, for another organisation.

Other states, levels, majorities and a second convocation: if this stops running, the guide promises what the program does not do.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from workflows.load import check_workflow
from workflows.seasons import check_season

SEASON = Path(__file__).with_name("norland-chess")
PROCEDURES = sorted(p.name for p in SEASON.glob("*.toml") if p.stem.endswith(("assembly", "congress")))


@pytest.mark.parametrize("name", PROCEDURES)
def test_its_procedures_have_no_mistake(name: str) -> None:
    assert [p for p in check_workflow(str(SEASON / name)).problems if p.severity == "error"] == []


def test_its_season_fits_together() -> None:
    assert check_season(str(SEASON / "federation-2026.toml")).ok


def daihoi(*words: str) -> str:
    result = CliRunner().invoke(main, ["--lang", "en", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_its_season_runs_to_the_end_and_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAIHOI_RECEIPTS", str(tmp_path / "receipts"))
    store = str(tmp_path / "chess.db")

    told = daihoi("scenario", "run", str(SEASON / "spring-2026.toml"), "--keep", store)

    assert "177 commands accepted, 10 refused as expected, 4 checks held" in told
    assert "The log is whole" in daihoi("--store", store, "verify")
