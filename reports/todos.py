"""A to-do in words: who has to do what.

An input is asked for with a verb of its own kind (record, file, approve …). A milestone is asked for in the words of the transition
that awards it, so a guard over the pilots' lessons says "draw the lessons".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from engine.values import Text
from engine.verdicts import Todo
from engine.workflow import Workflow
from reports import names
from reports.catalogue import Words

Others: TypeAlias = Mapping[str, Workflow]
"""The procedures of other units, by code: a club's milestone has the club's words, not those of the region that waits for it."""

ALONE: Final[Others] = {}

# English makes "he draws" of "draw" by rule; these are the exceptions a procedure's text may begin with.
_IRREGULAR = {"have": "has", "be": "is", "do": "does", "go": "goes"}


def what(todo: Todo, workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    """The deed: "record delegates_summoned"."""
    deed = _deed((todo,), workflow, words, others)
    if todo.any_of:
        return words.say("todo.any_of", count=todo.count, units=todo.any_of, deed=deed)
    return deed


def beside(todo: Todo, workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    """The to-do beside a line that has named its input already: "hoang-mai: record it"."""
    code = f"todo.it.{todo.deed}"
    if todo.any_of or not words.has(code):
        return to_line(todo, workflow, words, others)
    return words.say("todo.line", who=todo.who, what=words.say(code))


def to_line(todo: Todo, workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    """Who, and what: "ha-noi: draw the lessons"."""
    return words.say("todo.line", who=todo.who, what=what(todo, workflow, words, others))


def sentence(todos: Iterable[Todo], workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    """All of them: "ha-noi draws the lessons; hoang-mai records delegates_summoned"."""
    return "; ".join(_clause(group, workflow, words, others) for group in _grouped(todos))


def deeds(todos: Iterable[Todo], workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    """The same without who, but for those whose act it is for another: "record a, b; file c"."""
    return "; ".join(_others(group, _deed(group, workflow, words, others), words) for group in _grouped(todos))


def _grouped(todos: Iterable[Todo]) -> Iterator[tuple[Todo, ...]]:
    """To-dos of one kind that the same unit has to do follow one another as one."""
    groups: dict[tuple[object, ...], list[Todo]] = {}
    for todo in todos:
        single = todo.any_of or todo.deed in ("reach", "take")
        groups.setdefault((todo.who, todo.deed, todo.unit, *((todo.name, todo.any_of) if single else ())), []).append(todo)
    yield from (tuple(group) for group in groups.values())


def _others(group: tuple[Todo, ...], deed: str, words: Words) -> str:
    todo = group[0]
    return deed if todo.who == todo.unit else words.say("todo.line", who=todo.who, what=deed)


def _clause(group: tuple[Todo, ...], workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    todo, deed = group[0], _deed(group, workflow, words, others)
    if todo.any_of:
        return words.say("todo.clause_any_of", count=todo.count, units=todo.any_of, deed=deed)
    return words.say("todo.clause", who=todo.who, what=third_person(deed) if words.language == "en" else deed)


def third_person(deed: str) -> str:
    """An English deed as somebody's: its first word takes its s."""
    verb, space, rest = deed.partition(" ")
    if verb in _IRREGULAR:
        return f"{_IRREGULAR[verb]}{space}{rest}"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return f"{verb[:-1]}ies{space}{rest}"
    ending = "es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return f"{verb}{ending}{space}{rest}"


def _deed(group: tuple[Todo, ...], workflow: Workflow, words: Words, others: Others = ALONE) -> str:
    todo = group[0]
    workflow = others.get(todo.any_of[0] if todo.any_of else todo.unit, workflow)
    text = _step(todo, workflow) if todo.deed in ("reach", "take") else None
    step = "" if text is None else names.begun_small(text.in_language(words.language))
    if step and (todo.deed == "reach" or words.language == "vi"):
        return step
    fields = {"name": tuple(_name(t, workflow, words) for t in group), "unit": todo.unit}
    about_another = "_of_another" if todo.unit != todo.who and words.has(f"todo.{todo.deed}_of_another") else ""
    said = words.say(f"todo.{todo.deed}{about_another}", **fields)
    # the English of a step may begin with who takes it, so it cannot stand for the deed
    return f"{said} ({step})" if step and step != todo.name else said


def _step(todo: Todo, workflow: Workflow) -> Text | None:
    """The step that awards a milestone, or the step itself."""
    forward = (t for t in workflow.transitions if not t.back)
    if todo.deed == "take":
        return next((t.text for t in forward if t.trigger == todo.name), None)
    return next((t.text for t in forward if todo.name in t.awards), None)


def _name(todo: Todo, workflow: Workflow, words: Words) -> str:
    return names.begun_small(_declared_name(todo, workflow, words))


def _declared_name(todo: Todo, workflow: Workflow, words: Words) -> str:
    if todo.deed in ("file", "approve", "settle"):
        return names.document(workflow, todo.name, words, typed=True)
    if todo.deed == "record":
        return names.fact(workflow, todo.name, words, typed=True)
    if todo.deed == "issue":
        return names.plan_value(workflow, todo.name, words, typed=True)
    milestone = workflow.milestone_by_id.get(todo.name) if todo.deed == "reach" else None
    return todo.name if milestone is None else milestone.text.in_language(words.language)


def to_json(todo: Todo, workflow: Workflow, words: Words, others: Others = ALONE) -> dict[str, Any]:
    """`{"who", "what"}`, and the parts that a program can act on."""
    written: dict[str, Any] = {
        "who": todo.who,
        "what": what(todo, workflow, words, others),
        "deed": todo.deed,
        "name": todo.name,
        "unit": todo.unit,
    }
    if todo.any_of:
        written |= {"any_of": list(todo.any_of), "count": todo.count}
    return written
