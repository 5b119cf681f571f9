"""Every mistake in a procedure has a code of its own, its place, and, where there is one, a guess; all are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.machine import Kernel
from tests.sample import CONGRESS
from tests.workflows.files import MEETING, checked, edited, told
from workflows import names
from workflows.problems import FileMistakes, Problem


def the_mistake(folder: Path, *edits: tuple[str, str]) -> Problem:
    """The only thing that is wrong after some edits."""
    text = MEETING
    for old, new in edits:
        text = edited(text, old, new)
    problems = checked(folder, text).problems
    assert len(problems) == 1, told(problems)
    return problems[0]


BEFORE = 'before = ["meet"]\nsource = "1/QĐ, Điều 2"'
QUORUM = 'must = "fact.present >= plan.quorum"'
TEXT = 'text.vi = "x"\ntext.en = "x"\n'
MEET = 'trigger = "meet"\nfrom = "preparing"\nto = "done"'


def test_a_file_without_mistakes_has_no_problems(tmp_path: Path) -> None:
    loaded = checked(tmp_path, MEETING)

    assert loaded.problems == ()
    assert [s.id for s in loaded.workflow.states] == ["preparing", "done"]
    assert loaded.workflow.transitions[0].by == ("unit",)
    assert loaded.workflow.guard_by_id["quorum"].severity == "must"


@pytest.mark.parametrize(
    ("edits", "code", "where", "guess"),
    [
        ([('initial = "preparing"', 'initial = "preparing"\ninital = "x"')], "E-KEY-UNKNOWN", "inital", "initial"),
        ([(MEET, MEET + '\nbye = "unit"')], "E-KEY-UNKNOWN", "transitions[1].bye", "by"),
        ([('version = "1"', 'version = "1"\nextend = "congress"')], "E-KEY-UNKNOWN", "extend", "extends"),
        ([('version = "1"\n', "")], "E-KEY-MISSING", "version", None),
        ([('version = "1"', 'version = ""')], "E-KEY-MISSING", "version", None),
        ([('version = "1"', "version = 1")], "E-TYPE", "version", None),
        ([("final = true", 'final = "yes"')], "E-TYPE", "states.done.final", None),
        ([('awards = ["held"]', "awards = 07:30:00")], "E-TYPE", "transitions[1].awards", None),
        ([(BEFORE, 'before = ["meet", 3]\nsource = "x"')], "E-TYPE", "guards.quorum.before[2]", None),
        ([('type = "int"\ntext.vi = "số người có mặt"', 'type = "integer"\ntext.vi = "x"')], "E-CHOICE", "facts.present.type", "int"),
        ([("back = true", 'back = true\nby = "supervisor"')], "E-CHOICE", "transitions[2].by", "superior"),
        ([('certainty = "A"', 'certainty = "E"')], "E-CHOICE", "guards.quorum.certainty", None),
        ([('text.vi = "Hội nghị"\n', "")], "E-TEXT-MISSING", "text.vi", None),
        ([('text.en = "held"\n', "")], "E-TEXT-MISSING", "milestones.held.text.en", None),
        ([('text.vi = "Đủ số người"\ntext.en = "a quorum is there"\n', "")], "E-TEXT-MISSING", "guards.quorum.text", None),
        ([('text.en = "done"', 'text.en = "  "')], "E-TEXT-MISSING", "states.done.text.en", None),
        ([('text.en = "done"', 'text.en = "do\\u0000ne"')], "E-CONTROL", "states.done.text.en", None),
        ([('id = "meeting"', 'id = "Meeting One"')], "E-ID", "id", "meeting-one"),
        ([("[guards.quorum]", "[guards.Quorum]")], "E-ID", "guards.Quorum", "quorum"),
        ([('trigger = "put_off"', 'trigger = "put-off"')], "E-ID", "transitions[2].trigger", "put_off"),
        ([('initial = "preparing"', 'initial = "prepared"')], "E-NAME", "initial", "preparing"),
        ([('due = "meeting_by"', 'due = "meting_by"')], "E-NAME", "states.preparing.due", "meeting_by"),
        ([('awards = ["held"]', 'awards = ["held", "helt"]')], "E-NAME", "transitions[1].awards[2]", "held"),
        ([('awards = ["held"]', 'awards = ["held"]\nrevokes = ["recognised"]')], "E-NAME", "transitions[1].revokes[1]", None),
        ([('clears = ["present"]', 'clears = ["presents"]')], "E-NAME", "transitions[2].clears[1]", "present"),
        ([('needed_before = ["meet"]', 'needed_before = ["met"]')], "E-NAME", "documents.report.needed_before[1]", "meet"),
        ([(BEFORE, 'before = ["meeet"]\nsource = "x"')], "E-NAME", "guards.quorum.before[1]", "meet"),
        ([('certainty = "A"', 'certainty = "A"\nway_out = "wave"')], "E-NAME", "guards.quorum.way_out", "waive"),
        ([(BEFORE, 'before = ["meet", "meet"]\nsource = "x"')], "E-LISTED-TWICE", "guards.quorum.before[2]", None),
        ([("[documents.report]", "[documents.present]")], "E-ID-TWICE", "documents.present", None),
        ([("[guards.quorum]", "[guards.report-filed]")], "E-ID-TWICE", "guards.report-filed", None),
        ([('due = "meeting_by"', 'due = "quorum"')], "E-DUE-TYPE", "states.preparing.due", None),
        ([("final = true", 'final = true\ndue = "meeting_by"')], "E-FINAL-DUE", "states.done.due", None),
        ([('from = "preparing"\nto = "="', 'from = ["preparing", "done"]\nto = "="')], "E-FINAL-LEFT", "transitions[2].from", None),
        ([("final = true\n", "")], "E-NO-FINAL", "states", None),
        ([("[milestones.held]", "[milestones.met]\n" + TEXT + "[milestones.held]")], "E-NOT-AWARDED", "milestones.met", None),
        ([('text.vi = "số người có mặt"', 'choices = ["1"]\ntext.vi = "x"')], "E-CHOICES-TYPE", "facts.present.choices", None),
        ([(QUORUM + "\n", "")], "E-GUARD-NEITHER", "guards.quorum", None),
        ([(QUORUM, QUORUM + '\nshould = "fact.present > 1"')], "E-GUARD-BOTH", "guards.quorum", None),
        ([('certainty = "A"', 'certainty = "C"')], "E-CERTAINTY", "guards.quorum.certainty", None),
        ([('source = "1/QĐ"', 'source = "1/QĐ"\ncertainty = "D"')], "E-CERTAINTY", "documents.report.certainty", None),
        ([(QUORUM, 'must = "on <= plan.meeting_by"')], "E-WAY-OUT-MISSING", "guards.quorum", None),
        ([(QUORUM, "must = 'days(unit.day(\"held\"), plan.meeting_by) > plan.quorum'")], "E-WAY-OUT-MISSING", "guards.quorum", None),
        ([('certainty = "A"', 'certainty = "A"\nway_out = "meet"')], "E-WAY-OUT-NOWHERE", "guards.quorum.way_out", None),
        ([(QUORUM, 'must = "fact.presnt >= plan.quorum"')], "unknown_fact", "guards.quorum.must, column 6", "present"),
        ([(QUORUM, 'must = "fact.present >= plan.meeting_by"')], "type_mismatch", "guards.quorum.must, column 14", None),
        ([('certainty = "A"', 'certainty = "A"\nwhen = "fact.present > 1"')], "only_unit", "guards.quorum.when, column 1", None),
        ([('type = "int"\ntext.vi = "số người có mặt"', 'type = 5\ntext.vi = "x"')], "E-TYPE", "facts.present.type", None),
        ([("[facts.present]", "[facts.present]\nmost = 1")], "E-KEY-UNKNOWN", "facts.present.most", None),
    ],
)  # fmt: skip
def test_one_mistake_is_told_once_with_code_place_and_guess(
    tmp_path: Path, edits: list[tuple[str, str]], code: str, where: str, guess: str | None
) -> None:
    problem = the_mistake(tmp_path, *edits)

    assert (problem.code, problem.where, problem.guess) == (code, where, guess)
    assert problem.file == "meeting.toml"
    assert problem.severity == "error"
    assert problem.line is not None or code in ("E-KEY-MISSING", "E-NO-FINAL")


def test_the_line_of_a_mistake_is_the_line_in_the_file(tmp_path: Path) -> None:
    problem = the_mistake(tmp_path, ('trigger = "put_off"', 'trigger = "put-off"'))

    assert problem.line == MEETING.splitlines().index('trigger = "put_off"') + 1


def test_the_line_of_what_is_missing_is_that_of_its_table(tmp_path: Path) -> None:
    problem = the_mistake(tmp_path, ('text.en = "held"\n', ""))

    assert problem.line == MEETING.splitlines().index("[milestones.held]") + 2


def test_a_state_nobody_comes_to(tmp_path: Path) -> None:
    text = edited(MEETING, "[states.done]", '[states.lost]\ntext.vi = "x"\ntext.en = "x"\nfinal = true\n[states.done]')

    assert told(checked(tmp_path, text).problems) == [("E-UNREACHABLE", "states.lost")]


def test_a_state_with_no_way_to_a_final_one(tmp_path: Path) -> None:
    text = edited(MEETING, "[states.done]", '[states.stuck]\ntext.vi = "x"\ntext.en = "x"\n[states.done]')
    text = edited(text, 'to = "="', 'to = "stuck"')

    assert told(checked(tmp_path, text).problems) == [("E-DEAD-END", "states.stuck")]


def test_a_guard_on_a_trigger_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    problem = the_mistake(tmp_path, ('needed_before = ["meet"]', 'needed_before = ["put_of"]'))

    assert problem.guess == "put_off"
    assert problem.fields["kind"] == "trigger"


@pytest.mark.parametrize(
    "trigger", ["state", "trigger", "model", "is_done", "to_done", "may_meet", "add_state", "get_ready", "on_enter_done", "waive"]
)
def test_a_trigger_that_would_break_the_kernel_is_reserved(tmp_path: Path, trigger: str) -> None:
    problem = the_mistake(tmp_path, ('trigger = "put_off"', f'trigger = "{trigger}"'))

    assert (problem.code, problem.where) == ("E-RESERVED", "transitions[2].trigger")


@pytest.mark.parametrize("word", ["in", "true", "while", "package"])
def test_a_word_of_the_guard_language_is_no_name_of_a_fact(tmp_path: Path, word: str) -> None:
    text = edited(MEETING, "[facts.present]", f'[facts.{word}]\ntype = "int"\ntext.vi = "x"\ntext.en = "x"\n[facts.present]')

    assert told(checked(tmp_path, text).problems) == [("E-RESERVED", f"facts.{word}")]


def test_the_names_that_the_kernel_gives_its_cursor_are_all_reserved() -> None:
    kernel = Kernel(CONGRESS)
    taken = {name for name in vars(kernel._cursor) if not name.startswith("_")} - set(CONGRESS.triggers)

    assert {name for name in taken if not names._is_reserved("trigger", name)} == set()


def test_with_no_milestone_held_boards_cannot_count(tmp_path: Path) -> None:
    text = MEETING.replace("[milestones.held]", "[milestones.met]").replace('awards = ["held"]', 'awards = ["met"]')
    loaded = checked(tmp_path, text)

    assert [(p.code, p.severity) for p in loaded.problems] == [("W-NO-HELD", "warning")]
    assert loaded.ok


def test_two_open_routes_of_one_trigger_are_warned_of(tmp_path: Path) -> None:
    second = '[[transitions]]\ntrigger = "meet"\nfrom = "preparing"\nto = "="\nwhen = \'unit.tag("small")\'\ntext.vi = "x"\ntext.en = "x"\n'
    problems = checked(tmp_path, edited(MEETING, "[facts.present]", second + "\n[facts.present]")).problems

    assert [(p.code, p.where, p.severity) for p in problems] == [("W-ROUTES", "transitions[3].when", "warning")]
    assert problems[0].fields == {"trigger": "meet", "state": "preparing", "other": 1}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("unit.pilot", "!unit.pilot"),
        ('unit.level == "a"', 'unit.level != "a"'),
        ('unit.tag("x") && unit.pilot', '!unit.tag("x")'),
        ("unit.attempt > 1", "unit.attempt <= 1"),
        ('unit.block in ["a", "b"]', '!(unit.block in ["a", "b"])'),
        ('unit.planned_on < date("2026-01-01")', 'unit.planned_on >= date("2026-01-01")'),
    ],
)
def test_routes_that_exclude_each_other_are_fine(tmp_path: Path, one: str, other: str) -> None:
    text = edited(MEETING, MEET, f"{MEET}\nwhen = '{one}'")
    second = (
        f'[[transitions]]\ntrigger = "meet"\nfrom = "preparing"\nto = "="\nwhen = \'{other}\'\ntext.vi = "x"\ntext.en = "x"\n'
    )

    assert checked(tmp_path, edited(text, "[facts.present]", second + "\n[facts.present]")).problems == ()


def test_a_should_may_read_the_day_and_be_uncertain(tmp_path: Path) -> None:
    text = edited(MEETING, QUORUM, 'should = "on <= plan.meeting_by && fact.present > plan.quorum"')

    assert checked(tmp_path, edited(text, 'certainty = "A"', 'certainty = "D"')).problems == ()


@pytest.mark.parametrize("way_out", ["waive", "put_off"])
def test_a_must_that_reads_the_day_is_fine_with_a_way_out(tmp_path: Path, way_out: str) -> None:
    text = edited(MEETING, QUORUM, f'must = "on <= plan.meeting_by && fact.present > plan.quorum"\nway_out = "{way_out}"')

    assert checked(tmp_path, text).problems == ()


def test_has_that_hides_something_is_a_warning_of_the_guard_language(tmp_path: Path) -> None:
    text = edited(MEETING, QUORUM, 'must = "!has(fact.present) || fact.present > plan.quorum"')
    loaded = checked(tmp_path, text)

    assert [(p.code, p.severity) for p in loaded.problems] == [("has_hides_unknown", "warning")]
    assert loaded.ok


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = MEETING
    for old, new in [
        ('version = "1"', "version = 1"),
        ('text.en = "done"\n', ""),
        ('trigger = "put_off"', 'trigger = "state"'),
        ("fact.present >= plan.quorum", "fact.presnt >= plan.quorun"),
        ('awards = ["held"]', 'award = ["held"]'),
        ('certainty = "A"', 'certainty = "C"'),
    ]:
        text = edited(text, old, new)
    loaded = checked(tmp_path, text)

    assert told(loaded.problems) == [
        ("E-TYPE", "version"),
        ("E-TEXT-MISSING", "states.done.text.en"),
        ("E-NOT-AWARDED", "milestones.held"),
        ("E-KEY-UNKNOWN", "transitions[1].award"),
        ("E-RESERVED", "transitions[2].trigger"),
        ("unknown_fact", "guards.quorum.must, column 6"),
        ("unknown_plan_value", "guards.quorum.must, column 21"),
        ("E-CERTAINTY", "guards.quorum.certainty"),
    ]
    with pytest.raises(FileMistakes) as caught:
        loaded.raise_errors()
    assert (caught.value.code, caught.value.exit_code, caught.value.file) == ("E-FILE-MISTAKES", 2, "meeting.toml")
    assert caught.value.problems == loaded.problems


def test_nobody_is_told_more_than_five_hundred_mistakes(tmp_path: Path) -> None:
    text = MEETING + "".join(f"[wrong{n}]\n" for n in range(5000))

    assert len(checked(tmp_path, text).problems) == 500


def test_more_expressions_than_can_be_read_are_one_mistake(tmp_path: Path) -> None:
    long = " || ".join(["fact.present > 1"] * 40)
    guards = "".join(
        f'[guards.g{n}]\nmust = "{long}"\nbefore = ["meet"]\nsource = "x"\ncertainty = "A"\ntext.vi = "x"\ntext.en = "x"\n'
        for n in range(70)
    )

    assert told(checked(tmp_path, MEETING + guards).problems) == [("E-EXPRESSIONS", "guards")]


def test_an_empty_file_says_what_it_lacks(tmp_path: Path) -> None:
    assert told(checked(tmp_path, "").problems) == [
        ("E-KEY-MISSING", "id"),
        ("E-KEY-MISSING", "version"),
        ("E-TEXT-MISSING", "text"),
        ("E-KEY-MISSING", "initial"),
        ("E-KEY-MISSING", "states"),
        ("E-KEY-MISSING", "transitions"),
    ]


@pytest.mark.parametrize("key", ["states", "transitions", "facts", "guards", "text", "documents"])
@pytest.mark.parametrize("value", ["5", '"x"', "[]", "[1]", "true", "2021-01-01", "07:30:00", "nan", "{x = 1}"])
def test_no_value_of_a_wrong_kind_gets_through_or_breaks_the_check(tmp_path: Path, key: str, value: str) -> None:
    problems = checked(tmp_path, f"{key} = {value}\n").problems

    assert any(p.where.startswith(key) for p in problems) or value == "[]"


def test_texts_come_in_composed_letters(tmp_path: Path) -> None:
    decomposed = "Ho\u0323\u0302i nghi\u0323"
    loaded = checked(tmp_path, edited(MEETING, "Hội nghị", decomposed))

    assert loaded.workflow.text.vi == "Hội nghị"
