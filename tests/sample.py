"""A small congress procedure for tests: the five states, both routes, and one guard of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine import codec
from engine.actors import Actor
from engine.commands import Adoption, OpenSeason
from engine.plan import Plan, Scope, ScopedValue
from engine.unit import SEASON, RollStatus, Unit
from engine.values import Text, TypeName
from engine.workflow import Document, Fact, Guard, Milestone, PlanValue, State, Transition, Workflow

OPENED_ON = date(2020, 10, 1)


def text(words: str) -> Text:
    return Text(vi=f"{words} (vi)", en=words)


def state(name: str, **fields: Any) -> State:
    return State(id=name, text=text(name.replace("_", " ")), **fields)


def transition(trigger: str, sources: str | tuple[str, ...], target: str, **fields: Any) -> Transition:
    names = (sources,) if isinstance(sources, str) else sources
    return Transition(trigger=trigger, sources=names, target=target, text=text(trigger.replace("_", " ")), **fields)


def guard(name: str, must: str, before: str, **fields: Any) -> Guard:
    return Guard(
        id=name, text=text(name), severity=fields.pop("severity", "must"), expression=must, before=(before,), source="sample",
        certainty="A", **fields,
    )  # fmt: skip


def fact(name: str, kind: TypeName, **fields: Any) -> Fact:
    return Fact(id=name, type=kind, text=text(name), **fields)


BEFORE_HELD = ("preparation", "document_approval", "pilot_review", "election")

CONGRESS = Workflow(
    id="sample-congress",
    version="1",
    text=text("Sample congress"),
    initial="preparation",
    states=(
        state("preparation", due="congress_by"),
        state("document_approval", due="congress_by"),
        state("pilot_review", due="congress_by"),
        state("election", due="congress_by"),
        state("recognition"),
        state("recognised", final=True),
    ),
    milestones=tuple(
        Milestone(id=m, text=text(m)) for m in ("documents_approved", "held", "lessons_drawn", "recognised")
    ),
    facts=(
        fact("delegates_summoned", "int"),
        fact("delegates_present", "int"),
        fact("sub_committees", "bool"),
        fact("theme", "string", choices=("unity", "renewal"), shown=True),
        fact("opened_on", "date", shown=True),
    ),
    documents=(
        Document(
            id="political_report", text=text("political report"), needed_before=("submit",), approved_before=("approve",),
            settled_before=("hold",), source="sample",
        ),
    ),
    plan_values=(
        PlanValue(id="congress_by", type="date", text=text("congress by")),
        PlanValue(id="no_pilots", type="bool", text=text("no pilots")),
        PlanValue(id="least_delegates", type="int", text=text("least number of delegates")),
    ),
    transitions=(
        transition("submit", "preparation", "document_approval"),
        transition("return_documents", "document_approval", "preparation", by=("superior",), back=True),
        transition(
            "approve", "document_approval", "pilot_review", by=("superior",), when="!unit.pilot", awards=("documents_approved",)
        ),
        transition(
            "approve", "document_approval", "election", by=("superior",), when="unit.pilot", awards=("documents_approved",)
        ),
        transition("convene", "pilot_review", "election", when="!unit.pilot"),
        transition("hold", "election", "recognition", when="!unit.pilot", awards=("held",)),
        transition("hold", "election", "pilot_review", when="unit.pilot", awards=("held",)),
        transition("close_review", "pilot_review", "recognition", by=("superior",), when="unit.pilot"),
        transition("recognise", "recognition", "recognised", by=("superior",), awards=("recognised",)),
        transition(
            "refuse_recognition", "recognition", "election", by=("superior",), back=True, revokes=("held",),
            clears=("delegates_present",), new_attempt=True,
        ),
        transition("draw_lessons", BEFORE_HELD, "=", when="unit.designates", awards=("lessons_drawn",)),
    ),
    guards=(
        guard("sub-committees", "fact.sub_committees", "submit"),
        guard("lessons-drawn", 'lead.reached("lessons_drawn")', "convene"),
        guard("children-held", '!children.tracked || children.reached("held") == children.total', "convene"),
        guard("pilots-held", 'pilots.reached("held") == pilots.total', "draw_lessons"),
        guard("quorum", "fact.delegates_present * 3 >= fact.delegates_summoned * 2", "hold"),
        guard("enough-delegates", "fact.delegates_summoned >= plan.least_delegates", "hold", severity="should"),
        guard("in-time", "on <= plan.congress_by", "hold", way_out="waive"),
    ),
)  # fmt: skip

DIGEST = codec.digest(codec.workflow_bytes(CONGRESS))

UNITS = (
    Unit(code="city", name="Thành phố", level="city", superior="union"),
    Unit(code="east", name="Quận Đông", level="district", parent="city", block="urban", pilot_of="city"),
    Unit(code="west", name="Huyện Tây", level="district", parent="city", block="rural", pilot_of="city"),
    Unit(code="north", name="Quận Bắc", level="district", parent="city", block="urban"),
    Unit(code="south", name="Huyện Nam", level="district", parent="city", block="rural"),
    Unit(code="north-1", name="Phường Một", level="base", parent="north"),
    Unit(code="north-2", name="Phường Hai", level="base", parent="north"),
)

PLAN = Plan(
    id="plan-1",
    issuer="city",
    number="1",
    type="KH-BTV",
    year=2020,
    text=text("Plan 1"),
    dated=date(2020, 9, 30),
    values=(
        ScopedValue(name="congress_by", value=date(2021, 7, 31), scope=Scope(level="district")),
        ScopedValue(name="congress_by", value=date(2021, 5, 30), scope=Scope(level="base")),
        ScopedValue(name="congress_by", value=date(2021, 11, 30), scope=Scope(level="city")),
        ScopedValue(name="no_pilots", value=True, scope=Scope(level="base")),
        ScopedValue(name="no_pilots", value=True, scope=Scope(level="city")),
        ScopedValue(name="least_delegates", value=100),
    ),
)

ROLLS: tuple[tuple[str, RollStatus], ...] = (
    ("city", "complete"),
    ("east", "untracked"),
    ("west", "untracked"),
    ("north", "complete"),
    ("south", "open"),
    ("north-1", "untracked"),
    ("north-2", "untracked"),
)


DESCRIBED: dict[str, Any] = {"id": "sample-2021"}
"""What the season's file says, as far as anybody asks."""


def opening(on: date = OPENED_ON, **changes: Any) -> OpenSeason:
    """The command that opens the sample season."""
    adoptions = tuple(
        Adoption(level=level, workflow=CONGRESS.id, version=CONGRESS.version, digest=DIGEST, initial=CONGRESS.initial)
        for level in ("city", "district", "base")
    )
    fields: Mapping[str, Any] = {
        "unit": SEASON,
        "actor": Actor(unit="city"),
        "on": on,
        "season": "sample-2021",
        "board": "city",
        "timezone": "Asia/Ho_Chi_Minh",
        "digest": codec.digest(codec.canonical(DESCRIBED)),
        "adoptions": adoptions,
        "plans": ((PLAN, codec.digest(codec.plan_bytes(PLAN))),),
        "units": UNITS,
        "rolls": ROLLS,
    }
    return OpenSeason(**{**fields, **changes})
