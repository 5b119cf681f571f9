"""What a desk remembers between questions: values of what was committed, and nothing from before a new connection."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from engine import commands as cmd
from engine.actors import Actor
from engine.plan import Plan
from store.charter import Charter, read_charter
from store.clock import LIVE
from store.definitions import Definition
from store.session import Session
from tests import sample
from tests.store.seasons import StoredSeason


def plan(number: str) -> tuple[cmd.IssuePlan, Definition]:
    issued: Plan = attrs.evolve(sample.PLAN, id=f"plan-{number}", number=number)
    definition = Definition.of_plan(issued, f"# plan {number}")
    return cmd.IssuePlan(unit="season", actor=Actor(unit="city"), plan=issued, digest=definition.digest), definition


def session(season: StoredSeason) -> Session:
    return season.desk._session


def charter(season: StoredSeason) -> Charter:
    return session(season).charter(session(season).head())


def test_a_plan_that_comes_later_changes_no_charter_that_somebody_holds(season: StoredSeason) -> None:
    held = charter(season)
    before = (held.version, len(held.plans), dict(held.adoptions))
    command, definition = plan("9")
    season.desk.submit(command, definitions=(definition,))

    assert (held.version, len(held.plans), dict(held.adoptions)) == before
    assert charter(season).version == held.version + 1
    assert [one.issued.plan for one in charter(season).plans][-1] == "plan-9"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        held.version = 7  # type: ignore[misc]  # that is what is tried


def test_what_was_only_tried_is_in_no_memory(season: StoredSeason) -> None:
    before = charter(season)
    command, definition = plan("9")
    season.desk.submit(command, definitions=(definition,), dry_run=True)

    assert charter(season) == before
    assert [one.issued.plan for one in season.desk.plans()] == [one.issued.plan for one in before.plans]


def test_the_charter_in_memory_is_the_one_that_the_log_gives(season: StoredSeason) -> None:
    for number in ("8", "9"):
        command, definition = plan(number)
        season.desk.submit(command, definitions=(definition,))
        with session(season).store.transaction():
            assert charter(season) == read_charter(session(season).store, session(season).head())
    assert charter(season).live == (season.desk.origin == LIVE)


def name_of_north(season: StoredSeason) -> str:
    with session(season).reading() as world:
        unit = world.unit("north")
    assert unit is not None
    return unit.name


def state_of_north(season: StoredSeason) -> str:
    return season.desk.state_of("north")


@pytest.mark.parametrize(("column", "asked"), [("body", state_of_north), ("name", name_of_north)])
def test_after_a_new_connection_a_unit_is_asked_for_again(
    season: StoredSeason, column: str, asked: Callable[[StoredSeason], str]
) -> None:
    """A server that stands in for another may know another past: the same version of a unit need not be the same unit."""
    season.submitted("north")
    before = asked(season)
    store = session(season).store
    (found,) = store.row(f"SELECT {column} FROM unit_case WHERE code = 'north'") or ("",)
    other = found.replace(before.encode(), b"election") if isinstance(found, bytes) else "North, elsewhere"
    assert other != found
    with store.transaction("write"):
        store.run(f"UPDATE unit_case SET {column} = ? WHERE code = 'north'", (other,))
    remembered = asked(season)
    store.afresh()

    assert remembered == before
    assert asked(season) != before
