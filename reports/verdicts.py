"""A verdict in words: what decided it, with the values that were read and how far off they are.

The words are made from the verdict alone, so that a replay of an old verdict says what was said then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import attrs

from engine.readings import Path, Reading, Tally
from engine.values import Value, plain
from engine.verdicts import Because, Need, Verdict
from engine.workflow import HELD, Guard, Workflow
from reports import names, todos
from reports.catalogue import Words
from reports.todos import ALONE, Others

MARKS = {"met": "✓", "unmet": "✗", "unknown": "?", "error": "‼", "waived": "○"}
SHOWN_ONLY = "!"

_SHARES = {(1, 2): "half", (1, 3): "third", (2, 3): "two_thirds", (3, 4): "three_quarters"}


def mark(verdict: Verdict) -> str:
    """The sign in front of a guard; one that only advises has its own unless it is met."""
    if verdict.severity == "should" and verdict.result != "met":
        return SHOWN_ONLY
    return MARKS[verdict.result]


@attrs.frozen
class Reason:
    """One line of why, and the inputs that it is about."""

    said: str
    paths: tuple[Path, ...]


def reasons(verdict: Verdict, workflow: Workflow, words: Words) -> tuple[Reason, ...]:
    """Why the verdict is what it is: a line for each comparison that decided it, for each input that is not known. None where it is met."""
    if verdict.result in ("met", "waived"):
        return ()
    found = (reason for because in verdict.because for reason in _reasons(because, verdict, workflow, words))
    return tuple({reason.said: reason for reason in found}.values())


def _reasons(because: Because, verdict: Verdict, workflow: Workflow, words: Words) -> Iterator[Reason]:
    unknown = [(path, reading) for path, reading in because.readings if not reading.known]
    if unknown and because.error is None and verdict.result != "error":
        for path, reading in unknown:
            yield Reason(unknown_words(path, reading, words), (path,))
    else:
        yield Reason(because_words(because, verdict, workflow, words), tuple(path for path, _ in because.readings))


def guard_text(guard: Guard, workflow: Workflow, words: Words) -> str:
    """What a guard says. One that stands for a document says what is asked of the document."""
    text = guard.text.in_language(words.language)
    if guard in workflow.guards:
        return text
    return words.say(f"guard.{guard.id.rpartition('-')[2]}", text=text)


def remark(verdict: Verdict, words: Words) -> str:
    """What a reader has to know beside the guard's text: it does not block, its roll is not tracked, it was waived."""
    if verdict.result == "waived":
        return words.say("verdict.waived", seq=verdict.waiver_seq)
    if verdict.result == "met":
        return words.say("verdict.untracked") if untracked(verdict) else ""
    return words.say("verdict.shown_only") if verdict.severity == "should" else ""


def untracked(verdict: Verdict) -> bool:
    return any(path[-1] == "tracked" and reading.value is False for path, reading in verdict.readings)


def because_words(because: Because, verdict: Verdict, workflow: Workflow, words: Words) -> str:
    """One deciding comparison: `present 300, needs 326 (two thirds of 489 summoned): 26 more`."""
    if because.error is not None or verdict.result == "error":
        return words.say(f"because.error.{because.error or verdict.error}", expression=because.expression)
    unknown = tuple(unknown_words(path, reading, words) for path, reading in because.readings if not reading.known)
    if unknown:
        return "; ".join(dict.fromkeys(unknown))
    if because.need is not None:
        return _need_words(because, because.need, workflow, words)
    if because.right is None:
        return _bare(because, words)
    return words.say(
        "because.compared",
        expression=because.expression,
        left=value_words(because.left, words),
        right=value_words(because.right, words),
    )


def value_words(value: Value | None, words: Words) -> str:
    """A value as a guard reads it: counts with their thousands set apart."""
    if isinstance(value, int) and not isinstance(value, bool):
        return words.number(value)
    return words.value(value)


# What is not known


def unknown_words(path: Path, reading: Reading, words: Words) -> str:
    """Why an input is not known yet."""
    name = path[1] if path[0] == "doc" else ".".join(path if path[0] == "parent" else path[:2])
    return words.say(f"because.unknown.{_unknown_kind(path, reading)}", name=name, last=path[-1], of=reading.unit or "")


def _unknown_kind(path: Path, reading: Reading) -> str:
    root = path[0]
    if root == "lead" and reading.unit is None:
        return "no_lead"
    if root == "parent" and reading.unit is None:
        return "no_parent"
    if reading.tally is not None:
        return _unknown_roll(reading.tally)
    if root == "parent":
        return {"fact": "fact", "doc": path[-1]}.get(path[1], "day")
    if root == "doc":
        return path[-1]
    if root == "unit":
        return "planned_on" if path[1] == "planned_on" else "day"
    return root if root in ("fact", "plan", "calendar") else "day"


def _unknown_roll(tally: Tally) -> str:
    if not tally.tracked:
        return "untracked"
    return "nobody_yet" if tally.complete else "open_roll"


# What is known and not enough


def _bare(because: Because, words: Words) -> str:
    """A bare name (or a test of one value) that decided: what it is, and what stands behind it."""
    path = because.path or ("",)
    if path[0] == "doc" and path[-1] in ("filed", "approved") and because.left is False:
        return words.say(f"because.unknown.{path[-1]}_on", name=path[1])
    if isinstance(because.left, bool) or because.left is None:
        said = words.say(
            "because.is", expression=because.expression, value=words.say(f"because.{str(bool(because.left)).lower()}")
        )
    else:
        said = words.say("because.value", expression=because.expression, value=value_words(because.left, words))
    behind = "; ".join(_behind(because, words))
    return f"{said}: {behind}" if behind else said


