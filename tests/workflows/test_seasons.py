"""A season binds units, levels, plans and procedures; what does not fit together is told in the file where it stands."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine import codec
from engine.actors import Actor
from tests.workflows.files import MEETING, PLAN, SEASON, UNION, checked_season, edited, told, write_season
from workflows.problems import FileMistakes, Problem
from workflows.seasons import Season, load_season, to_open_command

ALL_MET = 'children.reached("held") == children.total'


def whole(folder: Path) -> Season:
    season = checked_season(write_season(folder)).season
    assert season is not None
    return season


def problems(folder: Path, **changed: str) -> tuple[Problem, ...]:
    return checked_season(write_season(folder, **changed)).problems


def place(problem: Problem) -> tuple[str, str, str]:
    return problem.code, Path(problem.file).name, problem.where


def test_a_season_without_mistakes_has_no_problems(tmp_path: Path) -> None:
    loaded = checked_season(write_season(tmp_path))

    assert loaded.problems == ()
    season = loaded.season
    assert season is not None
    assert [level.id for level in season.levels] == ["union", "group"]
    assert [u.code for u in season.units] == ["top", "group-a", "group-b"]
    assert season.rolls == (("top", "complete"),)
    assert season.superiors == (("outside", "Trung ương"),)
    assert season.timezone == "Asia/Ho_Chi_Minh"


def test_parents_stand_before_their_children_however_the_file_is_ordered(tmp_path: Path) -> None:
    top = SEASON[SEASON.index('[[units]]\ncode = "top"') : SEASON.index('[[units]]\ncode = "group-a"')]
    season = checked_season(write_season(tmp_path, season=edited(SEASON, top, "") + top)).season

    assert season is not None
    assert [u.code for u in season.units] == ["top", "group-a", "group-b"]


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "guess"),
    [
        ('code = "group-b"', 'code = "group-a"', "E-CODE-TWICE", "units[3].code", None),
        ('code = "group-b"', 'code = "season"', "E-RESERVED", "units[3].code", None),
        ('code = "group-b"', 'code = "outside"', "E-CODE-TWICE", "superiors.outside", None),
        ('code = "group-b"', 'code = "Nhóm B"', "E-ID", "units[3].code", "nhom-b"),
        ('level = "group"\nparent = "top"\ntags', 'level = "groups"\nparent = "top"\ntags', "E-NAME", "units[3].level", "group"),
        ('parent = "top"\ntags', 'parent = "topp"\ntags', "E-NAME", "units[3].parent", "top"),
        ('parent = "top"\ntags', 'parent = "group-a"\ntags', "E-LEVEL-ORDER", "units[3].parent", None),
        ('parent = "top"\ntags', 'parent = "outside"\ntags', "E-PARENT-OUTSIDE", "units[3].parent", None),
        ('parent = "top"\ntags', 'parent = "top"\nsuperior = "outside"\ntags', "E-SUPERIOR-BELOW", "units[3].superior", None),
        ('parent = "top"\ntags', "tags", "E-ROOTS", "units[3]", None),
        ('superior = "outside"', 'superior = "outsid"', "E-NAME", "units[1].superior", "outside"),
        ('block = "north"', 'block = "nord"', "E-NAME", "units[2].block", "north"),
        ('pilot_of = "top"', 'pilot_of = "topp"', "E-NAME", "units[2].pilot_of", "top"),
        ('pilot_of = "top"', 'pilot_of = "group-b"', "E-PILOT-OF", "units[2].pilot_of", None),
        ('tags = ["small"]', 'tags = ["Small"]', "E-ID", "units[3].tags[1]", "small"),
        ('board = "top"', 'board = "tip"', "E-NAME", "board", "top"),
        ("opened_on = 2026-01-10", 'timezone = "Asia/Hanoi"', "E-TIMEZONE", "timezone", None),
        ("opened_on = 2026-01-10", 'timezone = "../etc"', "E-TIMEZONE", "timezone", None),
        ('workflow = "meeting.toml"', 'workflow = "metting.toml"', "E-FILE-NAMED", "levels.group.workflow", None),
        ('workflow = "meeting.toml"', 'workflow = "meeting"', "E-FILE-UNKNOWN", "levels.group.workflow", "meeting.toml"),
        ('plans = ["plan-1.toml"]', 'plans = ["kh-71-2021"]', "E-FILE-UNKNOWN", "plans[1]", "kh-71-2020"),
        ('plans = ["plan-1.toml"]', 'plans = ["plan-1.toml", "plan-1.toml"]', "E-LISTED-TWICE", "plans[2]", None),
        ('plans = ["plan-1.toml"]', 'plans = ["plan-1.toml", "./plan-1.toml"]', "E-PLAN-TWICE", "plans[2]", None),
        ("[blocks.north]", "[blocks.North]", "E-ID", "blocks.North", "north"),
        ('board = "top"', 'board = "top"\nbord = "top"', "E-KEY-UNKNOWN", "bord", "board"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_season_is_told_with_code_place_and_guess(
    tmp_path: Path, old: str, new: str, code: str, where: str, guess: str | None
) -> None:
    found = problems(tmp_path, season=edited(SEASON, old, new))

    assert (code, where, guess) in [(p.code, p.where, p.guess) for p in found]
    with pytest.raises(FileMistakes):
        load_season(str(tmp_path / "season.toml"))


def test_units_above_each_other_in_a_ring_are_told_once(tmp_path: Path) -> None:
    ring = "".join(
        f'[[units]]\ncode = "{code}"\nname = "Vòng"\nlevel = "group"\nparent = "{parent}"\n'
        for code, parent in (("r1", "r2"), ("r2", "r1"))
    )
    found = [p for p in problems(tmp_path, season=SEASON + ring) if p.code == "E-RING"]

    assert [(p.where, p.fields["units"]) for p in found] == [("units[4].parent", ("r1", "r2"))]


def test_a_unit_above_itself_is_a_ring_too(tmp_path: Path) -> None:
    text = edited(SEASON, 'parent = "top"\ntags', 'parent = "group-b"\ntags')

    assert "E-RING" in [p.code for p in problems(tmp_path, season=text)]


def test_a_ring_without_a_root_is_told_as_both(tmp_path: Path) -> None:
    text = edited(SEASON, 'superior = "outside"', 'parent = "group-a"')

    assert {"E-RING", "E-NO-ROOT"} <= {p.code for p in problems(tmp_path, season=text)}


def test_several_roots_are_fine_when_each_has_a_superior(tmp_path: Path) -> None:
    second = '[[units]]\ncode = "other"\nname = "Hội khác"\nlevel = "union"\nsuperior = "outside"\n[rolls]\nother = "open"\n'

    assert problems(tmp_path, season=SEASON + second) == ()


def test_with_no_units_there_is_no_season(tmp_path: Path) -> None:
    text = SEASON[: SEASON.index("[[units]]")]

    assert ("E-NO-UNITS", "units") in told(problems(tmp_path, season=text))


def test_a_roll_nobody_has_spoken_of_is_told(tmp_path: Path) -> None:
    second = '[[units]]\ncode = "other"\nname = "Hội khác"\nlevel = "union"\nsuperior = "outside"\n'
    found = problems(tmp_path, season=SEASON + second)

    assert [(p.code, p.where, p.fields["units"], p.fields["count"]) for p in found] == [
        ("E-ROLLS-MISSING", "rolls", ("other",), 1)
    ]
    assert problems(tmp_path, season=SEASON + second + '[rolls]\ndefault = "untracked"\n') == ()


def test_what_a_roll_may_be_is_limited(tmp_path: Path) -> None:
    found = problems(tmp_path, season=SEASON + '[rolls]\ntop = "completed"\nnobody = "open"\n')

    assert [(p.code, p.where, p.guess) for p in found] == [
        ("E-CHOICE", "rolls.top", "complete"),
        ("E-NAME", "rolls.nobody", None),
    ]


def test_numbered_units_are_counted_through_their_parents(tmp_path: Path) -> None:
    text = edited(
        SEASON, "[blocks.north]", '[levels.cell]\nworkflow = "meeting.toml"\ntext.vi = "tổ"\ntext.en = "cell"\n\n[blocks.north]'
    )
    run = '[[numbered]]\nprefix = "to"\nname = "Tổ {n}"\nlevel = "cell"\ncounts = { "group-a" = 2, "group-b" = 1 }\n'
    season = checked_season(write_season(tmp_path, season=text + run)).season

    assert season is not None
    assert [(u.code, u.name, u.parent) for u in season.units if u.level == "cell"] == [
        ("to-001", "Tổ 1", "group-a"),
        ("to-002", "Tổ 2", "group-a"),
        ("to-003", "Tổ 3", "group-b"),
    ]


@pytest.mark.parametrize(
    ("run", "code", "where"),
    [
        ('name = "Tổ"\nlevel = "group"\ncounts = { top = 2 }', "E-NUMBERED-NAME", "numbered[1].name"),
        ('name = "Tổ {n}"\nlevel = "group"\ncounts = { top = -2 }', "E-COUNT", "numbered[1].counts.top"),
        ('name = "Tổ {n}"\nlevel = "group"\ncounts = { tip = 2 }', "E-NAME", "numbered[1].parent"),
        ('name = "Tổ {n}"\nlevel = "group"\ncounts = { top = 9000000 }', "E-TOO-MANY-UNITS", "numbered[1].counts"),
        ('name = "Tổ {n}"\nlevel = "group"\ncounts = { top = "2" }', "E-TYPE", "numbered[1].counts.top"),
    ],
)
def test_a_mistake_in_a_numbered_run_is_told_once(tmp_path: Path, run: str, code: str, where: str) -> None:
    found = told(problems(tmp_path, season=f'{SEASON}[[numbered]]\nprefix = "to"\n{run}\n'))

    assert found.count((code, where)) == 1


@pytest.mark.parametrize(
    ("old", "new", "code", "where", "guess"),
    [
        ('issuer = "top"', 'issuer = "tip"', "E-NAME", "issuer", "top"),
        ('name = "quorum"', 'name = "quorun"', "E-PLAN-NAME", "values[1].name", "quorum"),
        ("value = 5", 'value = "five"', "E-PLAN-TYPE", "values[1].value", None),
        ('scope = { level = "group" }', 'scope = { level = "grup" }', "E-NAME", "values[2].scope.level", "group"),
        ('scope = { level = "group" }', 'scope = { block = "nrth" }', "E-NAME", "values[2].scope.block", "north"),
        ('scope = { level = "group" }', 'scope = { under = "group-c" }', "E-NAME", "values[2].scope.under", "group-b"),
        ('count = 1\nunits = ["group-a"]', "count = 2", "E-PILOTS-COUNT", "pilots[1].count", None),
        ('units = ["group-a"]', 'units = ["group-b"]', "E-PILOTS-OTHER", "pilots[1].units", None),
        ('units = ["group-a"]', 'units = ["group-d"]', "E-NAME", "pilots[1].units[1]", "group-b"),
        ("value = 5", "value = 5.5", "E-TYPE", "values[1].value", None),
    ],
)
def test_a_plan_that_does_not_fit_its_season_is_told_in_the_plan(
    tmp_path: Path, old: str, new: str, code: str, where: str, guess: str | None
) -> None:
    found = problems(tmp_path, plan_1=edited(PLAN, old, new))

    assert (code, "plan-1.toml", where, guess) in [(*place(p), p.guess) for p in found]


def test_a_plan_that_asks_for_a_pilot_of_each_block_is_held_to_it(tmp_path: Path) -> None:
    """G07: exactly one pilot of a block."""
    found = problems(tmp_path, plan_1=edited(PLAN, "count = 1", 'block = "north"\ncount = 1'))
    south = problems(
        tmp_path, season=edited(SEASON, 'block = "north"\n', ""), plan_1=edited(PLAN, "count = 1", 'block = "north"\ncount = 1')
    )

    assert found == ()
    assert [place(p) for p in south] == [("E-PILOTS-COUNT", "plan-1.toml", "pilots[1].count")]
    assert south[0].fields["units"] == ()


def test_two_firm_values_of_one_height_contradict_each_other(tmp_path: Path) -> None:
    firm = edited(PLAN, "value = 5", "value = 5\nfirm = true")
    other = edited(edited(firm, "plan-1", "plan-2"), "value = 5", "value = 6")
    text = edited(SEASON, '"plan-1.toml"', '"plan-1.toml", "plan-2.toml"')
    found = problems(tmp_path, season=text, plan_1=firm, plan_2=other)

    assert [place(p) for p in found] == [("E-FIRM-BOTH", "plan-2.toml", "values[1]")]


def test_a_value_that_a_firm_one_from_above_hides_is_warned_of(tmp_path: Path) -> None:
    firm = edited(PLAN, "value = 5", "value = 5\nfirm = true")
    heading = 'id = "plan-2"\nissuer = "group-b"\nnumber = "2"\ntype = "KH"\nyear = 2026\ntext.vi = "x"\ntext.en = "x"\n'
    below = heading + '[[values]]\nname = "quorum"\nvalue = 3\n'
    text = edited(SEASON, '"plan-1.toml"', '"plan-1.toml", "plan-2.toml"')
    found = problems(tmp_path, season=text, plan_1=firm, plan_2=below)

    assert [(*place(p), p.severity) for p in found] == [("W-FIRM-ABOVE", "plan-2.toml", "values[1]", "warning")]
    assert found[0].fields["unit"] == "group-b"


def test_a_scope_that_holds_nobody_is_warned_of(tmp_path: Path) -> None:
    found = problems(tmp_path, plan_1=edited(PLAN, 'scope = { level = "group" }', 'scope = { level = "union", pilot = true }'))

    assert [place(p) for p in found] == [("W-SCOPE-EMPTY", "plan-1.toml", "values[2].scope")]


@pytest.mark.parametrize(
    ("declared", "where"),
    [
        ('[facts.extra]\ntype = "int"\n', "facts.extra"),
        ("[documents.extra]\n", "documents.extra"),
        ('[plan_values.extra]\ntype = "int"\n', "plan_values.extra"),
    ],
)
def test_what_nobody_reads_has_to_say_that_it_is_only_shown(tmp_path: Path, declared: str, where: str) -> None:
    words = 'text.vi = "x"\ntext.en = "x"\n'
    unread = problems(tmp_path, meeting=f"{MEETING}{declared}{words}")
    shown = problems(tmp_path, meeting=f"{MEETING}{declared}{words}shown = true\n")

    assert [place(p) for p in unread] == [("E-UNREAD", "meeting.toml", where)]
    assert shown == ()


def test_what_only_the_level_below_reads_is_read(tmp_path: Path) -> None:
    fact = '[facts.invited]\ntype = "bool"\ntext.vi = "đã mời"\ntext.en = "invited"\n'
    reading = edited(MEETING, 'before = ["meet"]\nsource = "1/QĐ, Điều 2"', 'before = ["meet"]\nsource = "x"\nwho = "superior"')
    reading = edited(reading, "fact.present >= plan.quorum", "fact.present >= plan.quorum && parent.fact.invited")
    union = UNION + '[guards.quorum]\nmust = "fact.present >= plan.quorum"\n'

    assert [place(p) for p in problems(tmp_path, union=UNION + fact)] == [("E-UNREAD", "union.toml", "facts.invited")]
    assert problems(tmp_path, union=union + fact, meeting=reading) == ()


@pytest.mark.parametrize(
    "expression", ['children.reached("held_it") == children.total', 'pilots.reached("lessons") == pilots.total']
)
def test_names_of_the_levels_around_are_checked_in_the_season(tmp_path: Path, expression: str) -> None:
    found = problems(tmp_path, union=edited(UNION, ALL_MET, expression))

    assert [p.code for p in found] == ["unknown_milestone"]
    assert Path(found[0].file).name == "union.toml"
    assert found[0].where.startswith("guards.groups-met.must, column ")


def test_a_fact_of_the_parent_that_it_does_not_declare_is_told(tmp_path: Path) -> None:
    found = problems(
        tmp_path, meeting=edited(MEETING, "fact.present >= plan.quorum", "fact.present >= plan.quorum && parent.fact.invited")
    )

    assert ("unknown_fact", "meeting.toml") in [(p.code, Path(p.file).name) for p in found]


def test_two_procedures_that_declare_one_value_with_two_types_are_told(tmp_path: Path) -> None:
    guard = '[guards.quorum]\nmust = "on <= plan.quorum && fact.present > 0"\nway_out = "waive"\n'
    union = f'{UNION}[plan_values.quorum]\ntype = "date"\n{guard}'
    found = problems(tmp_path, union=union)

    assert ("E-PLAN-TYPES", "meeting.toml", "plan_values.quorum.type") in [place(p) for p in found]


def test_waiting_for_a_lead_that_is_not_there_is_warned_of(tmp_path: Path) -> None:
    guard = """must = 'fact.present >= plan.quorum && lead.reached("held")'"""
    meeting = edited(MEETING, 'must = "fact.present >= plan.quorum"', guard)
    without = edited(SEASON, 'pilot_of = "top"\n', "")
    plan = PLAN[: PLAN.index("[[pilots]]")]
    saying = plan + '[[values]]\nname = "no_pilots"\nvalue = true\n'

    found = problems(tmp_path, meeting=meeting, season=without, plan_1=plan)
    assert [(p.code, p.where, p.severity) for p in found] == [
        ("W-NO-LEAD", "levels.union", "warning"),
        ("W-NO-LEAD", "levels.group", "warning"),
    ]
    assert found[1].fields["units"] == ("group-a", "group-b")
    assert problems(tmp_path, meeting=meeting, season=without, plan_1=saying) == ()


def test_mistakes_of_a_procedure_are_told_in_its_file_and_nothing_follows_from_them(tmp_path: Path) -> None:
    found = problems(
        tmp_path, meeting=edited(MEETING, '[plan_values.quorum]\ntype = "int"', '[plan_values.quorum]\ntype = "integer"')
    )

    assert {place(p) for p in found} == {("E-CHOICE", "meeting.toml", "plan_values.quorum.type")}


def test_two_files_may_not_give_one_id(tmp_path: Path) -> None:
    found = problems(tmp_path, union=MEETING)

    assert ("E-WORKFLOW-TWICE", "season.toml", "levels.group.workflow") in [place(p) for p in found]


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        season=edited(edited(SEASON, 'board = "top"', 'board = "tip"'), 'block = "north"', 'block = "nrth"'),
        plan_1=edited(PLAN, 'issuer = "top"', 'issuer = "tip"'),
        meeting=edited(MEETING, 'certainty = "A"', 'certainty = "C"'),
    )

    assert {place(p) for p in found if not p.code.startswith("E-PILOTS")} == {
        ("E-NAME", "season.toml", "board"),
        ("E-NAME", "season.toml", "units[2].block"),
        ("E-NAME", "plan-1.toml", "issuer"),
        ("E-CERTAINTY", "meeting.toml", "guards.quorum.certainty"),
    }


def test_the_command_that_opens_a_season_says_all_of_it(tmp_path: Path) -> None:
    season = whole(tmp_path)
    command = to_open_command(season, Actor(unit="top"))

    assert (command.unit, command.season, command.board, command.on) == ("season", "season-1", "top", date(2026, 1, 10))
    assert [(a.level, a.workflow, a.initial) for a in command.adoptions] == [
        ("union", "union", "preparing"),
        ("group", "meeting", "preparing"),
    ]
    assert command.units == season.units
    assert to_open_command(season, Actor(unit="top"), date(2026, 1, 12)).on == date(2026, 1, 12)


def test_every_digest_in_the_command_has_a_definition_to_keep(tmp_path: Path) -> None:
    season = whole(tmp_path)
    command = to_open_command(season, Actor(unit="top"))
    kept = {d.digest: d for d in season.definitions}

    assert {command.digest, *(a.digest for a in command.adoptions), *(d for _, d in command.plans)} == set(kept)
    for definition in season.definitions:
        assert codec.digest(definition.content) == definition.digest
    assert codec.workflow_from_bytes(kept[command.adoptions[1].digest].content) == season.workflows["group"]
    assert codec.plan_from_bytes(kept[command.plans[0][1]].content) == season.plans[0]
    assert kept[command.plans[0][1]].source == PLAN
    assert kept[command.adoptions[0].digest].source.startswith(UNION)
    assert json.loads(kept[command.digest].content)["levels"][0]["text"] == {"vi": "hội", "en": "union"}


def test_the_same_files_give_the_same_digests(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    assert whole(tmp_path / "a").digest == whole(tmp_path / "b").digest


def test_a_kind_of_unit_that_no_route_leads_home_is_told_with_one_of_them(tmp_path: Path) -> None:
    """Every route together has a way to the end; those that exist for a pilot have none."""
    meeting = edited(MEETING, 'from = "preparing"\nto = "done"', 'from = "preparing"\nto = "done"\nwhen = "!unit.pilot"')
    found = problems(tmp_path, meeting=meeting)

    assert [place(p) for p in found] == [("E-STUCK", "meeting.toml", "states.preparing")]
    assert (found[0].fields["unit"], found[0].fields["count"]) == ("group-a", 1)


def test_a_route_that_opens_later_counts_as_a_way(tmp_path: Path) -> None:
    meeting = edited(MEETING, 'from = "preparing"\nto = "done"', 'from = "preparing"\nto = "done"\nwhen = "unit.attempt > 1"')

    assert problems(tmp_path, meeting=meeting) == ()


@pytest.mark.parametrize(("length", "more"), [(3, True), (200, False)])
def test_between_files_nothing_is_said_of_a_tree_that_is_a_chain(tmp_path: Path, length: int, more: bool) -> None:
    """Every unit has a line as long as the file: what would be told along all of them nobody could wait for."""
    chain = "".join(
        f'[[units]]\ncode = "u{n}"\nname = "x"\nlevel = "group"\nparent = "{f"u{n - 1}" if n else "group-a"}"\n'
        for n in range(length)
    )
    found = problems(tmp_path, season=SEASON + chain, plan_1=edited(PLAN, 'name = "quorum"', 'name = "quorun"'))

    codes = {problem.code for problem in found}
    assert "E-LEVEL-ORDER" in codes
    assert ({"E-LEVEL-ORDER"} < codes) is more, codes
