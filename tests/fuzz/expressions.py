"""Tries guard expressions that somebody half knows how to write. A program of its own, because its limits are the process's.

Expression number n of a seed is always the same: ``python -m tests.fuzz.expressions SEED 17 18`` tries that one again.
"""

from __future__ import annotations

import json
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Final

import attrs

from engine.guards import GuardMistake, Names, Program, compile_guard, judge, smallest
from engine.guards.problems import CODES
from engine.guards.terms import Has, Read, walk
from engine.readings import Calendar, Path, Reading, Tally
from engine.values import GREATEST_RECORDED, Value
from reports import todos, verdicts, why
from reports.catalogue import LANGUAGES, words
from reports.page import Block
from tests.fuzz import hostile
from tests.fuzz.limits import CPU, TooLong, limit_memory, within
from tests.fuzz.told import show, tell_problems
from tests.guards.generator import Generator
from tests.guards.sample import NAMES, ROLES, TODAY, guard
from workflows.catalogue import bundled
from workflows.load import load_workflow
from workflows.problems import Findings, Source

EXPLAINED: Final = 10.0
"""Seconds of CPU in which a verdict and the smallest way through have to be there."""

JUDGED: Final = 3
"""Sets of readings for each expression that was accepted."""

_REAL_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "i": ("fact.present", "fact.elected", "doc.report.version"),
    "j": ("fact.summoned", "unit.attempt", "days(fact.adopted_on, on)"),
    "zero": ("plan.least", "fact.elected", "doc.report.open_items"),
    "most": ("children.total", "workdays(fact.prepared_on, plan.congress_by)", "fact.summoned"),
    "least": ('children.reached("held")', 'pilots.reached("held")', 'lead.pilots.reached("held")'),
    "n": ("fact.present", "lead.pilots.total", "ceil_div(fact.present, 3)"),
    "yes": ("fact.a", 'unit.reached("held")', "unit.pilot", "fact.prepared_on <= on"),
    "no": ("fact.b", 'parent.reached("held")', "doc.report.filed", "has(fact.present)"),
    "maybe": ("fact.c", 'lead.reached("lessons_drawn")', "children.tracked", 'children.last("held") <= plan.congress_by'),
    "word": ("fact.venue", "unit.level"),
    "blank": ("fact.method", "parent.fact.venue"),
    "text": ("fact.method", "unit.block"),
}
"""The generator's bare names as names of the sample procedure, with what guards read beside facts."""

_BARE: Final = re.compile(r"\b(?<!\\)(" + "|".join(_REAL_NAMES) + r")\b")
_TOKEN: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\w+|&&|\|\||[<>=!]=|\s+|.", re.DOTALL)
_TOKENS: Final = (
    *(
        "&&",
        "||",
        "!",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "?",
        ":",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
    ),
    *("in", "has(", "size(", "date(", "days(", "workdays(", "ceil_div(", "floor_div(", "true", "false", "null", "on", "and", "="),
    *("0", "1", "-1", "1u", "1.5", "1e9", "0x", "9223372036854775808", "''", "b'a'", "r'\\'", '"2021-02-30"', '"held"', "// x\n"),
    *("fact", "fact.", ".a", "doc.report", "plan.least", "lead.pilots", "children", "unit.tag", "é", "\u200b", "≥", "“", "\x00"),
)


@attrs.frozen
class Setting:
    """A procedure with the names that its guards may read, and the guards that it has."""

    names: Names
    written: tuple[str, ...]


