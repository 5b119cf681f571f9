"""A verdict says what decided it, how far off that is, and who could do what."""

from __future__ import annotations

from datetime import date

import pytest

from engine.guards import Roles, judge
from engine.readings import Reading, Tally
from engine.verdicts import Need, Todo
from tests.guards.sample import CONGRESS, ROLES, TODAY, children, guard, path, program, readings, said, tally, verdict

QUORUM = "fact.present * 3 >= fact.summoned * 2"
CHILDREN_HELD = "!children.tracked || children.reached('held') == children.total"


def test_a_missed_quorum_says_how_many_are_missing() -> None:
    found = verdict(QUORUM, {"fact.present": 300, "fact.summoned": 489})

    assert found.result == "unmet"
    assert found.blocks
    (because,) = found.because
    assert (because.expression, because.left, because.right) == (QUORUM, 900, 978)
    assert because.path == path("fact.present")
    assert because.need == Need(
        operator=">=", needed=326, present=300, missing=26, share=(2, 3), of=489, of_path=path("fact.summoned")
    )
    assert said(found.todo) == ["hoang-mai record present"]


def test_a_met_quorum_says_so_and_asks_for_nothing() -> None:
    found = verdict(QUORUM, {"fact.present": 326, "fact.summoned": 489})

    assert (found.result, found.todo) == ("met", ())
    assert found.because[0].need is not None
    assert found.because[0].need.missing == 0


def test_what_was_read_is_kept_in_the_order_of_reading() -> None:
    present = Reading(value=300, unit="hoang-mai", seq=17)
    found = verdict(QUORUM, {"fact.summoned": 489, "fact.present": present})

    assert found.readings == ((path("fact.present"), present), (path("fact.summoned"), Reading(value=489)))


def test_what_nobody_recorded_is_not_known_and_asked_for() -> None:
    found = verdict(QUORUM, {"fact.summoned": 489})

    assert found.result == "unknown"
    assert found.blocks
    assert (found.because[0].left, found.because[0].right) == (None, 978)
    assert found.because[0].need == Need(
        operator=">=", needed=326, present=None, share=(2, 3), of=489, of_path=path("fact.summoned")
    )
    assert said(found.todo) == ["hoang-mai record present"]
    assert found.readings[0] == (path("fact.present"), Reading(value=None))


def test_an_error_is_its_own_verdict_and_blocks() -> None:
    found = verdict("fact.present / fact.summoned > 2", {"fact.present": 4, "fact.summoned": 0})

    assert (found.result, found.error, found.blocks) == ("error", "division_by_zero", True)
    assert found.because[0].error == "division_by_zero"
    assert said(found.todo) == ["hoang-mai record present", "hoang-mai record summoned"]


def test_where_a_computation_fails_any_of_its_inputs_may_be_wrong() -> None:
    found = verdict("fact.present > fact.elected / fact.summoned", {"fact.present": 4, "fact.elected": 1, "fact.summoned": 0})

    assert said(found.todo) == ["hoang-mai record present", "hoang-mai record elected", "hoang-mai record summoned"]


def test_a_should_never_blocks() -> None:
    found = judge(guard("fact.a", severity="should"), program("fact.a"), readings({"fact.a": False}), CONGRESS, ROLES)

    assert (found.result, found.blocks) == ("unmet", False)


