"""What a guard may read, in which order it reads it, and what the loader is told about it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.guards.syntax import spell
from tests.guards.sample import path, program


@pytest.mark.parametrize(
    ("expression", "reads"),
    [
        ("on < plan.congress_by", "on plan.congress_by"),
        ("unit.code == '' && unit.level == '' && unit.block == ''", "unit.code unit.level unit.block"),
        ("unit.pilot || unit.designates || unit.attempt > 1", "unit.pilot unit.designates unit.attempt"),
        ("unit.tag('appointed') && unit.reached('held')", "unit.tag.appointed unit.reached.held"),
        ("unit.day('held') < unit.planned_on", "unit.day.held unit.planned_on"),
        ("fact.a && doc.report.filed && doc.report.approved", "fact.a doc.report.filed doc.report.approved"),
        ("doc.report.filed_on < doc.report.approved_on", "doc.report.filed_on doc.report.approved_on"),
        ("doc.report.open_items == 0 && doc.report.version > 0", "doc.report.open_items doc.report.version"),
        ("parent.reached('held') && parent.day('held') < on", "parent.reached.held parent.day.held on"),
        ("parent.fact.a && parent.doc.scheme.filed", "parent.fact.a parent.doc.scheme.filed"),
        ("lead.reached('held') && lead.day('held') < on", "lead.reached.held lead.day.held on"),
        ("lead.pilots.reached('held') == lead.pilots.total", "lead.pilots.reached.held lead.pilots.total"),
        ("lead.pilots.first('held') < lead.pilots.last('held')", "lead.pilots.first.held lead.pilots.last.held"),
        (
            "!children.tracked || children.reached('held') == children.total",
            "children.tracked children.reached.held children.total",
        ),
        ("children.first('held') < children.last('held')", "children.first.held children.last.held"),
        ("pilots.tracked && pilots.reached('held') == pilots.total", "pilots.tracked pilots.reached.held pilots.total"),
        ("workdays(fact.adopted_on, on) >= 15", "fact.adopted_on on calendar"),
        ("has(fact.b) || fact.a && fact.b && fact.a", "fact.b fact.a"),
        ("fact.a // has(fact.b)\n && fact.c", "fact.a fact.c"),
        ("true || 'fact.b' == '' || fact.a", "fact.a"),
    ],
)
def test_a_guard_reads_its_paths_in_the_order_of_the_text(expression: str, reads: str) -> None:
    assert program(expression).reads == tuple(path(name) for name in reads.split())


@pytest.mark.parametrize(
    "expression",
    ["on < plan.congress_by", "unit.day('held') == on", "lead.day('held') < plan.congress_by", "children.last('held') < plan.congress_by",
     "pilots.first('held') > date('2021-01-01')", "lead.pilots.last('held') < plan.congress_by", "days(on, fact.adopted_on) > 3"],
)  # fmt: skip
def test_time_alone_can_make_a_guard_impossible_that_reads_a_day(expression: str) -> None:
    assert program(expression).reads_day


@pytest.mark.parametrize(
    "expression",
    ["fact.adopted_on < plan.congress_by", "doc.report.approved_on < plan.congress_by", "unit.reached('held')", "children.total == 3",
     "unit.tag('on') && fact.a", "unit.planned_on < plan.congress_by"],
)  # fmt: skip
def test_what_can_be_done_again_does_not(expression: str) -> None:
    assert not program(expression).reads_day


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("fact.a&&( fact.b||!fact.c )", "fact.a && (fact.b || !fact.c)"),
        ("((fact.summoned)*2)>=(fact.present-(1-2))", "fact.summoned * 2 >= fact.present - (1 - 2)"),
        ("(fact.present+1)*2 > 0 // twice", "(fact.present + 1) * 2 > 0"),
        ("fact.a?fact.b:fact.c?fact.a:true", "fact.a ? fact.b : fact.c ? fact.a : true"),
        ("(fact.a?fact.b:fact.c)?fact.a:true", "(fact.a ? fact.b : fact.c) ? fact.a : true"),
        ('fact.venue\n  in ["a" ,\'b\',]', 'fact.venue in ["a", \'b\']'),
        ("! ( fact.a == fact.b )", "!(fact.a == fact.b)"),
        ("!!fact.a && --1 == - ( -1 )", "!!fact.a && --1 == --1"),
        ("fact.a == fact.b == fact.c", "fact.a == fact.b == fact.c"),
        ("fact.a == (fact.b == fact.c)", "fact.a == (fact.b == fact.c)"),
        ("size( fact.venue )>days(on,on)", "size(fact.venue) > days(on, on)"),
        ("(fact.venue+'x').size()>1", "(fact.venue + 'x').size() > 1"),
        ("lead . reached ( 'held' )", "lead.reached('held')"),
    ],
)  # fmt: skip
def test_an_expression_is_shown_evenly_spaced_and_means_the_same(written: str, spelled: str) -> None:
    assert spell(program(written).term.node) == spelled
    assert spell(program(spelled).term.node) == spelled


def test_the_parser_is_loaded_when_the_first_guard_is_compiled() -> None:
    code = "import sys, engine.guards; sys.exit('lark' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
