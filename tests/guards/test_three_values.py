"""True, false, not yet known, and failed: every combination, in both orders, by the walk and by the compiled form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.guards import holds
from engine.guards.evaluate import Fault, Outcome, Walk
from engine.guards.names import Names
from engine.readings import Calendar, Path, Reading
from engine.values import Value
from tests.guards.sample import CONGRESS, program, readings

TRUE, FALSE, UNKNOWN, FAILED = "fact.a", "fact.b", "fact.c", "1 / fact.present > 0"
VALUES: dict[str, Value | None] = {"fact.a": True, "fact.b": False, "fact.c": None, "fact.present": 0}
KINDS: dict[str, Outcome] = {TRUE: True, FALSE: False, UNKNOWN: None, FAILED: Fault("division_by_zero")}


def outcome(expression: str, values: Mapping[str, Value | Calendar | Reading | None] = VALUES) -> Outcome:
    compiled, seen = program(expression), readings(values)
    found = compiled.run(seen)
    assert found == Walk(seen)(compiled.term)
    return found


def expected_and(parts: tuple[str, ...]) -> Outcome:
    for part in (FALSE, UNKNOWN, FAILED):
        if part in parts:
            return KINDS[part]
    return True


def expected_or(parts: tuple[str, ...]) -> Outcome:
    for part in (TRUE, UNKNOWN, FAILED):
        if part in parts:
            return KINDS[part]
    return False


@pytest.mark.parametrize("parts", [*product(KINDS, repeat=2), *product(KINDS, repeat=3)])
def test_and_is_settled_by_false_then_by_unknown_then_by_failure(parts: tuple[str, ...]) -> None:
    assert outcome(" && ".join(parts)) == expected_and(parts)


@pytest.mark.parametrize("parts", [*product(KINDS, repeat=2), *product(KINDS, repeat=3)])
def test_or_is_settled_by_true_then_by_unknown_then_by_failure(parts: tuple[str, ...]) -> None:
    assert outcome(" || ".join(parts)) == expected_or(parts)


@pytest.mark.parametrize("part", KINDS)
def test_not_turns_what_is_known_and_keeps_the_rest(part: str) -> None:
    kind = KINDS[part]

    assert outcome(f"!({part})") == (not kind if isinstance(kind, bool) else kind)


@pytest.mark.parametrize(("condition", "yes", "no"), list(product(KINDS, repeat=3)))
def test_a_choice_is_its_branch_once_its_condition_is_known(condition: str, yes: str, no: str) -> None:
    kind = KINDS[condition]
    chosen = KINDS[yes if kind is True else no]

    assert outcome(f"({condition}) ? ({yes}) : ({no})") == (chosen if isinstance(kind, bool) else kind)


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"])
def test_unknown_beats_failure_wherever_both_are_needed(operator: str) -> None:
    unknown, failed = "fact.summoned", "(1 / fact.present)"
    for left, right in permutations((unknown, failed)):
        whole = f"{left} {operator} {right}" + ("" if operator in "==!=<=>=" else " > 0")
        assert outcome(whole, {**VALUES, "fact.summoned": None}) is None, whole


@pytest.mark.parametrize(
    "expression",
    [
        "fact.summoned in [1 / fact.present]",
        "1 / fact.present in [fact.summoned]",
        "1 in [1, fact.summoned]",
        "-(fact.summoned) > 0",
        "size(fact.venue) > 1 / fact.present",
        "ceil_div(1 / fact.present, fact.summoned) > 0",
    ],
)
def test_one_unknown_operand_makes_the_operation_unknown(expression: str) -> None:
    assert outcome(expression, {**VALUES, "fact.summoned": None, "fact.venue": None}) is None


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("9223372036854775807 + fact.summoned > 0", "overflow"),
        ("-9223372036854775808 - fact.summoned > 0", "overflow"),
        ("9223372036854775807 * (fact.summoned + 1) > 0", "overflow"),
        ("-(-9223372036854775808 * fact.summoned) > 0", "overflow"),
        ("-9223372036854775808 / (0 - fact.summoned) > 0", "overflow"),
        ("-9223372036854775808 % (0 - fact.summoned) > 0", "overflow"),
        ("ceil_div(-9223372036854775808, 0 - fact.summoned) > 0", "overflow"),
        ("floor_div(-9223372036854775808, 0 - fact.summoned) > 0", "overflow"),
        ("fact.summoned / 0 > 0", "division_by_zero"),
        ("fact.summoned % 0 > 0", "division_by_zero"),
        ("ceil_div(fact.summoned, 0) > 0", "division_by_zero"),
        ("floor_div(fact.summoned, 0) > 0", "division_by_zero"),
    ],
)
def test_what_has_no_result_fails_with_its_reason(expression: str, reason: str) -> None:
    assert outcome(expression, {"fact.summoned": 1}) == Fault(reason)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-7 / 2 == -3", True),
        ("7 / -2 == -3", True),
        ("-7 % 3 == -1", True),
        ("7 % -3 == 1", True),
        ("-1 / 2 == 0 && 1 / 2 == 0 && 1 / -2 == 0", True),
        ("-6 / 2 == -3 && 6 / -2 == -3 && -6 / -2 == 3", True),
        ("9223372036854775807 % 1 == 0 && 0 / 5 == 0", True),
        ("floor_div(-7, 2) == -4", True),
        ("ceil_div(-7, 2) == -3", True),
        ("ceil_div(7, 2) == 4", True),
        ("9223372036854775806 + 1 == 9223372036854775807", True),
        ("-9223372036854775807 - 1 == -9223372036854775808", True),
        ("false < true && !(true < false)", True),
        ("'Z' < 'a' && 'z' < 'Đ'", True),
        ("'\\U0001F431' > '\\uFFFD'", True),
        ("size('Đông Anh') == 8 && 'Đông Anh'.size() == 8", True),
        ("2 in [1, 2] && 1 in [1, 2] && !(3 in [1, 2]) && !(1 in [])", True),
        ("date('2021-04-27') < on && on in [date('2021-04-28')] && on != date('2020-04-28')", True),
    ],
)
def test_values_are_computed_as_cel_does(expression: str, value: bool) -> None:
    assert outcome(expression, {}) is value


@pytest.mark.parametrize(
    ("first", "last", "calendar", "days"),
    [
        (date(2021, 4, 26), date(2021, 4, 30), Calendar(), 4),
        (date(2021, 4, 23), date(2021, 5, 3), Calendar(), 6),
        (date(2021, 4, 23), date(2021, 5, 4), Calendar(days_off=frozenset({date(2021, 4, 30), date(2021, 5, 3)})), 5),
        (date(2021, 4, 23), date(2021, 4, 25), Calendar(days_on=frozenset({date(2021, 4, 24)})), 1),
        (date(2021, 4, 23), date(2021, 4, 23), Calendar(), 0),
        (date(2021, 4, 30), date(2021, 4, 26), Calendar(), -4),
        (date(2021, 4, 23), date(2021, 4, 25), Calendar(days_off=frozenset({date(2021, 4, 24)})), 0),
        (date(2021, 4, 26), date(2021, 4, 30), Calendar(days_off=frozenset({date(2021, 4, 26)})), 4),
        (date(2021, 4, 26), date(2021, 4, 30), Calendar(days_off=frozenset({date(2021, 4, 30), date(2021, 5, 3)})), 3),
        (date(2021, 4, 24), date(2021, 4, 25), Calendar(days_on=frozenset({date(2021, 4, 24)})), 0),
        (date(2021, 4, 24), date(2021, 4, 25), Calendar(days_on=frozenset({date(2021, 4, 25), date(2021, 5, 1)})), 1),
        (date(2021, 1, 1), date(2021, 12, 31), Calendar(), 260),
    ],
)
def test_workdays_follow_the_plans_calendar(first: date, last: date, calendar: Calendar, days: int) -> None:
    values: dict[str, date | Calendar] = {"fact.adopted_on": first, "fact.prepared_on": last, "calendar": calendar}

    assert outcome(f"workdays(fact.adopted_on, fact.prepared_on) == {days}", values) is True


def test_workdays_without_a_calendar_are_not_known() -> None:
    values = {"fact.adopted_on": date(2021, 4, 1), "fact.prepared_on": date(2021, 4, 2)}

    assert outcome("workdays(fact.adopted_on, fact.prepared_on) > 0", values) is None


def test_days_count_from_the_first_to_the_second() -> None:
    values = {"fact.adopted_on": date(2021, 4, 1), "fact.prepared_on": date(2021, 4, 30)}

    assert outcome("days(fact.adopted_on, fact.prepared_on) == 29", values) is True
    assert outcome("days(fact.prepared_on, fact.adopted_on) == -29", values) is True


def test_has_is_never_unknown() -> None:
    assert outcome("has(fact.c)") is False
    assert outcome("has(fact.a) && has(fact.b)") is True


def test_a_fault_does_not_hold() -> None:
    assert holds(program(FAILED), readings(VALUES)) is False
    assert holds(program(UNKNOWN), readings(VALUES)) is None
    assert holds(program(TRUE), readings(VALUES)) is True


def test_a_name_nobody_looked_up_is_unknown() -> None:
    assert holds(program("fact.a"), {}) is None


@pytest.mark.parametrize("wrong", ["seven", True, date(2021, 4, 1)])
def test_a_value_of_another_type_than_declared_fails_and_nothing_raises(wrong: Value) -> None:
    assert outcome("fact.summoned > 3", {"fact.summoned": wrong}) == Fault("no_such_overload")
    assert outcome("fact.summoned == 3", {"fact.summoned": wrong}) is False
    assert outcome("fact.summoned != 3", {"fact.summoned": wrong}) is True


def test_a_fact_of_a_workflow_that_is_not_at_hand_is_known_by_its_value() -> None:
    alone = Names(own=CONGRESS)
    compiled = program("parent.fact.delegates * 2 > 5 && parent.fact.ready", alone)
    seen: dict[Path, Reading] = {
        ("parent", "fact", "delegates"): Reading(value=3),
        ("parent", "fact", "ready"): Reading(value=True),
    }

    assert compiled.type == "bool"
    assert compiled.run(seen) is True
    assert compiled.run({**seen, ("parent", "fact", "ready"): Reading(value="yes")}) == Fault("no_such_overload")
    assert compiled.run({**seen, ("parent", "fact", "delegates"): Reading(value="many")}) == Fault("no_such_overload")


@pytest.mark.parametrize("known", [True, False])
def test_the_compiled_form_needs_no_walk_when_nothing_fails(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    def walked(_readings: Mapping[Path, Reading]) -> Outcome:
        raise AssertionError("walked")

    monkeypatch.setattr("engine.guards.compiled.Walk", walked)
    seen = readings({"fact.present": 300 if known else None, "fact.summoned": 489, "fact.a": known or None})

    assert program("fact.present * 3 >= fact.summoned * 2 || !fact.a").run(seen) is (False if known else None)
    assert program("true").run(seen) is True


EXPRESSIONS = (
    "fact.a && (fact.b || !fact.c) && fact.summoned * 3 >= fact.present * 2",
    "fact.a ? fact.summoned > 3 : fact.present > 5 || has(fact.d)",
    "(fact.a ? fact.summoned : fact.present) in [1, fact.elected, 7]",
    "(fact.a && fact.b) == (fact.c || fact.d) || fact.venue + 'x' < fact.method",
    "fact.summoned / fact.present > fact.elected % fact.present || fact.a",
    "days(fact.adopted_on, on) > 3 && fact.prepared_on != fact.adopted_on && size(fact.venue) < 4",
    "!(fact.summoned - fact.present > 4) || -fact.elected < 0 && !has(fact.a)",
)
ANY_VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.sampled_from([2**63 - 1, -(2**63)]), st.sampled_from(["", "x", "hand"]),
    st.dates(date(2021, 1, 1), date(2021, 12, 31)),
)  # fmt: skip
BY_TYPE = {
    "bool": st.booleans() | st.none(),
    "int": st.integers(-9, 9) | st.sampled_from([None, 2**63 - 1, -(2**63)]),
    "string": st.sampled_from([None, "", "x", "hand"]),
    "date": st.dates(date(2021, 1, 1), date(2021, 12, 31)) | st.none(),
}


@given(expression=st.sampled_from(EXPRESSIONS), data=st.data(), typed=st.booleans())
def test_the_compiled_form_and_the_walk_are_one_semantics(expression: str, data: st.DataObject, typed: bool) -> None:
    compiled = program(expression)
    seen = {
        path: Reading(value=data.draw(BY_TYPE[CONGRESS.fact_by_id[path[1]].type] if typed else ANY_VALUE))
        for path in compiled.reads
        if path[0] == "fact"
    }
    seen[("on",)] = Reading(value=date(2021, 6, 1))

    assert compiled.run(seen) == Walk(seen)(compiled.term)


@given(expression=st.sampled_from([e for e in EXPRESSIONS if "has(" not in e]), data=st.data())
def test_recording_what_was_not_known_never_makes_a_known_verdict_unknown(expression: str, data: st.DataObject) -> None:
    compiled = program(expression)
    facts = [path for path in compiled.reads if path[0] == "fact"]
    seen = {path: Reading(value=data.draw(BY_TYPE[CONGRESS.fact_by_id[path[1]].type])) for path in facts}
    seen[("on",)] = Reading(value=date(2021, 6, 1))
    missing = [path for path in facts if seen[path].value is None]
    before = compiled.run(seen)
    for path in data.draw(st.permutations(missing)):
        value = data.draw(BY_TYPE[CONGRESS.fact_by_id[path[1]].type].filter(lambda v: v is not None))
        seen[path] = Reading(value=value)
        after = compiled.run(seen)

        assert before is None or after == before
        before = after