@pytest.mark.parametrize(
    ("expression", "values", "need"),
    [
        ("fact.present > 5", {"fact.present": 3}, (">", 6, 3, 3)),
        ("fact.present >= 5", {"fact.present": 3}, (">=", 5, 3, 2)),
        ("fact.present >= 5", {"fact.present": 9}, (">=", 5, 9, 0)),
        ("fact.present <= 5", {"fact.present": 3}, ("<=", 5, 3, 0)),
        ("fact.present * 2 >= 7", {"fact.present": 3}, (">=", 4, 3, 1)),
        ("fact.present > 5 ? fact.a : fact.b", {}, (">", 6, None, None)),
        ("fact.present < 5", {"fact.present": 9}, ("<", 4, 9, 5)),
        ("fact.present <= 5", {"fact.present": 9}, ("<=", 5, 9, 4)),
        ("fact.present == 5", {"fact.present": 9}, ("==", 5, 9, 4)),
        ("fact.present == 5", {"fact.present": 2}, ("==", 5, 2, 3)),
        ("5 < fact.present", {"fact.present": 3}, (">", 6, 3, 3)),
        ("!(fact.present < 5)", {"fact.present": 3}, (">=", 5, 3, 2)),
        ("!(fact.present != 5)", {"fact.present": 3}, ("==", 5, 3, 2)),
        ("fact.present * 2 > 7", {"fact.present": 3}, (">", 4, 3, 1)),
        ("2 * fact.present > 8", {"fact.present": 3}, (">", 5, 3, 2)),
        ("fact.present * 3 < 10", {"fact.present": 9}, ("<", 3, 9, 6)),
        ("fact.present * 3 < 9", {"fact.present": 9}, ("<", 2, 9, 7)),
        ("fact.present * 3 <= 10", {"fact.present": 9}, ("<=", 3, 9, 6)),
        ("fact.present * 3 >= -10", {"fact.present": -9}, (">=", -3, -9, 6)),
        ("fact.present + fact.elected >= 5", {"fact.present": 1, "fact.elected": 2}, (">=", 5, 3, 2)),
        ("size(fact.venue) > 4", {"fact.venue": "hall"}, (">", 5, 4, 1)),
        ("days(fact.adopted_on, on) >= 15", {"fact.adopted_on": date(2021, 4, 20)}, (">=", 15, 8, 7)),
        ("on <= date('2021-04-02')", {}, ("<=", date(2021, 4, 2), TODAY, 26)),
        ("on < date('2021-04-02')", {}, ("<", date(2021, 4, 1), TODAY, 27)),
        ("on > date('2021-05-02')", {}, (">", date(2021, 5, 3), TODAY, 5)),
        ("on >= plan.congress_by", {"plan.congress_by": date(2021, 5, 2)}, (">=", date(2021, 5, 2), TODAY, 4)),
    ],
)  # fmt: skip
def test_the_need_is_in_units_of_the_left_side(expression: str, values: dict[str, object], need: tuple[object, ...]) -> None:
    found = verdict(expression, values).because[0].need  # type: ignore[arg-type]

    assert found is not None
    assert (found.operator, found.needed, found.present, found.missing) == need


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("fact.present != 5", {"fact.present": 5}),
        ("fact.present * 2 == 5", {"fact.present": 1}),
        ("fact.present * -2 >= 5", {"fact.present": 1}),
        ("fact.present * 0 >= 5", {"fact.present": 1}),
        ("fact.venue == 'hall'", {"fact.venue": "yard"}),
        ("fact.a == fact.b", {"fact.a": True, "fact.b": False}),
        ("fact.present > fact.summoned", {"fact.present": 5}),
        ("fact.present / fact.elected > 5", {"fact.present": 5, "fact.elected": 0}),
        ("on > date('9999-12-31')", {}),
        ("fact.venue in ['hall']", {"fact.venue": "yard"}),
        ("fact.a", {"fact.a": False}),
    ],
)  # fmt: skip
def test_where_no_single_number_says_it_there_is_no_need(expression: str, values: dict[str, object]) -> None:
    assert verdict(expression, values).because[0].need is None  # type: ignore[arg-type]


def test_a_share_is_told_only_of_what_is_read() -> None:
    plain = verdict("fact.present >= fact.summoned", {"fact.present": 3, "fact.summoned": 5}).because[0].need
    literal = verdict("fact.present * 2 >= 9", {"fact.present": 3}).because[0].need
    tenth = verdict("fact.present * 100 >= 10 * fact.summoned", {"fact.present": 3, "fact.summoned": 89}).because[0].need

    assert plain is not None
    assert literal is not None
    assert tenth is not None
    assert (plain.share, plain.of, plain.of_path) == (None, 5, path("fact.summoned"))
    assert (literal.share, literal.of, literal.of_path) == (None, None, None)
    assert (tenth.share, tenth.needed, tenth.of) == ((10, 100), 9, 89)


def decided_by(expression: str, **facts: bool | None) -> list[tuple[str, object]]:
    found = verdict(expression, {f"fact.{name}": value for name, value in facts.items()})
    return [(because.expression, because.left) for because in found.because]


def test_only_what_decides_is_told() -> None:
    assert decided_by("fact.a && fact.b && fact.c", a=True, b=False, c=None) == [("fact.b", False), ("fact.c", None)]
    assert decided_by("fact.a && fact.b", a=True, b=True) == [("fact.a", True), ("fact.b", True)]
    assert decided_by("fact.a || fact.b || fact.c", a=False, b=True, c=None) == [("fact.b", True)]
    assert decided_by("fact.a || fact.b", a=False, b=None) == [("fact.a", False), ("fact.b", None)]
    assert decided_by("fact.a || fact.b && fact.c", a=False, b=True, c=False) == [("fact.a", False), ("fact.c", False)]


