"""`daihoi plan list` and `plan show`: the papers in force, and which of their values holds for a unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from engine.plan import Scope
from engine.planning import PlanValueFound
from engine.values import plain
from engine.world import PlanInForce
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, blank, line, table
from reports.standing import as_of_to_json, plain_deep
from store.questions.plans import PlanLine, PlanValuesAnswer


def plan_to_json(plan: PlanInForce) -> dict[str, Any]:
    issued = plan.issued
    return {
        "plan": issued.plan,
        "issuer": issued.issuer,
        "number": issued.number,
        "type": issued.type,
        "year": issued.year,
        "dated": plain(issued.dated),
        "in_force_from": plan.since.isoformat(),
        "seq": plan.seq,
        "digest": issued.digest,
    }


def list_to_json(plans: tuple[PlanInForce, ...], words: Words) -> dict[str, Any]:
    return {"plans": [plan_to_json(p) | {"values": len(p.issued.values)} for p in plans]}


def list_rows(plans: tuple[PlanInForce, ...], words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    headings = ("plan", "issuer", "number", "type", "year", "dated", "in_force_from", "seq", "values")
    return headings, [tuple((plan_to_json(p) | {"values": len(p.issued.values)})[h] for h in headings) for p in plans]


def list_page(plans: tuple[PlanInForce, ...], words: Words) -> Iterator[Block]:
    headings = tuple(words.say(f"plan.column.{c}") for c in ("plan", "issuer", "paper", "since", "values"))
    yield from table(headings, (_row(p, words) for p in plans), right=(4,))
    if not plans:
        yield line(words.say("plan.none"))


def _row(plan: PlanInForce, words: Words) -> tuple[str, ...]:
    issued = plan.issued
    return issued.plan, issued.issuer, _paper(plan, words), words.day(plan.since), str(len(issued.values))


def _paper(plan: PlanInForce, words: Words) -> str:
    """The paper as people cite it; its date is left out where the paper leaves it blank."""
    issued = plan.issued
    cited = f"{issued.number}/{issued.type}"
    return words.say("plan.undated" if issued.dated is None else "plan.dated", paper=cited, year=issued.year, day=issued.dated)


def to_json(plan: PlanInForce, words: Words) -> dict[str, Any]:
    issued = plan.issued
    return plan_to_json(plan) | {
        "values": [
            {
                "name": v.name,
                "value": plain(v.value),
                "scope": {k: s for k, s in attrs.asdict(v.scope).items() if s is not None},
                "firm": v.firm,
                "source": v.source,
            }
            for v in issued.values
        ],
        "days_off": plain_deep(issued.days_off),
        "days_on": plain_deep(issued.days_on),
    }


def page(plan: PlanInForce, words: Words) -> Iterator[Block]:
    yield line(
        (plan.issued.plan, "title"),
        f" · {plan.issued.issuer} · {_paper(plan, words)} · ",
        words.say("plan.since", day=plan.since),
    )
    yield blank()
    headings = tuple(words.say(f"plan.column.{c}") for c in ("name", "value", "scope", "firm", "source"))
    rows = (
        (v.name, words.value(v.value), scope_words(v.scope, words), _firm(v.firm, words), v.source) for v in plan.issued.values
    )
    yield from table(headings, rows)
    for code, days in (("plan.days_off", plan.issued.days_off), ("plan.days_on", plan.issued.days_on)):
        if days:
            yield line(words.say(code, days=days))


def _firm(firm: bool, words: Words) -> str:  # noqa: FBT001 - a column of the paper
    return words.say("plan.firm") if firm else ""


def scope_words(scope: Scope, words: Words) -> str:
    """For which units a value holds."""
    told = [
        words.say(f"scope.{name}", value=value)
        for name, value in attrs.asdict(scope).items()
        if value is not None and name != "pilot"
    ]
    if scope.pilot is not None:
        told.append(words.say("scope.pilots" if scope.pilot else "scope.no_pilots"))
    return ", ".join(told) or words.say("scope.all")


def values_to_json(answer: PlanValuesAnswer, words: Words) -> dict[str, Any]:
    return {
        "as_of": as_of_to_json(answer.as_of),
        "unit": answer.unit,
        "values": [_line_to_json(one, words) for one in answer.values],
    }


def _line_to_json(one: PlanLine, words: Words) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": one.declared.id,
        "text": one.declared.text.in_language(words.language),
        "type": one.declared.type,
        "by": one.declared.by,
        "value": None if one.found is None else plain(one.found.value.value),
        "from": None if one.found is None else _found_to_json(one.found),
    }
    return written | {"others": [_found_to_json(other) for other in one.others]}


def _found_to_json(found: PlanValueFound) -> dict[str, Any]:
    issued = found.plan.issued
    return {
        "plan": issued.plan,
        "issuer": issued.issuer,
        "seq": found.plan.seq,
        "value": plain(found.value.value),
        "firm": found.value.firm,
        "source": found.value.source,
    }


def values_rows(answer: PlanValuesAnswer, words: Words) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    written = [_line_to_json(one, words) for one in answer.values]
    return ("unit", "name", "value", "plan"), [
        (answer.unit, w["name"], w["value"], None if w["from"] is None else w["from"]["plan"]) for w in written
    ]


def values_page(answer: PlanValuesAnswer, words: Words) -> Iterator[Block]:
    yield line((answer.unit, "title"), " · ", words.say("plan.holds", day=answer.as_of.day))
    yield blank()
    headings = tuple(words.say(f"plan.column.{c}") for c in ("name", "value", "from", "source", "text"))
    yield from table(headings, (_value_row(one, words) for one in answer.values))


def _value_row(one: PlanLine, words: Words) -> tuple[str, ...]:
    declared = one.declared
    text = declared.text.in_language(words.language)
    if one.found is None:
        missing = words.say("plan.nobody", by=words.say(f"role.{declared.by}"))
        return declared.id, words.value(None), missing, "", text
    issued = one.found.plan.issued
    return declared.id, words.value(one.found.value.value), f"{issued.plan} ({issued.issuer})", one.found.value.source, text


LIST = Report(to_json=list_to_json, page=list_page, rows=list_rows)
PLAN = Report(to_json=to_json, page=page)
VALUES = Report(to_json=values_to_json, page=values_page, rows=values_rows)
