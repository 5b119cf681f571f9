"""An error in words: what happened, why, what to do, and that nothing was recorded.

Every error class carries a code and typed fields; the catalogue has `error.CODE.what` and `error.CODE.do` for it. Where one code has
several reasons (its field `why`, `kind` or `step`), `error.CODE.what.REASON` is preferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from engine.errors import DaihoiError
from engine.refusals import AlreadySo, GuardsRefuse, NoSuchStep, NotYours, Refused, UnknownName, UnknownUnit, WrongValue
from engine.values import Text
from engine.workflow import Workflow
from reports import problems, todos, verdicts, why
from reports.catalogue import Words
from reports.guess import near
from reports.page import Block, line
from reports.standing import plain_deep
from reports.todos import ALONE, Others

_REASONS = ("why", "kind", "step", "what")


@attrs.frozen
class Told:
    """An error in a reader's language."""

    code: str
    message: str
    hint: str


def tell(error: DaihoiError, words: Words) -> Told:
    """What is said about an error in two sentences."""
    fields = _fields(error, words)
    return Told(error.code, _said("what", error, fields, words), _said("do", error, fields, words))


def _said(part: str, error: DaihoiError, fields: dict[str, Any], words: Words) -> str:
    given = {**error.fields(), **_more_reasons(error)}
    reasons = (str(given[name]).partition(":")[0] for name in _REASONS if given.get(name))
    stem = f"error.{error.code}.{part}"
    code = next((f"{stem}.{reason}" for reason in reasons if words.has(f"{stem}.{reason}")), stem)
    if part == "do" and not words.has(code):
        return ""
    return words.say(code, **fields)


def _more_reasons(error: DaihoiError) -> dict[str, str]:
    """Reasons that no field of the error says as a word."""
    fields = error.fields()
    if error.code == "E-CONFLICT":
        return {"why": "never" if fields["winner"] is None else "won"}
    if error.code == "E-BUNDLED" and fields["is_kind"] is not None:
        return {"why": f"is_{fields['is_kind']}"}
    flag = {"E-COMMAND-REUSED": "erased", "E-SEASON": "named"}.get(error.code, "")
    return {"why": flag} if fields.get(flag) else {}


def _fields(error: DaihoiError, words: Words) -> dict[str, Any]:
    """The error's fields as its words take them."""
    fields = {**error.fields(), "recorded": False}
    if isinstance(error, NoSuchStep):
        fields |= _step_fields(error, words)
    elif isinstance(error, NotYours):
        fields["step"] = _step(error.step, words)
        fields["roles"] = words.say("why.or").join(words.say(f"role.{r}") for r in error.roles)
    elif isinstance(error, UnknownName):
        fields["guess"] = _guess(near(error.name, error.known), words)
        fields["known"] = error.known or words.say("error.none_known")
    elif isinstance(error, UnknownUnit):
        fields["guess"] = _guess(error.near, words)
    elif isinstance(error, WrongValue):
        fields["expected"] = words.say(f"type.{error.expected}")
        fields["among"] = words.say("error.among", choices=error.choices) if error.choices else ""
    elif isinstance(error, AlreadySo):
        fields["name"] = _already(error, words)
    elif isinstance(fields.get("step"), str):
        fields["step"] = _step(fields["step"], words)
    if "kind" in fields and words.has(f"kind.{fields['kind']}"):
        fields["kind"] = words.say(f"kind.{fields['kind']}")
    return fields | _fields_by_code(error, fields, words)


def _fields_by_code(error: DaihoiError, fields: dict[str, Any], words: Words) -> dict[str, Any]:
    """Of errors whose classes are not known here."""
    if error.code == "E-BUNDLED":
        return {"guess": _guess(tuple(filter(None, (fields["guess"],))), words)}
    if error.code == "E-AUDIT-FILE":
        place = words.say("malformed.line", line=fields["line"]) if fields["line"] else ""
        form, fault = words.say(f"form.{fields['form']}"), words.say(f"malformed.{fields['fault']}")
        return {"place": place, "form": form, "fault": fault}
    return {}