def test_under_a_not_the_opposite_decides() -> None:
    assert decided_by("!fact.a", a=True) == [("fact.a", True)]
    assert decided_by("!(fact.a || fact.b || fact.c)", a=True, b=False, c=None) == [("fact.a", True), ("fact.c", None)]
    assert decided_by("!(fact.a && fact.b)", a=True, b=False) == [("fact.b", False)]
    assert decided_by("!(fact.a && fact.b)", a=True, b=True) == [("fact.a", True), ("fact.b", True)]


def test_of_a_choice_the_condition_and_its_branch_decide() -> None:
    assert decided_by("fact.a ? fact.b : fact.c", a=False, b=True, c=False) == [("fact.a", False), ("fact.c", False)]
    assert decided_by("fact.a ? fact.b : fact.c", a=None, b=True, c=False) == [("fact.a", None)]


def test_the_same_comparison_is_told_once() -> None:
    found = verdict("fact.a && (fact.a || fact.b)", {"fact.a": False, "fact.b": False})

    assert [b.expression for b in found.because] == ["fact.a", "fact.b"]
    assert said(found.todo) == ["hoang-mai record a", "hoang-mai record b"]


def test_what_the_left_side_cannot_change_the_right_side_can() -> None:
    late = verdict("on <= plan.congress_by", {"plan.congress_by": date(2021, 4, 2)})

    assert said(late.todo) == ["ha-noi issue congress_by of hoang-mai"]


def test_nobody_can_turn_back_the_day() -> None:
    assert verdict("on <= date('2021-04-02')", {}).todo == ()
    assert verdict("unit.pilot", {"unit.pilot": False}).todo == ()
    assert verdict("!unit.reached('held')", {"unit.reached.held": True}).todo == ()


def of(unit: str, value: bool | None = False) -> Reading:
    return Reading(value=value, unit=unit)


@pytest.mark.parametrize(
    ("expression", "values", "todo"),
    [
        ("fact.vouched", {}, ["ha-noi record vouched of hoang-mai"]),
        ("doc.report.filed", {"doc.report.filed": False}, ["hoang-mai file report"]),
        ("doc.report.approved", {"doc.report.approved": False}, ["ha-noi approve report of hoang-mai"]),
        (
            "doc.scheme.filed && doc.scheme.approved",
            {"doc.scheme.filed": False, "doc.scheme.approved": False},
            ["hoang-mai file scheme", "board approve scheme of hoang-mai"],
        ),
        (
            "doc.scheme.approved",
            {"doc.scheme.filed": False, "doc.scheme.approved": False},
            ["hoang-mai file scheme", "board approve scheme of hoang-mai"],
        ),
        ("doc.scheme.approved", {"doc.scheme.filed": True, "doc.scheme.approved": False}, ["board approve scheme of hoang-mai"]),
        ("doc.opinion.filed", {"doc.opinion.filed": False}, ["ha-noi file opinion of hoang-mai"]),
        ("doc.opinion.approved", {"doc.opinion.approved": False}, ["board approve opinion of hoang-mai"]),
        ("unit.day('held') < on", {}, ["hoang-mai reach held"]),
        ("doc.report.open_items == 0", {"doc.report.open_items": 2}, ["hoang-mai settle report"]),
        ("doc.report.version > 1", {"doc.report.version": 1}, ["hoang-mai file report"]),
        ("doc.report.approved_on < on", {}, ["ha-noi approve report of hoang-mai"]),
        ("plan.least > 3", {}, ["ha-noi issue least of hoang-mai"]),
        ("plan.season_closed", {}, ["board issue season_closed of hoang-mai"]),
        ("workdays(on, on) > 3", {}, ["ha-noi issue calendar of hoang-mai"]),
        ("unit.planned_on > on", {}, ["hoang-mai schedule planned_on"]),
        ("unit.reached('held')", {"unit.reached.held": False}, ["hoang-mai reach held"]),
        ("lead.reached('lessons_drawn')", {"lead.reached.lessons_drawn": of("ha-noi")}, ["ha-noi reach lessons_drawn"]),
        ("parent.reached('held')", {"parent.reached.held": of("ha-noi")}, ["ha-noi reach held"]),
        ("parent.fact.a", {"parent.fact.a": of("ha-noi")}, ["ha-noi record a"]),
        ("parent.doc.report.filed", {"parent.doc.report.filed": of("ha-noi")}, ["ha-noi file report"]),
        ("parent.fact.a", {}, []),
        ("has(fact.a)", {}, ["hoang-mai record a"]),
        ("fact.venue in ['hall']", {"fact.venue": "yard"}, ["hoang-mai record venue"]),
    ],
)
def test_a_todo_names_who_acts_and_about_whom(expression: str, values: dict[str, object], todo: list[str]) -> None:
    roles = Roles(unit="hoang-mai", superior="ha-noi", board="board", lead="ha-noi")

    assert said(verdict(expression, values, roles).todo) == todo  # type: ignore[arg-type]


