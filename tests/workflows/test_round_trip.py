"""Reader and writer: any procedure, plan or season, written as TOML, comes back equal."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.plan import Plan, Scope, ScopedValue
from engine.values import GREATEST_RECORDED, Text, Value, nfc
from engine.workflow import Document, Fact, Guard, Milestone, PlanValue, Role, State, Transition, Workflow
from workflows import load, plans
from workflows.names import RESERVED_IN_GUARDS
from workflows.toml import read_toml

# A small writer of TOML: enough for what these files hold.


def written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = (
            value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\x7f", "\\u007f")
        )
        return f'"{escaped}"'
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value)


def table(header: str, fields: Mapping[str, Any]) -> str:
    return f"{header}\n" + "".join(f"{key} = {written(value)}\n" for key, value in fields.items())


RENAMED = {"sources": "from", "target": "to"}


def fields_of(item: Any, without: Iterable[str] = ("id",)) -> dict[str, Any]:
    """An attrs value as a table: what is none or empty is left out, as people leave it out."""
    fields: dict[str, Any] = {}
    for attribute in attrs.fields(type(item)):
        value = getattr(item, attribute.name)
        if attribute.name in without or value is None or value == ():
            continue
        if isinstance(value, Text):
            fields[f"{attribute.name}.vi"], fields[f"{attribute.name}.en"] = value.vi, value.en
        else:
            fields[RENAMED.get(attribute.name, attribute.name)] = value
    return fields


def workflow_toml(workflow: Workflow) -> str:
    top = {k: v for k, v in fields_of(workflow, ()).items() if not isinstance(v, tuple)}
    parts = [table("", top)]
    for key in ("states", "milestones", "facts", "documents", "plan_values"):
        parts += [table(f"[{key}.{item.id}]", fields_of(item)) for item in getattr(workflow, key)]
    parts += [table("[[transitions]]", fields_of(t)) for t in workflow.transitions]
    for guard in workflow.guards:
        fields = fields_of(guard, ("id", "severity", "expression"))
        parts.append(table(f"[guards.{guard.id}]", {guard.severity: guard.expression, **fields}))
    return "\n".join(parts)


def plan_toml(plan: Plan) -> str:
    parts = [table("", fields_of(plan, ("values", "days_off", "days_on")))]
    for value in plan.values:
        scope = fields_of(value.scope)
        parts.append(table("[[values]]", {**fields_of(value, ("scope",)), **({"scope": scope} if scope else {})}))
    if plan.days_off or plan.days_on:
        parts.append(table("[calendar]", {"days_off": plan.days_off, "days_on": plan.days_on}))
    return "\n".join(parts)


# Procedures that are right by construction.

words = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=12).map(nfc).filter(str.strip)
texts = st.builds(Text, words, words)
names = st.from_regex(r"[a-z][a-z0-9_]{0,7}", fullmatch=True).filter(lambda n: n not in RESERVED_IN_GUARDS)
codes = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
ROLES: tuple[Role, ...] = ("unit", "superior", "board")
roles: st.SearchStrategy[tuple[Role, ...]] = st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True).map(tuple)
sources = st.one_of(st.none(), words)


@st.composite
def workflows(draw: st.DrawFn) -> Workflow:
    """A row of states, one step after the other, with facts, documents and guards beside it."""
    states = [f"s_{n}" for n in range(draw(st.integers(2, 5)))]
    taken = draw(st.lists(names, min_size=3, max_size=9, unique=True))
    facts, documents, plan_values = taken[::3], taken[1::3], taken[2::3]
    triggers = [f"go_{n}" for n in range(len(states) - 1)]
    some_triggers = st.lists(st.sampled_from(triggers), max_size=2, unique=True).map(tuple)
    types = {name: draw(st.sampled_from(["bool", "int", "string", "date"])) for name in facts}
    dates = [name for name in plan_values if draw(st.booleans())]
    return Workflow(
        id=draw(codes),
        version=draw(words),
        text=draw(texts),
        initial=states[0],
        states=tuple(
            State(
                id=name,
                text=draw(texts),
                final=name == states[-1],
                due=draw(st.sampled_from([None, *dates])) if name != states[-1] else None,
            )
            for name in states
        ),
        transitions=tuple(
            Transition(
                trigger=trigger,
                sources=(states[n],),
                target=states[n + 1],
                text=draw(texts),
                by=draw(roles),
                when=draw(st.sampled_from([None, "unit.pilot", '!unit.tag("x")'])),
                awards=("held",) if n == 0 else (),
                revokes=("held",) if n == 1 and draw(st.booleans()) else (),
                clears=tuple(draw(st.lists(st.sampled_from([*facts, *documents]), max_size=2, unique=True))),
                new_attempt=draw(st.booleans()),
                back=draw(st.booleans()),
                source=draw(sources),
                source_en=draw(sources),
            )
            for n, trigger in enumerate(triggers)
        ),
        milestones=(Milestone(id="held", text=draw(texts)),),
        facts=tuple(
            Fact(
                id=name,
                type=types[name],  # type: ignore[arg-type]  # drawn from the four names
                text=draw(texts),
                by=draw(roles),
                choices=tuple(draw(st.lists(words, max_size=3, unique=True))) if types[name] == "string" else (),
                shown=draw(st.booleans()),
            )
            for name in facts
        ),
        documents=tuple(
            Document(
                id=name,
                text=draw(texts),
                by=draw(roles),
                approved_by=draw(roles),
                needed_before=draw(some_triggers),
                approved_before=draw(some_triggers),
                settled_before=draw(some_triggers),
                when=draw(st.sampled_from([None, "unit.attempt > 1"])),
                source=draw(words),
                source_en=draw(sources),
                certainty=draw(st.sampled_from(["A", "B"])),
                shown=draw(st.booleans()),
            )
            for name in documents
        ),
        plan_values=tuple(
            PlanValue(
                id=name,
                type="date" if name in dates else "int",
                text=draw(texts),
                by=draw(st.sampled_from(ROLES)),
                shown=draw(st.booleans()),
            )
            for name in plan_values
        ),
        guards=tuple(
            Guard(
                id=f"guard-{n}",
                text=draw(texts),
                severity=draw(st.sampled_from(["must", "should"])),
                expression=f"!doc.{document}.filed || unit.attempt > {n}",
                before=(draw(st.sampled_from(triggers)),),
                source=draw(words),
                source_en=draw(sources),
                certainty=draw(st.sampled_from(["A", "B"])),
                who=draw(st.sampled_from(ROLES)),
                todo=draw(st.one_of(st.none(), texts)),
                when=draw(st.sampled_from([None, "unit.designates"])),
                way_out=draw(st.sampled_from([None, "waive"])),
            )
            for n, document in enumerate(documents)
        ),
    )


values: st.SearchStrategy[Value] = st.one_of(
    st.booleans(), st.integers(-GREATEST_RECORDED, GREATEST_RECORDED), words, st.dates(date(1900, 1, 1), date(2199, 12, 31))
)
scopes = st.builds(
    Scope,
    level=st.one_of(st.none(), names),
    block=st.one_of(st.none(), names),
    pilot=st.one_of(st.none(), st.booleans()),
    under=st.one_of(st.none(), codes),
)
days = st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=4, unique=True)


@st.composite
def some_plans(draw: st.DrawFn) -> Plan:
    off = draw(days)
    given_values = draw(
        st.lists(
            st.builds(ScopedValue, name=names, value=values, scope=scopes, firm=st.booleans(), source=words),
            max_size=4,
            unique_by=lambda v: (v.name, v.scope),
        )
    )
    return Plan(
        id=draw(codes),
        issuer=draw(codes),
        number=draw(words),
        type=draw(words),
        year=draw(st.integers(1900, 2200)),
        text=draw(texts),
        dated=draw(st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2199, 12, 31)))),
        values=tuple(given_values),
        days_off=tuple(off),
        days_on=tuple(d for d in draw(days) if d not in off),
        source=draw(words),
    )


def read(text: str, mark: bytes) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="daihoi-"))
    path = folder / "file.toml"
    path.write_bytes(mark + text.encode())
    return path


marks = st.sampled_from([b"", b"\xef\xbb\xbf"])


@given(workflows(), marks)
@settings(max_examples=60, deadline=None)
def test_a_procedure_written_and_read_back_is_equal(workflow: Workflow, mark: bytes) -> None:
    loaded = load.check_document(read_toml(read(workflow_toml(workflow), mark)))

    assert [p for p in loaded.problems if p.severity == "error"] == []
    assert loaded.workflow == workflow


@given(some_plans(), marks)
@settings(max_examples=60, deadline=None)
def test_a_plan_written_and_read_back_is_equal(plan: Plan, mark: bytes) -> None:
    loaded = plans.check_document(read_toml(read(plan_toml(plan), mark)))

    assert loaded.problems == ()
    assert loaded.plan == plan
