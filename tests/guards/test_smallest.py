"""The smallest set of to-dos: a least set of inputs with which every `must` can be true on the day."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise, product
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.guards import Names, Program, Roles, compile_guard, smallest
from engine.guards.inputs import UNREAD
from engine.readings import Calendar, Path, Reading, Tally
from engine.values import Value
from engine.verdicts import Todo
from engine.workflow import Document, Milestone, PlanValue, State, Workflow
from tests.guards.sample import CONGRESS, ROLES, children, fact, guard, least, path, program, readings, said, tally, text

QUORUM = "fact.present * 3 >= fact.summoned * 2"
CHILDREN_HELD = "!children.tracked || children.reached('held') == children.total"
LONG_AGO = date(2021, 1, 4)


@pytest.mark.parametrize(
    ("guards", "values", "todo"),
    [
        ("fact.a || (fact.b && fact.c)", {}, ["record a"]),
        ("fact.c || (fact.a && fact.b)", {}, ["record c"]),
        ("(fact.a && fact.b) || (fact.c && fact.d)", {}, ["record a", "record b"]),
        ("(fact.a && fact.b) || (fact.c && fact.d)", {"fact.d": True}, ["record c"]),
        ("fact.b || fact.a", {}, ["record a"]),
        (["fact.a || fact.b", "fact.b || fact.c"], {}, ["record b"]),
        (["fact.a || fact.b", "fact.b || fact.c", "!fact.b"], {}, ["record a", "record b", "record c"]),
        (["fact.a || fact.b", "fact.b || fact.c", "!fact.b"], {"fact.b": False}, ["record a", "record c"]),
        ("fact.a && !fact.a", {}, None),
        ("fact.a", {"fact.a": True}, []),
        ("fact.a", {"fact.a": False}, ["record a"]),
        ("true", {}, []),
        ("false", {}, None),
        ("fact.a ? fact.b : fact.c", {}, ["record a", "record b"]),
        ("has(fact.d) ? fact.a : fact.b && fact.c", {}, ["record a", "record d"]),
        ("!has(fact.a)", {"fact.a": True}, None),
        ("!has(fact.a) || fact.a", {"fact.a": False}, ["record a"]),
    ],
)
def test_of_several_ways_the_shortest(guards: str | list[str], values: dict[str, Value], todo: list[str] | None) -> None:
    assert said(least(guards, values)) == (None if todo is None else [f"hoang-mai {t}" for t in todo])


@pytest.mark.parametrize(
    ("guards", "values", "todo"),
    [
        (QUORUM, {"fact.summoned": 489}, ["present"]),
        (QUORUM, {"fact.summoned": 489, "fact.present": 300}, ["present"]),
        ([QUORUM, "fact.summoned == 489"], {"fact.summoned": 489, "fact.present": 300}, ["present"]),
        ([QUORUM, "fact.summoned > 0"], {}, ["summoned", "present"]),
        ("fact.present > 5 && fact.present < 7", {}, ["present"]),
        ("fact.present > 5 && fact.present < 6", {}, None),
        ("fact.present * fact.present > 50 && fact.present < 9", {}, ["present"]),
        ("fact.present % 5 == 3 && fact.present > 10", {}, ["present"]),
        ("fact.present / fact.summoned == 2", {"fact.present": 4, "fact.summoned": 0}, ["summoned"]),
        ("ceil_div(fact.present * 2, 3) <= 7 && fact.present > 9", {}, ["present"]),
        ("floor_div(fact.present, 100) == 41", {}, ["present"]),
        ("-fact.present == 9007199254740991", {}, ["present"]),
        ("-fact.present == 9007199254740992", {}, None),
        ("fact.present + fact.elected == fact.summoned && fact.summoned > 3", {}, ["summoned", "present", "elected"]),
        ("fact.present + fact.elected == fact.summoned", {"fact.present": 1, "fact.elected": 3}, ["summoned"]),
        ("fact.summoned < fact.present && fact.present < fact.elected && fact.elected < 9 && fact.summoned > 6", {}, None),
        ("fact.summoned < fact.present && fact.present < fact.elected && fact.elected < 9 && fact.summoned > 5", {},
         ["summoned", "present", "elected"]),
        ("fact.method == 'secret_ballot' && fact.method != 'show_of_hands'", {}, ["method"]),
        ("fact.method != 'secret_ballot' && fact.method != 'show_of_hands'", {}, None),
        ("fact.venue in ['hall', 'yard'] && fact.venue != 'hall'", {"fact.venue": "hall"}, ["venue"]),
        ("size(fact.venue) > 3 && size(fact.venue) < 5", {}, ["venue"]),
        ("fact.venue != ''", {}, ["venue"]),
        ("fact.adopted_on < fact.prepared_on && fact.prepared_on < date('2021-01-03')", {}, ["adopted_on", "prepared_on"]),
        ("days(fact.adopted_on, on) >= 15 && days(fact.adopted_on, on) < 16", {}, ["adopted_on"]),
        ("workdays(fact.adopted_on, on) == 15", {"calendar": Calendar()}, ["adopted_on"]),
    ],
)  # fmt: skip
def test_values_at_the_boundaries_are_found(guards: str | list[str], values: dict[str, Value], todo: list[str] | None) -> None:
    assert said(least(guards, values)) == (None if todo is None else [f"hoang-mai record {t}" for t in todo])


def of(value: bool | None) -> Reading:
    return Reading(value=value, unit="ha-noi")


@pytest.mark.parametrize(
    ("guards", "values", "todo"),
    [
        ("on < date('2020-01-01')", {}, None),
        ("on <= plan.congress_by", {"plan.congress_by": LONG_AGO}, ["ha-noi issue congress_by of hoang-mai"]),
        ("unit.pilot || fact.a", {"unit.pilot": False}, ["hoang-mai record a"]),
        ("unit.pilot", {"unit.pilot": False}, None),
        ("!unit.reached('held')", {"unit.reached.held": True}, None),
        ("unit.reached('held') && unit.day('held') == on", {"unit.reached.held": False}, ["hoang-mai reach held"]),
        ("unit.reached('held') && unit.day('held') < on", {"unit.reached.held": False}, None),
        ("unit.planned_on > on", {"unit.planned_on": LONG_AGO}, ["hoang-mai schedule planned_on"]),
        ("lead.reached('lessons_drawn')", {"lead.reached.lessons_drawn": of(False)}, ["ha-noi reach lessons_drawn"]),
        ("doc.report.filed", {"doc.report.filed": False}, ["hoang-mai file report"]),
        (["doc.report.filed", "doc.report.approved"], {"doc.report.filed": False, "doc.report.approved": False},
         ["ha-noi approve report of hoang-mai"]),
        ("doc.report.open_items == 0", {"doc.report.open_items": 2}, ["hoang-mai settle report"]),
        ("doc.report.approved_on >= date('2021-04-01')", {"doc.report.approved": True, "doc.report.approved_on": LONG_AGO},
         ["ha-noi approve report of hoang-mai"]),
        ("!doc.report.filed", {"doc.report.filed": True}, None),
        ("doc.report.version == 2", {"doc.report.version": 1}, ["hoang-mai file report"]),
        ("parent.fact.a && parent.doc.report.filed", {"parent.fact.a": of(None), "parent.doc.report.filed": of(False)},
         ["ha-noi record a", "ha-noi file report"]),
        ("workdays(fact.adopted_on, on) > 3 && has(fact.adopted_on)", {"fact.adopted_on": LONG_AGO},
         ["ha-noi issue calendar of hoang-mai"]),
        (CHILDREN_HELD, {"children.tracked": False}, []),
        (CHILDREN_HELD, children(tally(["x", "y"], total=3)), ["x reach held", "y reach held"]),
        ("children.reached('held') * 3 >= children.total * 2", children(tally(["x", "y", "z"], total=3)), ["2 of x, y, z reach held"]),
        ("children.reached('held') >= 2 || fact.a", children(tally(["x", "y"], total=2)), ["hoang-mai record a"]),
        ("children.reached('held') >= 1 || (fact.a && fact.b)", children(tally(["x", "y"], total=2)), ["1 of x, y reach held"]),
        ("children.reached('held') >= 4", children(tally(["x"], total=3)), None),
        ("children.reached('held') < 2", children(tally(["x"], total=3)), None),
        ("children.total > 3", children(tally(["x"], total=3)), None),
        ("children.last('held') < on", children(tally(["x"], total=3, last=LONG_AGO)), []),
        ("children.last('held') < on && children.reached('held') == 3", children(tally(["x"], total=3, last=LONG_AGO)), None),
        (CHILDREN_HELD, children(tally(["x"], total=2, complete=False)), ["hoang-mai complete_roll children", "x reach held"]),
        (CHILDREN_HELD, children(tally([], total=2, complete=False)), ["hoang-mai complete_roll children"]),
        ("children.reached('held') > 1", children(tally([], total=2, complete=False)), ["hoang-mai complete_roll children"]),
    ],
)  # fmt: skip
def test_each_kind_of_input_counts_as_what_it_is(
    guards: str | list[str], values: dict[str, Value | Reading | None], todo: list[str] | None
) -> None:
    assert said(least(guards, values)) == todo


def test_without_a_lead_one_word_of_the_board_is_enough() -> None:
    nobody = Roles(unit="hoang-mai", superior="ha-noi", board="board")
    guards = ["lead.reached('lessons_drawn')", "lead.pilots.total == 0 || lead.pilots.last('held') < on"]

    assert least(guards, {}, nobody) == (Todo(who="board", deed="name_pilots", name="pilots", unit="hoang-mai"),)


def test_a_fact_that_saves_several_children_is_cheaper() -> None:
    values: dict[str, Reading | Value | None] = {**children(tally(["x", "y", "z", "w"], total=4)), "fact.a": False}

    assert said(least("children.reached('held') >= (fact.a ? 1 : 4)", values)) == [
        "1 of x, y, z, w reach held",
        "hoang-mai record a",
    ]


def test_a_pilot_that_is_also_a_child_is_asked_once() -> None:
    pilots = attrs.evolve(tally(["x"], total=2), roll="pilots")
    values: dict[str, Reading | Value | None] = {
        **children(tally(["x", "y"], total=4)),
        "pilots.reached.held": Reading(value=1, unit="hoang-mai", tally=pilots),
        "pilots.total": Reading(value=2, unit="hoang-mai", tally=pilots),
    }
    both = ["pilots.reached('held') == pilots.total", "children.reached('held') == children.total"]

    assert said(least(both, values)) == ["x reach held", "y reach held"]


def test_a_met_guard_is_not_broken_for_another() -> None:
    values = {"fact.a": False, "fact.b": False, "fact.present": 3}

    assert said(least(["fact.a || fact.present > 5", "fact.present < 4"], values)) == ["hoang-mai record a"]
    assert said(least(["fact.present > 5", "fact.present < 4 || fact.b"], values)) == [
        "hoang-mai record present",
        "hoang-mai record b",
    ]


def test_what_is_still_missing_is_asked_for_before_what_would_be_given_anew() -> None:
    shown = {"fact.b": None, "fact.summoned": 40, "fact.present": 19}

    assert said(least("fact.present * 2 > fact.summoned || fact.b", shown)) == ["hoang-mai record b"]
    assert said(least("fact.present * 2 > fact.summoned", shown)) == ["hoang-mai record present"]


def test_a_should_asks_for_nothing() -> None:
    pairs = [(guard("fact.a", severity="should"), program("fact.a")), (guard("fact.b"), program("fact.b"))]

    assert said(smallest(pairs, readings({}), CONGRESS, ROLES)) == ["hoang-mai record b"]


def test_ties_go_by_kind_then_declaration_then_reading() -> None:
    unfiled = {"doc.report.filed": False, "doc.scheme.filed": False, "unit.reached.held": False}

    assert said(least("plan.least > 3 || doc.scheme.filed || doc.report.filed || fact.b", unfiled)) == ["hoang-mai record b"]
    assert said(least("plan.least > 3 || doc.scheme.filed || doc.report.filed", unfiled)) == ["hoang-mai file report"]
    assert said(least("unit.reached('held') || plan.season_closed", unfiled)) == ["ha-noi issue season_closed of hoang-mai"]


# Against brute force

FACTS = tuple("abcdefghijkl")
NUMBERS = ("x", "y")
RANGE = range(-1, 11)
WIDE = range(-70, 71)
BRUTE = Workflow(
    id="brute",
    version="1",
    text=text("Brute force"),
    initial="s",
    states=(State(id="s", text=text("s")),),
    transitions=(),
    milestones=(Milestone(id="held", text=text("held")),),
    facts=(*(fact(name, "bool") for name in FACTS), *(fact(name, "int") for name in NUMBERS)),
    documents=(Document(id="paper", text=text("paper")),),
    plan_values=(PlanValue(id="limit", type="int", text=text("limit")),),
)
BRUTE_NAMES = Names(BRUTE, children=BRUTE)


@attrs.frozen
class Input:
    """One thing that brute force may change: the name of its to-do and the values it may take. `unit`: one more child."""

    name: str
    path: Path
    values: tuple[Value, ...]
    child: bool = False


def brute_force(
    programs: Sequence[Program], seen: Mapping[Path, Reading], declared: Sequence[Input], most: int | None = None
) -> list[str] | None:
    """The first of the smallest sets, of at most so many inputs, by trying every set with every value.

    What is missing comes first, as declared, then what is given already, as read.
    """
    read = list(dict.fromkeys(p for program in programs for p in program.reads))
    given = {i.path for i in declared if i.path[0] in ("fact", "plan") and seen.get(i.path, UNREAD).value is not None}
    anew = sorted((i for i in declared if i.path in given), key=lambda i: (i.path[0] == "plan", read.index(i.path)))
    inputs = [*(i for i in declared if i.path not in given), *anew]
    for count in range((len(inputs) if most is None else most) + 1):
        for chosen in combinations(inputs, count):
            if any(all(p.run(world) is True for p in programs) for world in worlds(seen, chosen)):
                return sorted(i.name for i in chosen)
    return None


def worlds(seen: Mapping[Path, Reading], chosen: Sequence[Input]) -> Iterator[dict[Path, Reading]]:
    held = sum(i.child for i in chosen)
    before = seen.get(path("children.reached.held"))
    counted = {} if before is None else {path("children.reached.held"): Reading(value=int(before.value or 0) + held)}  # type: ignore[arg-type]
    free = [i for i in chosen if not i.child]
    for values in product(*(i.values for i in free)):
        yield {**seen, **counted, **{i.path: Reading(value=v) for i, v in zip(free, values, strict=True)}}


def found_names(todos: Sequence[Todo] | None) -> list[str] | None:
    """The to-dos of an answer as brute force names them: of interchangeable children the first."""
    if todos is None:
        return None
    children_needed = sum(t.count for t in todos if t.unit.startswith("c") or t.any_of)
    return sorted([t.name for t in todos if not (t.unit.startswith("c") or t.any_of)] + [f"c{n}" for n in range(children_needed)])


ATOMS_OF_BOOLS = st.sampled_from([*(f"fact.{f}" for f in FACTS), *(f"!fact.{f}" for f in FACTS)])


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda operator, several: f"({operator.join(several)})",
        st.sampled_from([" && ", " || "]),
        st.lists(parts, min_size=2, max_size=3),
    )


BOOL_GUARDS = st.recursive(ATOMS_OF_BOOLS, joined, max_leaves=5)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    guards=st.lists(BOOL_GUARDS, min_size=1, max_size=4),
    known=st.dictionaries(st.sampled_from(FACTS), st.booleans(), max_size=8),
)
@example(guards=["(" + " || ".join(f"fact.{f} && !fact.{g}" for f, g in pairwise(FACTS)) + ")"], known={})
@example(guards=[f"fact.{f}" for f in FACTS[:11]], known={})
def test_over_up_to_twelve_facts_it_is_what_brute_force_finds(guards: list[str], known: dict[str, bool]) -> None:
    programs = [compile_guard(g, BRUTE_NAMES) for g in guards]
    seen = {path(f"fact.{f}"): Reading(value=known.get(f)) for f in FACTS}
    read = {p[1] for program in programs for p in program.reads}
    inputs = [Input(f, path(f"fact.{f}"), (True, False)) for f in FACTS if f in read]
    answer = smallest([(guard(g), p) for g, p in zip(guards, programs, strict=True)], seen, BRUTE, ROLES)

    assert found_names(answer) == brute_force(programs, seen, inputs)


SIDES = st.sampled_from(
    [
        "fact.x",
        "fact.y",
        "fact.x * 2",
        "fact.y * 3",
        "fact.x + fact.y",
        "fact.x - fact.y",
        "plan.limit",
        "children.reached('held')",
    ]
)
RELATIONS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
OTHER_SIDES = st.sampled_from(["0", "2", "5", "fact.x", "fact.y * 2", "plan.limit", "children.total"])
COMPARISONS = st.builds(lambda left, operator, right: f"{left} {operator} {right}", SIDES, RELATIONS, OTHER_SIDES)
OTHERS = st.sampled_from(
    ["fact.a", "!fact.a", "fact.b", "doc.paper.filed", "unit.reached('held')", "has(fact.x)", "!has(fact.y)"]
)
MIXED_GUARDS = st.recursive(COMPARISONS | OTHERS, joined, max_leaves=4)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    guards=st.lists(MIXED_GUARDS, min_size=1, max_size=3),
    numbers=st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 6), max_size=2),
    limit=st.integers(0, 5),
    held=st.integers(0, 2),
)
def test_with_numbers_papers_and_children_it_is_what_brute_force_finds(
    guards: list[str], numbers: dict[str, int], limit: int, held: int
) -> None:
    programs = [compile_guard(g, BRUTE_NAMES) for g in guards]
    still_open = tuple(f"c{n}" for n in range(3 - held))
    counted = Tally(roll="children", owner="hoang-mai", milestone="held", total=3, reached=held, still_open=still_open)
    seen = {
        path("plan.limit"): Reading(value=limit),
        path("doc.paper.filed"): Reading(value=False),
        path("unit.reached.held"): Reading(value=False),
        path("children.reached.held"): Reading(value=held, unit="hoang-mai", tally=counted),
        path("children.total"): Reading(value=3, unit="hoang-mai", tally=counted),
        **{path(f"fact.{n}"): Reading(value=v) for n, v in numbers.items()},
    }
    every = [
        *(Input(f, path(f"fact.{f}"), (True, False)) for f in ("a", "b")),
        *(Input(n, path(f"fact.{n}"), tuple(RANGE)) for n in NUMBERS),
        Input("paper", path("doc.paper.filed"), (True,)),
        Input("limit", path("plan.limit"), tuple(RANGE)),
        Input("held", path("unit.reached.held"), (True,)),
        *(Input(c, path("children.reached.held"), (), child=True) for c in still_open),
    ]
    read = {p for program in programs for p in program.reads}
    found = found_names(smallest([(guard(g), p) for g, p in zip(guards, programs, strict=True)], seen, BRUTE, ROLES))
    inputs = [i for i in every if i.path in read]

    if found is None:
        assert brute_force(programs, seen, inputs) is None
    else:
        assert brute_force(programs, seen, inputs, most=len(found) - 1) is None
        assert works(programs, seen, [i for i in every if i.name in found])


def works(programs: Sequence[Program], seen: Mapping[Path, Reading], chosen: Sequence[Input]) -> bool:
    """Whether these inputs are enough, with numbers from a wider range than brute force can go through for every set."""
    wider = [attrs.evolve(i, values=tuple(WIDE)) if i.values == tuple(RANGE) else i for i in chosen]
    return any(all(p.run(world) is True for p in programs) for world in worlds(seen, wider))


# Speed

REAL_GUARDS = [
    "fact.vouched", "fact.a && fact.b", "fact.c", "fact.d", QUORUM, "fact.summoned > 0", "fact.present > 0",
    "fact.present + fact.elected == fact.summoned && fact.elected <= fact.present", "fact.elected * 100 <= fact.summoned * 5",
    "fact.method in ['show_of_hands', 'secret_ballot']", "fact.method != 'secret_ballot' || doc.scheme.filed",
    "fact.venue != ''", "fact.prepared_on <= fact.adopted_on", "days(fact.adopted_on, on) >= 15", "doc.report.filed", "doc.report.approved",
    "doc.report.open_items == 0", "doc.scheme.filed", "on <= plan.congress_by", "lead.reached('lessons_drawn')",
    "lead.pilots.total == 0 || (lead.pilots.reached('held') == lead.pilots.total && lead.pilots.last('held') < on)", CHILDREN_HELD,
    "!has(plan.season_closed) || !plan.season_closed || (fact.a && fact.b && fact.c)", "unit.reached('recognised') || fact.d",
    "!children.tracked || children.last('held') <= plan.congress_by",
]  # fmt: skip


def test_on_twenty_five_real_guards_a_few_trials_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    pilots = Tally(roll="pilots", owner="ha-noi", milestone="held", total=2, reached=1, still_open=("dong-anh",))
    values: dict[str, Value | Calendar | Reading | None] = {
        **children(tally([f"c{n}" for n in range(20)], total=40, more=15)),
        "lead.reached.lessons_drawn": of(False),
        "lead.pilots.total": Reading(value=2, unit="ha-noi", tally=pilots),
        "lead.pilots.reached.held": Reading(value=1, unit="ha-noi", tally=pilots),
        "doc.report.filed": False,
        "doc.report.approved": False,
        "doc.report.open_items": 0,
        "doc.scheme.filed": False,
        "unit.reached.recognised": False,
    }
    pairs = [(guard(g, name=f"g{n}"), program(g)) for n, g in enumerate(REAL_GUARDS)]
    seen = readings(values)
    least_of_all = smallest(pairs, seen, CONGRESS, ROLES)

    module = sys.modules["engine.guards.smallest"]  # the package gives the function its name
    monkeypatch.setattr(module, "MOST_TRIES", 500)
    assert smallest(pairs, seen, CONGRESS, ROLES) == least_of_all


@pytest.mark.timeout(60)  # it ends by its cap; without one it would take days
def test_a_hard_question_ends_and_names_a_set_that_no_smaller_one_can_replace() -> None:
    """Three squares that sum up to a number of the form 8n + 7 do not exist: only trying every value would tell."""
    squares = "fact.present * fact.present + fact.summoned * fact.summoned + fact.elected * fact.elected == 700007"
    answer = least([squares, "fact.present % 7 == 3", "fact.summoned % 11 == 4", "fact.elected % 13 == 6"], {})

    assert said(answer) in (None, ["hoang-mai record summoned", "hoang-mai record present", "hoang-mai record elected"])


def test_a_chain_of_equalities_is_spelled_out_once_and_not_twice_as_often_with_each_link() -> None:
    """Found by fuzzing: each link asks for both values of all before it, so that forty of them never ended."""
    from engine.guards.demands import ways_to_meet

    chain = program(" == ".join(["fact.a"] * 40))
    asked = 0

    def nothing_known(_: object) -> Any:
        nonlocal asked
        asked += 1
        return None

    walk: Any = nothing_known
    ways = ways_to_meet([chain], walk)

    assert sorted(value for way in ways for _, value in way) == [False, True]
    assert asked <= 4 * 40
