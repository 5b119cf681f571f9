"""`daihoi why`: every guard before a unit's next transitions, what is missing, and the smallest way through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from engine.answers import Missing, Way, WhyAnswer
from engine.board import Note
from engine.verdicts import Todo, Verdict
from engine.workflow import Transition, Workflow
from reports import names, standing, todos, verdicts
from reports.catalogue import Words
from reports.output import Report
from reports.page import Aside, Block, Line, Span, blank, line
from reports.terminal import PIPE_WIDTH
from reports.todos import ALONE, Others

TEXT_WIDTH = 69
VERDICT_AT = 56
TODO_AT = 48
_STYLES = {"met": "good", "unmet": "bad", "unknown": "warn", "error": "bad", "waived": "dim"}


def to_json(answer: WhyAnswer, words: Words) -> dict[str, Any]:
    written: dict[str, Any] = {
        "as_of": standing.as_of_to_json(answer.as_of),
        "unit": answer.unit.code,
        "name": answer.unit.name,
        "state": answer.state,
        "since": answer.since.isoformat(),
        "transitions": [_way_to_json(way, answer.workflow, words, answer.others) for way in answer.ways],
        "notes": [standing.note_to_json(n, words) for n in answer.notes],
    }
    if answer.back is not None:
        written["ways_back"] = [_back_to_json(t, answer.state, words) for t in answer.back]
    if answer.below is not None:
        written["below"] = [_missing_to_json(m, answer.workflow, words, answer.others) for m in answer.below]
    return written


def _way_to_json(way: Way, workflow: Workflow, words: Words, others: Others) -> dict[str, Any]:
    return {
        "trigger": way.transition.trigger,
        "to": way.to,
        "by": list(way.transition.by),
        "text": way.transition.text.in_language(words.language),
        "source": verdicts.source(way.transition, words),
        "allowed": way.allowed,
        "postponed": way.postponed,
        "verdicts": [verdicts.to_json(v, workflow, words, others) for v in way.verdicts],
        "smallest": smallest_to_json(as_met(way.smallest, way.verdicts), workflow, words, others),
    }


def _back_to_json(transition: Transition, state: str, words: Words) -> dict[str, Any]:
    return {
        "trigger": transition.trigger,
        "to": transition.target_from(state),
        "by": list(transition.by),
        "text": transition.text.in_language(words.language),
        "source": verdicts.source(transition, words),
    }


def smallest_to_json(
    smallest: Iterable[Todo] | None, workflow: Workflow, words: Words, others: Others = ALONE
) -> list[dict[str, Any]] | None:
    return None if smallest is None else [todos.to_json(t, workflow, words, others) for t in smallest]


def as_met(smallest: tuple[Todo, ...] | None, found: Iterable[Verdict]) -> tuple[Todo, ...] | None:
    """The smallest set in the order in which the guards above it name its inputs."""
    if smallest is None:
        return None
    named = [(todo.deed, todo.name, todo.unit) for verdict in found for todo in verdict.todo]
    places = {key: place for place, key in reversed(list(enumerate(named)))}
    return tuple(sorted(smallest, key=lambda t: places.get((t.deed, t.name, t.unit), len(named))))


def _missing_to_json(missing: Missing, workflow: Workflow, words: Words, others: Others) -> dict[str, Any]:
    return {"unit": missing.unit, "missing": [todos.to_json(t, workflow, words, others) for t in missing.todo]}


def page(answer: WhyAnswer, words: Words) -> Iterator[Block]:
    unit, workflow = answer.unit, answer.workflow
    state = names.state(workflow, answer.state, words, typed=True)
    level = names.level(unit.level, words)
    yield line((unit.name, "title"), f" · {level} · ", words.say("why.state", state=state, since=answer.since))
    for way in answer.ways:
        yield blank()
        yield from _way(way, answer, words)
    if not answer.ways:
        yield blank()
        yield line("  ", words.say("why.nowhere"))
    yield from _ways_back(answer, words)
    yield from _below(answer, words)
    notes = tuple(_unsaid(answer))
    if notes:
        yield blank()
    yield from standing.notes(notes, words)


def _unsaid(answer: WhyAnswer) -> Iterator[Note]:
    """The notes, but for a roll that is not tracked where a guard has said so."""
    said = any(verdicts.untracked(v) for way in answer.ways for v in way.verdicts)
    yield from (n for n in answer.notes if not (said and n.code == "untracked_roll"))


def _way(way: Way, answer: WhyAnswer, words: Words) -> Iterator[Block]:
    workflow = answer.workflow
    indent = _column(way.verdicts)
    yield _heading(way, workflow, words, indent)
    if way.verdicts:
        yield blank()
    for verdict in _ordered(way.verdicts):
        yield from verdict_lines(verdict, workflow, words, indent, answer.others)
    if not way.allowed:
        yield blank()
        yield from _way_through(way, answer, words)


def _heading(way: Way, workflow: Workflow, words: Words, indent: int) -> Line:
    transition = way.transition
    by = words.say("why.or").join(words.say(f"role.{role}") for role in transition.by)
    if transition.leads_on or transition.back:
        to = words.say("why.to", state=names.state(workflow, way.to, words, typed=True), trigger=transition.trigger, by=by)
    else:
        to = words.say("why.stays", text=transition.text.in_language(words.language), trigger=transition.trigger, by=by)
    return line("  ", (to, "title"), aside=Aside(indent + VERDICT_AT, _standing(way, words)))


def _standing(way: Way, words: Words) -> Span:
    """Whether it may be taken, and how many guards stand before it."""
    if way.postponed:
        return words.say("why.postponed"), "bad"
    if way.allowed:
        return words.say("why.allowed"), "good"
    counts = Counter(v.result for v in way.verdicts if v.blocks)
    said = ", ".join(words.say(f"why.count.{r}", count=counts[r]) for r in ("unmet", "unknown", "error") if counts[r])
    return words.say("why.not_yet", counts=said), "bad"


def _ordered(found: Iterable[Verdict]) -> list[Verdict]:
    """What blocks first, then what only advises, then what is met; each in the order of declaration."""
    return sorted(found, key=lambda v: 0 if v.blocks else 1 if v.result not in ("met", "waived") else 2)


def _column(found: Iterable[Verdict]) -> int:
    """Where the guards' texts begin: behind the longest id."""
    return 6 + max((len(v.guard) for v in found), default=18)