class Fuzz:
    """Tries one expression after another. `seen`: what became of them."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        procedures = [load_workflow(name) for name in bundled("procedure")]
        bundled_ones = [
            Setting(Names(own=w, parent=w, children=w, pilots=w, lead=w), tuple(g.expression for g in w.guards))
            for w in procedures
        ]
        return (Setting(NAMES, ("fact.present * 3 >= fact.summoned * 2",)), *bundled_ones)

    def one(self, number: int) -> None:
        chance = Random(f"{self.seed} {number}")
        text, names = self._expression(chance)
        try:
            self._try(text, names, chance)
        except (Exception, TooLong) as error:  # noqa: BLE001 - every error is what is looked for
            where = "".join(traceback.format_tb(error.__traceback__)[-3:])
            self.wrong.append(f"expression {number}: {text!r}: {type(error).__name__}: {str(error)[:500]}\n{where}")

    def _expression(self, chance: Random) -> tuple[str, Names]:
        if chance.randrange(3):
            generator = Generator(chance.randrange(2**32))
            text, names = (
                _BARE.sub(lambda bare: chance.choice(_REAL_NAMES[bare[0]]), generator.a_bool(chance.randint(1, 4))),
                NAMES,
            )
        else:
            setting = chance.choice(self.settings)
            text, names = chance.choice(setting.written), setting.names
        for _ in range(chance.choice((0, 1, 1, 1, 2, 5))):
            text = chance.choice(_SLIPS)(text, chance)
        return text, names

    def _try(self, text: str, names: Names, chance: Random) -> None:
        try:
            program = _compiled(text, names, unit_only=chance.randrange(20) == 0)
        except GuardMistake as mistake:
            self._told(text, mistake)
            self.seen["refused"] += 1
            return
        self.seen["accepted"] += 1
        for _ in range(JUDGED):
            within(EXPLAINED, lambda: self._explain(text, program, names, chance))

    def _told(self, text: str, mistake: GuardMistake) -> None:
        assert any(p.severity == "error" for p in mistake.problems)
        findings = Findings(Source("guard.toml"))
        for problem in mistake.problems:
            assert problem.code in CODES
            assert 1 <= problem.column <= len(text) + 1, (problem, len(text))
            findings.error(
                problem.code, ("must",), column=problem.column, guess=problem.guess, name=problem.name, types=problem.types
            )
        tell_problems(findings.ordered)

    def _explain(self, text: str, program: Program, names: Names, chance: Random) -> None:
        """A verdict, the smallest way through, and the words for both."""
        readings = _readings(program, chance)
        one, workflow = guard(text), names.own
        outcome = program.run(readings)
        verdict = judge(one, program, readings, workflow, ROLES)
        least = smallest([(one, program)], readings, workflow, ROLES)

        expected = {True: "met", False: "unmet", None: "unknown"}.get(outcome, "error")  # type: ignore[arg-type]  # a fault is none of them
        assert verdict.result == expected, (verdict.result, outcome)
        assert (least == ()) == (outcome is True), (least, outcome)
        assert verdict.because or outcome is True, verdict
        self.seen[verdict.result] += 1
        self.seen["no act can meet it"] += least is None
        for language in LANGUAGES:
            said = words(language)
            lines: list[Block] = list(why.verdict_lines(verdict, workflow, said))
            show(lines)
            json.dumps(verdicts.to_json(verdict, workflow, said))
            assert todos.sentence(least, workflow, said) if least else True


def _compiled(text: str, names: Names, *, unit_only: bool) -> Program:
    """Within a second of CPU; a machine that was busy elsewhere gets a second try."""
    try:
        return within(CPU, lambda: compile_guard(text, names, unit_only=unit_only))
    except TooLong:
        return within(CPU, lambda: compile_guard(text, names, unit_only=unit_only))


# What was recorded


def _readings(program: Program, chance: Random) -> dict[Path, Reading]:
    """Something at every path that is read, or nothing, as it could be."""
    types = {
        part.path: part.type if isinstance(part, Read) else "bool" for part in walk(program.term) if isinstance(part, (Read, Has))
    }
    types |= {part.path: part.type for part in walk(program.term) if isinstance(part, Read)}
    rolls = {owner: _tallies(owner, chance) for owner in ("children", "pilots", "lead")}
    found = {path: _reading(path, kind, rolls, chance) for path, kind in types.items() if chance.randrange(8)}
    return found | {("on",): Reading(value=TODAY)}


def _reading(path: Path, kind: str, rolls: Mapping[str, Callable[[str | None], Tally]], chance: Random) -> Reading:
    if path[0] in ("children", "pilots") or path[:2] == ("lead", "pilots"):
        what = path[2:] if path[0] == "lead" else path[1:]
        return _counted(what, rolls[path[0]](what[1] if len(what) > 1 else None))
    unit = {"parent": "ha-noi", "lead": "ha-noi"}.get(path[0], "hoang-mai")
    if kind == "calendar":
        return Reading(value=chance.choice((None, Calendar(days_off=frozenset({TODAY})))), unit=unit)
    return Reading(value=_value(kind, chance) if chance.randrange(4) else None, unit=unit, seq=chance.choice((None, 7)))


def _counted(what: Path, tally: Tally) -> Reading:
    known = tally.complete and tally.tracked
    values: dict[str, Value | None] = {
        "total": tally.total, "reached": tally.reached, "first": tally.first, "last": tally.last
    }  # fmt: skip
    if what[0] == "tracked":
        return Reading(value=tally.tracked, unit=tally.owner, tally=tally)
    return Reading(value=values[what[0]] if known else None, unit=tally.owner, tally=tally)


def _tallies(owner: str, chance: Random) -> Callable[[str | None], Tally]:
    """A roll of some units, the same for every milestone that is counted of it."""
    total, reached = chance.choice((0, 1, 2, 30)), chance.randint(0, 30)
    reached = min(total, reached)
    waiting = [f"don-vi-{n}" for n in range(total - reached)]
    days = sorted(TODAY - timedelta(days=chance.randint(0, 60)) for _ in range(2))
    complete, tracked = chance.randrange(4) > 0, chance.randrange(4) > 0

    def tally(milestone: str | None) -> Tally:
        return Tally(
            roll="children" if owner == "children" else "pilots",
            owner="ha-noi" if owner == "lead" else "hoang-mai",
            milestone=milestone,
            total=total,
            reached=0 if milestone is None else reached,
            first=days[0] if milestone and reached else None,
            last=days[1] if milestone and reached else None,
            still_open=tuple(waiting[:20]) if milestone else (),
            more=max(0, len(waiting) - 20) if milestone else 0,
            complete=complete,
            tracked=tracked,
        )

    return tally


def _value(kind: str, chance: Random) -> Value:
    if kind == "bool":
        return chance.randrange(2) > 0
    if kind == "int":
        return chance.choice((0, 1, 2, 3, 150, 326, -1, GREATEST_RECORDED, -GREATEST_RECORDED))
    if kind == "date":
        return chance.choice((TODAY, TODAY - timedelta(days=30), TODAY + timedelta(days=1), date(1900, 1, 1), date(2199, 12, 31)))
    return chance.choice(("hold", "", "secret_ballot", "Đông Anh", "x" * 100))


# Slips of the pen


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text) or [""]


def _drop_a_token(text: str, chance: Random) -> str:
    tokens = _tokens(text)
    del tokens[chance.randrange(len(tokens))]
    return "".join(tokens)


def _add_a_token(text: str, chance: Random) -> str:
    tokens = _tokens(text)
    tokens.insert(chance.randint(0, len(tokens)), chance.choice((*_TOKENS, chance.choice(tokens))))
    return "".join(tokens)


def _another_token(text: str, chance: Random) -> str:
    tokens = _tokens(text)
    tokens[chance.randrange(len(tokens))] = chance.choice((*_TOKENS, chance.choice(tokens)))
    return "".join(tokens)


def _swap_tokens(text: str, chance: Random) -> str:
    tokens = _tokens(text)
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return "".join(tokens)


def _nest(text: str, chance: Random) -> str:
    times = chance.choice((1, 5, 63, 64, 65, 300))
    before, after = chance.choice(
        (("(", ")"), ("!(", ")"), ("!", ""), ("-", ""), ("[", "]"), ("size(", ")"), ("true ? ", " : false"))
    )
    return before * times + text + after * times


def _chain(text: str, chance: Random) -> str:
    return chance.choice((" && ", " || ", " == ", " + ", ", ", "\n")).join([text] * chance.choice((2, 3, 20)))


_SLIPS: Final[tuple[Callable[[str, Random], str], ...]] = (
    *(_drop_a_token, _add_a_token, _another_token, _another_token, _swap_tokens, _nest, _chain, hostile.respelled),
    lambda text, chance: text.replace(" ", chance.choice(("", "\t", "\n", "\u00a0", "\u3000"))),
    lambda text, chance: text.replace('"', chance.choice(("'", "”", "'''", '"""', "`"))),
    lambda text, chance: text[: chance.randint(0, len(text))] + hostile.word(chance) + text[chance.randint(0, len(text)) :],
)


def main(seed: str, first: str, end: str) -> None:
    fuzz = Fuzz(seed)
    assert fuzz.settings
    compile_guard("fact.a", NAMES)
    limit_memory()
    for number in range(int(first), int(end)):
        fuzz.one(number)
    sys.stdout.write(json.dumps({"seen": fuzz.seen, "wrong": fuzz.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
