"""The projections answer what the fold of the same log answers, on histories nobody thought of."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.board import BoardAnswer
from engine.season import SeasonState
from engine.workflow import HELD
from store.questions.moments import folded
from store.world import SqlWorld
from tests.engine.histories import CODES, seasons
from tests.sample import CONGRESS, OPENED_ON
from tests.simulator import Simulator
from tests.store.seasons import StoredSeason, with_history

DAYS = [OPENED_ON + timedelta(days=n) for n in (-1, 0, 20, 45, 60)]


def same_tallies(world: SqlWorld, state: SeasonState, day: date) -> None:
    for code in CODES:
        for roll in ("children", "pilots"):
            assert tuple(world.members(code, roll)) == tuple(state.members(code, roll))
            for milestone in (None, *CONGRESS.milestone_by_id):
                assert world.tally(code, roll, milestone, day) == state.tally(code, roll, milestone, day)
                if milestone is not None:
                    assert world.still_counted(code, roll, milestone, day) == state.still_counted(code, roll, milestone, day)


@settings(max_examples=40, deadline=None)
@given(seasons())
def test_the_tables_answer_what_the_fold_answers(history: Simulator) -> None:
    season = with_history(history.log)
    session = season.desk._session
    with session.reading() as world:
        state = folded(session, session.head().size)
        assert world.board == state.board
        for code in [*CODES, "north-3", "nobody"]:
            assert world.case(code) == state.case(code)
            assert world.unit(code) == state.unit(code)
            assert [u.code for u in world.line(code)] == [u.code for u in state.line(code)]
            assert world.levels_piloted(code) == state.levels_piloted(code)
        for day in DAYS:
            same_tallies(world, state, day)
        everything = range(1, state.size + 1)
        assert world.replaced(everything) == state.replaced(everything)
        assert list(world.plans()) == list(state.plans())
    season.desk.close()


@settings(max_examples=25, deadline=None)
@given(seasons(), st.integers(0, 60))
def test_a_board_of_now_is_the_board_of_the_last_position(history: Simulator, later: int) -> None:
    season = with_history(history.log)
    season.desk.advance_clock(season.desk.today() + timedelta(days=later))
    season.desk.submit_all([])
    now = season.desk.status(overdue=True, blocked=True)
    then = season.desk.status(overdue=True, blocked=True, at=now.as_of.day)

    assert same_board(now, then)
    season.desk.close()


def same_board(one: BoardAnswer, other: BoardAnswer) -> bool:
    """Alike but for the order of notes."""
    parts = [(b.levels, b.overdue, b.blocked, b.units, {repr(n) for n in b.notes}) for b in (one, other)]
    assert parts[0] == parts[1]
    return True


@settings(max_examples=25, deadline=None)
@given(seasons(), st.integers(1, 90))
def test_every_prefix_is_the_fold_of_its_events(history: Simulator, size: int) -> None:
    season = with_history(history.log)
    seq = min(size, season.desk._session.head().size)
    state = history.prefix(seq)
    replayed = season.desk.replay(seq)

    assert {code: (u.state, u.version) for code, u in replayed.units.items()} == {
        c.unit.code: (c.state, c.version) for c in state.cases()
    }
    season.desk.close()


@settings(max_examples=20, deadline=None)
@given(seasons())
def test_what_histories_leave_behind_passes_every_check(history: Simulator) -> None:
    season = with_history(history.log)
    answer = season.desk.verify()

    assert answer.problems == ()
    assert answer.ok
    season.desk.close()


def test_a_milestone_reached_twice_counts_once_and_with_its_last_day(season: StoredSeason) -> None:
    for unit in ("east", "west"):
        season.held(unit)
    from engine import commands as cmd

    season.do(cmd.Advance, "city", "2021-04-12", trigger="draw_lessons")
    season.do(cmd.Advance, "city", "2021-04-15", trigger="draw_lessons")
    with season.desk._session.reading() as world:
        assert world.tally("city", "pilots", HELD, date(2021, 4, 28)).reached == 2
    assert season.desk.status_of("city").milestones["lessons_drawn"] == date(2021, 4, 15)