def _behind(because: Because, words: Words) -> Iterator[str]:
    for path, reading in because.readings:
        if path[0] == "lead" and reading.unit is not None:
            yield words.say("because.leads", unit=reading.unit)
        elif path[0] == "parent" and reading.unit is not None:
            yield words.say("because.parent", unit=reading.unit)
        if reading.tally is not None:
            yield tally_words(reading.tally, words)


def tally_words(tally: Tally, words: Words) -> str:
    """A count: "its pilots have held 1 of 2, still open: dong-anh"."""
    if not tally.tracked:
        return words.say("tally.untracked")
    if tally.milestone is None:
        return words.say(f"tally.total.{tally.roll}", total=words.number(tally.total))
    kind = "held" if tally.milestone == HELD else "reached"
    counts = {"reached": words.number(tally.reached), "total": words.number(tally.total), "milestone": tally.milestone}
    said = words.say(f"tally.{kind}.{tally.roll}", **counts)
    return words.say("tally.open", said=said, units=open_units(tally, words)) if tally.still_open else said


def open_units(tally: Tally, words: Words) -> str:
    named = ", ".join(tally.still_open)
    return words.say("tally.more", named=named, more=words.number(tally.more)) if tally.more else named


def _need_words(because: Because, need: Need, workflow: Workflow, words: Words) -> str:
    """How far off a comparison is."""
    if need.tally is not None and need.tally.milestone is not None and need.share is None:
        return tally_words(need.tally, words)
    if isinstance(need.needed, date):
        return _day_words(because, need, workflow, words)
    path = because.path or ("value",)
    if path[0] == "doc" and path[-1] == "open_items":
        return words.many("need.open_items", int(need.missing or 0), document=path[1])
    left, right = names.quantities(workflow, path, need.of_path, words)
    fields = {"left": left, "present": value_words(need.present, words), "needed": value_words(need.needed, words)}
    share = _share(need, right, words)
    kind = "most" if need.operator in ("<", "<=") else "exactly" if need.operator == "==" else "least"
    if need.operator == "!=" or need.missing is None:
        return words.say("need.other", **fields, operator=need.operator)
    return words.say(f"need.{kind}", **fields, share=f" ({share})" if share else "", missing=words.number(abs(need.missing)))


def _share(need: Need, of_name: str, words: Words) -> str:
    """Of what the need is a share: "two thirds of 489 summoned"."""
    if need.of is None:
        return ""
    of = f"{value_words(need.of, words)} {names.counted(of_name)}".strip()
    if need.share is None or need.share == (1, 1):
        return of
    part, whole = need.share
    if need.share in _SHARES:
        return words.say("need.share_of", share=words.say(f"share.{_SHARES[need.share]}"), of=of)
    if whole in (10, 20, 25, 50, 100):
        return words.say("need.share_of", share=words.say("share.percent", n=part * 100 // whole), of=of)
    return words.say("need.share_of", share=f"{part}/{whole}", of=of)


def _day_words(because: Because, need: Need, workflow: Workflow, words: Words) -> str:
    """A day that is too late, or too early."""
    path = because.path or ("on",)
    name = words.say("path.on") if path == ("on",) else names.quantities(workflow, path, None, words)[0]
    kind = "late" if need.operator in ("<", "<=") else "early" if need.operator in (">", ">=") else "other_day"
    days = abs(need.missing or 0)
    return words.many(f"need.{kind}", days, left=name, present=need.present, needed=need.needed)


def to_json(verdict: Verdict, workflow: Workflow, words: Words, others: Others = ALONE) -> dict[str, Any]:
    """One verdict as programs get it."""
    guard = workflow.guard_by_id.get(verdict.guard)
    written: dict[str, Any] = {
        "guard": verdict.guard,
        "text": "" if guard is None else guard_text(guard, workflow, words),
        "verdict": verdict.result,
        "severity": verdict.severity,
        "source": "" if guard is None else source(guard, words),
        "certainty": None if guard is None else guard.certainty,
        "because": [_because_to_json(b, verdict, workflow, words) for b in verdict.because],
        "todo": [todos.to_json(t, workflow, words, others) for t in verdict.todo],
        "advice": None if guard is None or guard.todo is None else guard.todo.in_language(words.language),
        "way_out": None if guard is None else guard.way_out,
    }
    if verdict.error is not None:
        written["error"] = verdict.error
    if verdict.waiver_seq is not None:
        written["waiver"] = verdict.waiver_seq
    return written


def _because_to_json(because: Because, verdict: Verdict, workflow: Workflow, words: Words) -> dict[str, Any]:
    return {
        "expression": because.expression,
        "left": plain(because.left),
        "right": plain(because.right),
        "needs": None if because.need is None else plain(because.need.needed),
        "missing": None if because.need is None else because.need.missing,
        "words": because_words(because, verdict, workflow, words),
    }


def source(declared: Any, words: Words) -> str:
    """Where a rule comes from, in the reader's language."""
    from engine.workflow import source_in

    return source_in(declared, words.language)