def _already(error: AlreadySo, words: Words) -> str:
    """What is so already: a planned day and the state of a roll come as they stand in the log."""
    if error.step == "schedule":
        return words.day(date.fromisoformat(error.name))
    return words.say(f"roll.{error.name}") if error.step == "roll" else error.name


def _step_fields(error: NoSuchStep, words: Words) -> dict[str, Any]:
    """A step may be about a document (`file:political_report`), a state about another unit (`parent_of:bo-de`)."""
    step, _, name = error.step.partition(":")
    state, _, other = error.state.partition(":")
    possible = error.possible or words.say("error.nothing_possible")
    back = words.say("error.ways_back", back=error.back) if error.back else ""
    taken = (*error.possible, *error.back)
    guess = _guess(() if step in taken else near(step, taken), words)
    said = {"step": _step(step, words), "name": name, "state": state, "other": other}
    return said | {"possible": possible, "back": back, "guess": guess}


def _step(step: str, words: Words) -> str:
    """What somebody tried to do: a word of ours, or the procedure's own trigger."""
    code = f"step.{step}"
    return words.say(code) if words.has(code) else step


def _guess(found: tuple[str, ...], words: Words) -> str:
    return words.say("error.guess", near=found) if found else words.say("error.no_guess")


def to_json(error: DaihoiError, words: Words, workflow: Workflow | None = None, others: Others = ALONE) -> dict[str, Any]:
    """The object that stands on stderr with `--format json`."""
    told = tell(error, words)
    written: dict[str, Any] = {"code": told.code, "message": told.message, "hint": told.hint, "recorded": error.recorded}
    fields = error.fields()
    if isinstance(error, GuardsRefuse):
        fields["smallest"] = why.as_met(error.smallest, error.verdicts)
    for name, value in fields.items():
        written.setdefault(name, _plain(name, value, words, workflow, others))
    return {"error": written}


def _plain(name: str, value: Any, words: Words, workflow: Workflow | None, others: Others) -> Any:
    known = workflow or _nothing_known()
    if name == "verdicts":
        return [verdicts.to_json(v, known, words, others) for v in value]
    if name == "smallest":
        return why.smallest_to_json(value, known, words, others)
    if name == "problems":
        return [problems.to_json(p, words) for p in value]
    if isinstance(value, DaihoiError):
        return to_json(value, words, workflow, others)["error"]
    if hasattr(value, "__attrs_attrs__"):
        return plain_deep(attrs.asdict(value))
    return plain_deep(value)


def _nothing_known() -> Workflow:
    """Words for a refusal whose procedure is not at hand: ids stand for themselves."""
    return Workflow(id="", version="", text=Text(vi="", en=""), initial="", states=(), transitions=())


def page(error: DaihoiError, words: Words, workflow: Workflow | None = None, others: Others = ALONE) -> Iterator[Block]:
    """The error as a person reads it."""
    if isinstance(error, GuardsRefuse):
        yield from _guards(error, words, workflow or _nothing_known(), others)
        return
    told = tell(error, words)
    head = "error.refused" if isinstance(error, Refused) else "error.head"
    yield line((words.say(head, code=told.code), "bad"), told.message)
    for problem in error.fields().get("problems", ()):
        yield from problems.page(problem, words)
    cause = error.fields().get("error")
    if isinstance(cause, DaihoiError):
        yield from page(cause, words, workflow, others)
    if told.hint:
        yield line(told.hint)


def _guards(error: GuardsRefuse, words: Words, workflow: Workflow, others: Others) -> Iterator[Block]:
    """A refusal names every guard that stands before the step, not the first."""
    standing = [v for v in error.verdicts if v.blocks]
    head = words.many("error.E-GUARD.head", len(standing), trigger=error.trigger)
    yield line((words.say("error.refused", code=error.code), "bad"), head)
    indent = 6 + max((len(v.guard) for v in standing), default=0)
    for verdict in standing:
        yield from why.verdict_lines(verdict, workflow, words, indent, others)
    smallest = why.as_met(error.smallest, error.verdicts)
    if smallest:
        yield from why.wrapped(words.say("why.smallest", todos=todos.sentence(smallest, workflow, words, others)), "")
    yield line(words.say("error.E-GUARD.see", unit=error.unit))