def test_where_nobody_stands_above_the_board_acts() -> None:
    root = Roles(unit="ha-noi", superior=None, board="ha-noi")

    assert said(verdict("plan.least > 3", {}, root).todo) == ["ha-noi issue least"]


def test_without_pilots_above_the_board_is_asked_to_name_them() -> None:
    nobody = Roles(unit="hoang-mai", superior="ha-noi", board="board")
    found = verdict("lead.reached('lessons_drawn')", {}, nobody)

    assert found.result == "unknown"
    assert found.todo == (Todo(who="board", deed="name_pilots", name="pilots", unit="hoang-mai"),)


def test_all_children_still_open_are_asked_for_by_their_codes() -> None:
    found = verdict(CHILDREN_HELD, children(tally(["dai-kim", "dinh-cong"], total=14)))

    need = found.because[-1].need
    assert need is not None
    assert (need.present, need.needed, need.missing) == (12, 14, 2)
    assert need.tally is not None
    assert need.tally.still_open == ("dai-kim", "dinh-cong")
    assert found.todo == (
        Todo(who="dai-kim", deed="reach", name="held", unit="dai-kim"),
        Todo(who="dinh-cong", deed="reach", name="held", unit="dinh-cong"),
    )


def test_of_interchangeable_children_any_will_do() -> None:
    found = verdict("children.reached('held') * 3 >= children.total * 2", children(tally(["x", "y", "z", "w"], total=6)))

    assert found.todo == (
        Todo(who="hoang-mai", deed="reach", name="held", unit="hoang-mai", any_of=("x", "y", "z", "w"), count=2),
    )


def test_where_no_number_says_how_many_one_more_is_asked_for() -> None:
    found = verdict("children.reached('held') != 1", children(tally(["x", "y", "z"], total=4)))

    assert found.todo == (Todo(who="hoang-mai", deed="reach", name="held", unit="hoang-mai", any_of=("x", "y", "z"), count=1),)


def test_more_open_children_than_a_tally_names_are_counted() -> None:
    named = [f"c{n:02}" for n in range(20)]
    found = verdict(CHILDREN_HELD, children(tally(named, total=246, more=200)))

    assert found.todo == (Todo(who="hoang-mai", deed="reach", name="held", unit="hoang-mai", any_of=tuple(named), count=220),)


def test_the_pilots_of_the_lead_are_asked_where_they_are_counted() -> None:
    counted = Tally(roll="pilots", owner="ha-noi", milestone="held", total=2, reached=1, still_open=("dong-anh",))
    values = {
        "lead.pilots.reached.held": Reading(value=1, unit="ha-noi", tally=counted),
        "lead.pilots.total": Reading(value=2, unit="ha-noi", tally=counted),
    }

    assert said(verdict("lead.pilots.reached('held') == lead.pilots.total", values).todo) == ["dong-anh reach held"]
    assert verdict("lead.pilots.total > 2", values).todo == ()


def test_where_nobody_is_left_nobody_is_asked() -> None:
    assert verdict("children.reached('held') > 5", children(tally([], total=5))).todo == ()
    assert verdict("children.reached('held') > 5", {"children.reached.held": 3}).todo == ()
    assert said(verdict("children.reached('held') > 5", children(tally(["x"], total=6))).todo) == ["x reach held"]


def test_over_an_open_roll_nothing_is_known_and_its_owner_is_asked() -> None:
    found = verdict(CHILDREN_HELD, children(tally(["x"], total=3, complete=False)))

    assert found.result == "unknown"
    assert said(found.todo) == ["hoang-mai complete_roll children"]


def test_a_roll_that_is_not_tracked_lets_the_guard_pass() -> None:
    found = verdict(CHILDREN_HELD, {"children.tracked": False})

    assert found.result == "met"
    assert [(b.expression, b.left) for b in found.because] == [("children.tracked", False)]


def test_too_many_children_cannot_be_undone() -> None:
    assert verdict("children.reached('held') < 1", children(tally([], total=2))).todo == ()
