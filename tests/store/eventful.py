"""A season in which everything happens that a view tells of."""

from __future__ import annotations

from datetime import date

from engine import codec
from engine import commands as cmd
from engine import events as ev
from engine.actors import Actor
from engine.events import Recorded
from engine.plan import Plan, Scope, ScopedValue
from tests.sample import text
from tests.store.seasons import StoredSeason

SECRETS = ("Đỗ Thị Lan", "ghi nhầm", "thiếu chữ ký", "bổ sung số liệu", "chưa đủ người", "công văn mật")
"""What was said in confidence: none of it may come out through a view."""


def eventful(season: StoredSeason) -> StoredSeason:
    """A season in which every view has something to say."""
    season.held("east")
    season.do(cmd.RecordFact, "east", "2021-04-01", fact="theme", value="unity", evidence="ab" * 32, person="Đỗ Thị Lan")
    season.do(cmd.RecordFact, "east", "2021-04-02", fact="opened_on", value=date(2021, 4, 10))
    season.do(
        cmd.Correct, "east", None, "city", seq=_last(season, ev.FactRecorded, "delegates_present"), value=139, reason="ghi nhầm"
    )
    season.do(cmd.Correct, "east", None, "city", seq=_last(season, ev.FactRecorded, "theme"), withdraw=True, reason="ghi nhầm")
    season.submitted("west", "2021-03-05")
    season.do(cmd.ReturnDocument, "west", "2021-03-06", "city", document="political_report", reason="thiếu chữ ký")
    season.do(cmd.FileDocument, "west", "2021-03-07", document="political_report", digest="cd" * 32)
    season.do(
        cmd.ApproveDocument,
        "west",
        "2021-03-08",
        "city",
        document="political_report",
        decision="7/QĐ",
        changes=("bổ sung số liệu",),
    )
    season.do(cmd.Advance, "west", "2021-03-08", "city", trigger="approve")
    season.do(cmd.Annul, "west", None, "city", seq=_last(season, ev.Advanced, "approve"), reason="chưa đủ người")
    season.do(cmd.Waive, "north", "2021-03-09", "city", guard="in-time", basis="công văn mật", until=date(2021, 12, 31))
    season.desk.submit(
        cmd.IssuePlan(unit="season", actor=Actor(unit="city"), plan=OF_EAST, digest=codec.digest(codec.plan_bytes(OF_EAST)))
    )
    return season


OF_EAST = Plan(
    id="plan-east",
    issuer="city",
    number="9",
    type="KH-BTV",
    year=2021,
    text=text("Plan 9"),
    values=(
        ScopedValue(
            name="least_delegates", value=90, scope=Scope(level="district", under="east", pilot=True), firm=True, source="III.2"
        ),
        ScopedValue(name="no_pilots", value=False, scope=Scope(pilot=False, block="rural")),
    ),
)


def log(season: StoredSeason, *kinds: type[ev.AnyEvent]) -> list[Recorded]:
    """The events of some kinds, or all."""
    return [line.recorded for line in season.desk.history() if isinstance(line.recorded.event, kinds or ev.Event)]


def _last(season: StoredSeason, kind: type[ev.AnyEvent], name: str) -> int:
    return [r.seq for r in log(season, kind) if name in (getattr(r.event, "fact", ""), getattr(r.event, "trigger", ""))][-1]