def verdict_lines(
    verdict: Verdict, workflow: Workflow, words: Words, indent: int | None = None, others: Others = ALONE
) -> Iterator[Block]:
    """One guard: its sign, id, text and source; then what decided it, and who has to do what."""
    at = _column((verdict,)) if indent is None else indent
    guard = workflow.guard_by_id.get(verdict.guard)
    text = verdict.guard if guard is None else verdicts.guard_text(guard, workflow, words)
    style = "dim" if verdict.severity == "should" else _STYLES[verdict.result]
    remark = verdicts.remark(verdict, words)
    head = f"  {verdicts.mark(verdict)} {verdict.guard}".ljust(at)
    said = text + remark
    source = "" if guard is None else verdicts.source(guard, words)
    yield line((head, style), said, aside=Aside(at + TEXT_WIDTH, (source, "dim")))
    if verdict.severity == "must":
        yield from _reasons(verdict, _Telling(workflow, words, others), at)


@attrs.frozen
class _Telling:
    """How to-dos are told: in which procedures' words, and in which language."""

    workflow: Workflow
    words: Words
    others: Others

    def beside(self, todo: Todo) -> str:
        return f"→ {todos.beside(todo, self.workflow, self.words, self.others)}"

    def below(self, todo: Todo) -> str:
        return f"→ {todos.to_line(todo, self.workflow, self.words, self.others)}"


def _reasons(verdict: Verdict, telling: _Telling, at: int) -> Iterator[Block]:
    """Each reason with the to-do that answers it: beside it where there is room, else below. A guard's own advice stands for them all."""
    advice = _advice(verdict, telling)
    waiting = list(verdict.todo) if verdict.blocks and advice is None else []
    for reason in verdicts.reasons(verdict, telling.workflow, telling.words):
        mine = [t for t in waiting if any(t.name in path for path in reason.paths)]
        waiting = [t for t in waiting if t not in mine]
        said = f"      {reason.said}"
        if len(mine) == 1 and len(said) < at + TODO_AT:
            yield line(said, aside=Aside(at + TODO_AT, (telling.beside(mine[0]), "warn")))
            continue
        yield line(said)
        yield from (_arrow(telling.below(todo), at) for todo in mine)
    yield from (_arrow(telling.below(todo), at) for todo in waiting)
    if advice is not None:
        yield _arrow(advice, at)


