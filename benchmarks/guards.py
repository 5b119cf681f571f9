"""Guards: verdicts without the words, against CEL in Rust (`common-expression-language`), both compiled once.

Ours is three-valued and gets what the engine hands it: readings with their origin. CEL knows true, false and errors, and gets a flat
dict of just the names that the rule reads: it converts all it is given at each call, so a nested one would only measure that.
Sixteen sets of facts, so that no cache answers; every evaluator's answers are compared first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cel

from benchmarks.harness import Case, compare, interleaved, machine, rounds_wanted, show, timed
from engine.guards import Names, compile_guard
from engine.readings import Path, Reading
from engine.values import Text
from engine.workflow import Fact, State, Workflow

REPEATS = 400
YARDSTICK = "CEL in Rust, compiled"

RULES: dict[str, str] = {
    "quorum": "fact.present * 3 >= fact.summoned * 2",
    "majority and quorum": "fact.elected * 2 > fact.valid && fact.present * 3 >= fact.summoned * 2",
    "either way": (
        "fact.appointed || (fact.elected * 2 > fact.valid && fact.present * 3 >= fact.summoned * 2 && "
        'fact.summoned > 0 && fact.form in ["delegates", "all_members"])'
    ),
}

FACTS: list[dict[str, int | bool | str]] = [
    {
        "elected": 50 + i,
        "valid": 70 + i % 3,
        "present": 60 + 2 * i,
        "summoned": 100,
        "appointed": i % 5 == 0,
        "form": "delegates" if i % 2 else "mixed",
    }
    for i in range(16)
]


def _workflow() -> Workflow:
    text = Text("", "")
    types = {"appointed": "bool", "form": "string"}
    facts = tuple(Fact(id=name, type=types.get(name, "int"), text=text) for name in FACTS[0])  # type: ignore[arg-type]
    return Workflow(
        id="bench", version="1", text=text, initial="a", states=(State(id="a", text=text),), transitions=(), facts=facts
    )


def ours(rule: str) -> Callable[[int], Any]:
    program = compile_guard(rule, Names(own=_workflow()))
    readings: list[dict[Path, Reading]] = [
        {("fact", name): Reading(value=value, unit="u", seq=1) for name, value in facts.items()} for facts in FACTS
    ]
    run = program.run
    return lambda number: run(readings[number])


def rust(rule: str) -> Callable[[int], Any]:
    program = cel.compile(rule.replace("fact.", ""))
    read = [name for name in FACTS[0] if f"fact.{name}" in rule]
    contexts: list[dict[str, Any]] = [{name: facts[name] for name in read} for facts in FACTS]
    return lambda number: program.execute(contexts[number])


def python(rule: str) -> Callable[[int], Any]:
    """A closure that somebody wrote by hand: the limit."""
    source = rule.replace("&&", "and").replace("||", "or")
    for name in FACTS[0]:
        source = source.replace(f"fact.{name}", f'f["{name}"]')
    closure = eval(f"lambda f: {source}")
    return lambda number: closure(FACTS[number])


def many(judge: Callable[[int], Any]) -> Case:
    def work() -> None:
        for _ in range(REPEATS):
            for number in range(len(FACTS)):
                judge(number)

    return timed(work)


def main() -> None:
    rounds = rounds_wanted(31)
    print(f"Guards, {rounds} rounds of {REPEATS * len(FACTS)} verdicts: {machine('common-expression-language')}")
    for name, rule in RULES.items():
        judges = {YARDSTICK: rust(rule), "daihoi": ours(rule), "written by hand in Python": python(rule)}
        answers = {case: [judge(number) for number in range(len(FACTS))] for case, judge in judges.items()}
        if len(set(map(tuple, answers.values()))) != 1:
            raise SystemExit(f"the evaluators disagree on {name}: {answers}")
        seconds = interleaved({case: many(judge) for case, judge in judges.items()}, rounds=rounds)
        show(f"{name}: throughput against CEL", compare(seconds, YARDSTICK, speed=True), YARDSTICK)


if __name__ == "__main__":
    main()
