"""A workflow whose names the guards of these tests read, and short ways to judge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.guards import GuardMistake, Names, Problem, Program, Roles, compile_guard, judge, smallest
from engine.guards.names import Leaf, Scope, Type
from engine.readings import Calendar, Path, Reading, Tally
from engine.values import Text, TypeName, Value
from engine.verdicts import Todo, Verdict
from engine.workflow import Document, Fact, Guard, Milestone, PlanValue, State, Workflow

TODAY = date(2021, 4, 28)
ROLES = Roles(unit="hoang-mai", superior="ha-noi", board="ha-noi", lead="ha-noi")


def text(words: str) -> Text:
    return Text(vi=f"{words} (vi)", en=words)


def fact(name: str, kind: TypeName, choices: tuple[str, ...] = ()) -> Fact:
    return Fact(id=name, type=kind, text=text(name), choices=choices)


CONGRESS = Workflow(
    id="congress",
    version="1",
    text=text("Congress"),
    initial="preparation",
    states=(State(id="preparation", text=text("preparation")),),
    transitions=(),
    milestones=tuple(Milestone(id=m, text=text(m)) for m in ("held", "lessons_drawn", "recognised")),
    facts=(
        fact("a", "bool"),
        fact("b", "bool"),
        fact("c", "bool"),
        fact("d", "bool"),
        fact("summoned", "int"),
        fact("present", "int"),
        fact("elected", "int"),
        fact("method", "string", ("show_of_hands", "secret_ballot")),
        fact("venue", "string"),
        fact("adopted_on", "date"),
        fact("prepared_on", "date"),
        Fact(id="vouched", type="bool", text=text("vouched"), by=("superior", "unit")),
    ),
    documents=(
        Document(id="report", text=text("report")),
        Document(id="scheme", text=text("scheme"), approved_by=("board",)),
        Document(id="opinion", text=text("opinion"), by=("superior", "unit"), approved_by=("board", "unit")),
    ),
    plan_values=(
        PlanValue(id="congress_by", type="date", text=text("congress by")),
        PlanValue(id="least", type="int", text=text("least")),
        PlanValue(id="season_closed", type="bool", text=text("season closed"), by="board"),
    ),
)

NAMES = Names(own=CONGRESS, parent=CONGRESS, children=CONGRESS, pilots=CONGRESS, lead=CONGRESS)


def program(expression: str, names: Names = NAMES, *, unit_only: bool = False) -> Program:
    return compile_guard(expression, names, unit_only=unit_only)


def mistakes(expression: str, names: Names = NAMES, *, unit_only: bool = False) -> tuple[Problem, ...]:
    """All that is wrong with a guard; warnings alone when it compiles."""
    try:
        return compile_guard(expression, names, unit_only=unit_only).warnings
    except GuardMistake as mistake:
        return mistake.problems


def guard(expression: str, *, severity: str = "must", name: str = "guard") -> Guard:
    return Guard(
        id=name,
        text=text(name),
        severity="must" if severity == "must" else "should",
        expression=expression,
        before=("hold",),
        source="sample",
        certainty="A",
    )


def path(name: str) -> Path:
    """``children.reached.held`` as a path."""
    return tuple(name.split("."))


def readings(values: Mapping[str, Value | Calendar | Reading | None]) -> dict[Path, Reading]:
    """Readings by their dotted names; the day is always known."""
    found = {path(name): v if isinstance(v, Reading) else Reading(value=v) for name, v in values.items()}
    return {("on",): Reading(value=TODAY), **found}


def tally(open_codes: Sequence[str], *, total: int, more: int = 0, complete: bool = True, last: date | None = None) -> Tally:
    """A count of the children of Hoàng Mai that have held their congress."""
    reached = total - len(open_codes) - more
    return Tally(
        roll="children",
        owner="hoang-mai",
        milestone="held",
        total=total,
        reached=reached,
        last=last,
        still_open=tuple(open_codes),
        more=more,
        complete=complete,
    )


def children(counted: Tally) -> dict[str, Reading]:
    """What a roll of children reads as."""
    known = counted.complete and counted.tracked
    values: dict[str, Value | None] = {
        "children.reached.held": counted.reached,
        "children.total": counted.total,
        "children.last.held": counted.last,
    }
    found = {name: Reading(value=value if known else None, unit="hoang-mai", tally=counted) for name, value in values.items()}
    return {**found, "children.tracked": Reading(value=counted.tracked, unit="hoang-mai")}


def verdict(expression: str, values: Mapping[str, Value | Calendar | Reading | None], roles: Roles = ROLES) -> Verdict:
    return judge(guard(expression), program(expression), readings(values), CONGRESS, roles)


def least(
    expressions: str | Sequence[str], values: Mapping[str, Value | Calendar | Reading | None], roles: Roles = ROLES
) -> tuple[Todo, ...] | None:
    """The smallest set of to-dos for some guards."""
    texts = (expressions,) if isinstance(expressions, str) else expressions
    pairs = [(guard(text, name=f"guard-{n}"), program(text)) for n, text in enumerate(texts)]
    return smallest(pairs, readings(values), CONGRESS, roles)


def said(todos: Sequence[Todo] | None) -> list[str] | None:
    """To-dos as ``who deed name``, with ``(n of …)`` where any will do."""
    return None if todos is None else [_said(todo) for todo in todos]


def _said(todo: Todo) -> str:
    if todo.any_of:
        return f"{todo.count} of {', '.join(todo.any_of)} {todo.deed} {todo.name}"
    about = "" if todo.who == todo.unit else f" of {todo.unit}"
    return f"{todo.who} {todo.deed} {todo.name}{about}"


def variables(types: Mapping[str, Type]) -> Scope:
    """A scope of plain names, dots allowed: ``{"a.b.c": "string"}`` makes ``a.b.c`` a string."""
    members: dict[str, dict[str, Type]] = {}
    for name, kind in types.items():
        first, _, rest = name.partition(".")
        members.setdefault(first, {})[rest] = kind
    return Scope({name: Leaf(rest[""]) if "" in rest else variables(rest) for name, rest in members.items()}, "unknown_name")
