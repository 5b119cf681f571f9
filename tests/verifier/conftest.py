"""Logs to make bundles of: a season in which everything happens, those nobody thought of, and the whole of Plan 71."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from engine import commands as cmd
from tests.cli.conftest import Shell
from tests.engine.histories import LAST_DAY, played
from tests.simulator import Simulator, file_and_submit, hold_pilot, opened, seal
from tests.store.conftest import path, stored
from tests.verifier.making import Made, made, simulated

__all__ = ["path", "stored"]

SEEDS = (7, 23, 93, 203, 222)


def history(seed: int) -> Made:
    """A season that nobody thought of."""
    season = Simulator(LAST_DAY)
    season.log.extend(played(seed, late=True)[0])
    return simulated(season)


def eventful() -> Made:
    """A season in which everything happens that a verifier has to fold: one event of each kind, and of each way to undo one."""
    season = opened()
    hold_pilot(season, "west", date(2021, 4, 10))
    hold_pilot(season, "east", date(2021, 4, 15))
    _second_attempt(season)
    _second_thoughts(season)
    _corrections(season)
    season.do(cmd.Waive, "north", "2021-04-01", by="city", guard="in-time", basis=seal("basis"), until=date(2021, 5, 1))
    season.do(cmd.SetRoll, "south", "2021-04-02", status="complete")
    season.do(cmd.RemoveUnit, "north-2", "2021-04-20", by="north", reason=seal("merged"))
    season.do(cmd.Postpone, "south", "2021-04-03", by="city", reason=seal("flood"), until=date(2021, 6, 1))
    season.do(cmd.Postpone, "north", "2021-04-03", by="city", reason=seal("flood"))
    season.do(cmd.Resume, "north", "2021-04-09", by="city")
    return simulated(season)


def _second_attempt(season: Simulator) -> None:
    """East held, was refused, and holds again; what was known of the first time is not known any more."""
    season.do(cmd.Advance, "east", "2021-04-16", by="city", trigger="close_review")
    season.do(cmd.Advance, "east", "2021-04-20", by="city", trigger="refuse_recognition", reason=seal("no quorum"))
    season.do(cmd.Schedule, "east", "2021-04-21", day=date(2021, 4, 30))
    season.do(cmd.Schedule, "east", "2021-04-20", day=date(2021, 5, 5))
    season.do(cmd.RecordFact, "east", "2021-04-21", fact="delegates_present", value=120)
    season.do(cmd.RecordFact, "east", "2021-04-21", fact="opened_on", value=date(2021, 4, 21))
    season.do(cmd.Advance, "east", "2021-04-21", trigger="hold")


def _second_thoughts(season: Simulator) -> None:
    """West's congress was set aside by mistake: it stands again, and so does what was cleared."""
    season.do(cmd.Advance, "west", "2021-04-12", by="city", trigger="close_review")
    refused = season.do(cmd.Advance, "west", "2021-04-13", by="city", trigger="refuse_recognition", reason=seal("no quorum"))
    season.do(cmd.Annul, "west", by="city", seq=refused.seq, reason=seal("a clerk's mistake"))


def _corrections(season: Simulator) -> None:
    """What North recorded wrongly is put right in every way."""
    first = season.do(cmd.RecordFact, "north", "2021-03-01", fact="delegates_summoned", value=150)
    second = season.do(cmd.RecordFact, "north", "2021-03-02", fact="delegates_summoned", value=160)
    season.do(cmd.Correct, "north", by="north", seq=first.seq, value=151, reason=seal("typing error"))
    season.do(cmd.Correct, "north", by="north", seq=first.seq, day=date(2021, 3, 5), reason=seal("another day"))
    season.do(cmd.Correct, "north", by="north", seq=second.seq, withdraw=True, reason=seal("not ours"))
    file_and_submit(season, "north", date(2021, 3, 10))
    season.do(cmd.ReturnDocument, "north", "2021-03-12", by="city", document="political_report", reason=seal("incomplete"))
    season.do(cmd.FileDocument, "north", "2021-03-13", document="political_report")
    approved = season.do(
        cmd.ApproveDocument,
        "north",
        "2021-03-14",
        by="city",
        document="political_report",
        changes=(seal("more"),),
        decision="2/QĐ",
    )
    season.do(cmd.Correct, "north", by="city", seq=approved.seq, day=date(2021, 3, 15), reason=seal("another day"))
    wrong = season.do(cmd.Advance, "north", "2021-03-20", by="city", trigger="approve")
    season.do(cmd.Annul, "north", by="city", seq=wrong.seq, reason=seal("a clerk's mistake"))


@pytest.fixture(scope="session")
def log() -> Made:
    return eventful()


@pytest.fixture(scope="session")
def plan_71(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The log of the bundled scenario, from its file."""
    folder = tmp_path_factory.mktemp("plan-71")
    ran = Shell(folder)("scenario", "run", "hanoi-2021", "--keep")
    assert ran.code == 0, ran
    return made(*leaves_of(folder / "daihoi.db"))


def leaves_of(path: Path) -> tuple[tuple[bytes, ...], dict[str, bytes]]:
    """The leaves and the definitions of a season's file."""
    database = sqlite3.connect(path)
    try:
        leaves = tuple(leaf for (leaf,) in database.execute("SELECT leaf FROM log ORDER BY seq"))
        return leaves, dict(database.execute("SELECT digest, content FROM definition"))
    finally:
        database.close()