def _advice(verdict: Verdict, telling: _Telling) -> str | None:
    """What the procedure itself says has to be done, and by whom."""
    guard = telling.workflow.guard_by_id.get(verdict.guard)
    if guard is None or guard.todo is None or not verdict.blocks:
        return None
    who = verdict.todo[0].who if verdict.todo else telling.words.say(f"role.{guard.who}")
    return "→ " + telling.words.say("todo.line", who=who, what=guard.todo.in_language(telling.words.language))


def _arrow(said: str, at: int) -> Line:
    return line(aside=Aside(at + TODO_AT, (said, "warn")))


def _way_through(way: Way, answer: WhyAnswer, words: Words) -> Iterator[Block]:
    if way.postponed:
        yield line("  ", words.say("why.resume_first", unit=answer.unit.code))
    if way.smallest is None:
        yield line("  ", (words.say("why.impossible", day=answer.as_of.day), "bad"))
    elif way.smallest:
        ordered = as_met(way.smallest, way.verdicts) or ()
        yield from wrapped(words.say("why.smallest", todos=todos.sentence(ordered, answer.workflow, words, answer.others)), "  ")
    yield from _ways_out(way, answer, words)
    for unit in _held_up_by(way, answer):
        yield line("  ", words.say("why.held_up", unit=unit))


def _ways_out(way: Way, answer: WhyAnswer, words: Words) -> Iterator[Block]:
    """Of guards that are not met: what the procedure declares as their way out, for when their day has passed."""
    for verdict in way.verdicts:
        guard = answer.workflow.guard_by_id.get(verdict.guard)
        if verdict.result == "unmet" and verdict.blocks and guard is not None and guard.way_out is not None:
            kind = "waive" if guard.way_out == "waive" else "trigger"
            yield line("  ", words.say(f"why.way_out.{kind}", guard=guard.id, trigger=guard.way_out, unit=answer.unit.code))


def _ways_back(answer: WhyAnswer, words: Words) -> Iterator[Block]:
    """One quiet line: what leads back may be taken, and is nothing to work for."""
    if answer.back:
        yield blank()
        said = "; ".join(_way_back(t, words) for t in answer.back)
        yield from wrapped(words.say("why.ways_back", ways=said), "  ", style="dim")


def _way_back(transition: Transition, words: Words) -> str:
    by = words.say("why.or").join(words.say(f"role.{role}") for role in transition.by)
    text = names.begun_small(transition.text.in_language(words.language))
    return words.say("why.way_back", trigger=transition.trigger, by=by, text=text)


def _held_up_by(way: Way, answer: WhyAnswer) -> tuple[str, ...]:
    """Other units whose acts are waited for: each can be asked in turn."""
    waited = (t.unit for t in way.smallest or () if t.deed == "reach" and not t.any_of)
    others = dict.fromkeys(code for code in waited if code != answer.unit.code)
    if answer.below is None and any(t.any_of for t in way.smallest or ()):
        others = {answer.unit.code: None, **others}
    return tuple(others)


def _below(answer: WhyAnswer, words: Words) -> Iterator[Block]:
    if answer.below is None:
        return
    yield blank()
    yield line("  ", (words.say("why.below" if answer.below else "why.nothing_below"), "title"))
    for codes, todo in _alike(answer.below):
        yield from wrapped(", ".join(codes), "  ")
        yield from wrapped(todos.deeds(todo, answer.workflow, words, answer.others), "        ", first="      → ")


def _alike(found: Iterable[Missing]) -> Iterator[tuple[tuple[str, ...], tuple[Todo, ...]]]:
    """Units that lack the same are told together: two hundred branches often wait for the same paper."""
    together: dict[tuple[tuple[str, ...], ...], list[Missing]] = {}
    for missing in found:
        key = tuple((t.deed, t.name, *(c for c in (t.who, t.unit) if c != missing.unit)) for t in missing.todo)
        together.setdefault(key, []).append(missing)
    for group in together.values():
        yield tuple(m.unit for m in group), group[0].todo


def wrapped(text: str, indent: str, first: str | None = None, style: str = "") -> Iterator[Block]:
    """A long text in lines that a pipe and a printer can take."""
    from textwrap import wrap

    for said in wrap(
        text, PIPE_WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent, break_on_hyphens=False
    ):
        yield line((said, style))


REPORT = Report(to_json=to_json, page=page)
