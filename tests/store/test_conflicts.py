"""Of those who decided on one version of a unit, one wins, and the others are told who."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine import commands as cmd
from engine.refusals import AlreadySo
from store.errors import UnitChanged
from tests.store.seasons import StoredSeason, act, fact, reopened

CLERKS = 16

CLERK = """
import sys
from datetime import date
from engine.actors import Actor
from engine.commands import RecordFact
from store.desk import Desk
from store.errors import UnitChanged

path, number, expect = sys.argv[1:]
command = RecordFact(unit="east", actor=Actor(unit="east", person=f"clerk-{number}"), fact="delegates_summoned", value=int(number))
with Desk.open(path) as desk:
    request = desk.prepare(command, expect=int(expect) if expect else None)
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        print("won", desk.commit([request])[0].receipt.command_id, number)
    except UnitChanged as error:
        print("lost", error.winner.command_id, error.person, error.expected, error.found)
"""


def race(path: Path, expect: str) -> list[list[str]]:
    """Sixteen processes that have all read before the first may write; what each of them said."""
    clerks = [
        subprocess.Popen(
            [sys.executable, "-c", CLERK, str(path), str(number), expect],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(CLERKS)
    ]
    for clerk in clerks:
        assert clerk.stdout is not None
        assert clerk.stdout.readline() == "ready\n"
    for clerk in clerks:
        assert clerk.stdin is not None
        clerk.stdin.write("go\n")
        clerk.stdin.flush()
    return [clerk.communicate()[0].split() for clerk in clerks]


@pytest.mark.parametrize("expect", ["2", ""])
def test_of_sixteen_processes_one_wins_and_fifteen_are_told_who(stored: StoredSeason, path: Path, expect: str) -> None:
    said = race(path, expect)

    won = [words for words in said if words[0] == "won"]
    lost = [words for words in said if words[0] == "lost"]
    assert (len(won), len(lost)) == (1, CLERKS - 1)
    _, command_id, number = won[0]
    assert all(words[1:] == [command_id, f"clerk-{number}", "2", "3"] for words in lost)
    assert stored.desk.version_of("east") == 3
    assert stored.desk.verify().ok


def test_an_expectation_that_is_no_longer_true_is_a_conflict(season: StoredSeason) -> None:
    season.do(cmd.RecordFact, "east", "2021-03-01", person="NV-1", fact="delegates_summoned", value=150)

    with pytest.raises(UnitChanged) as error:
        season.desk.submit(fact("east", 151), expect=2)

    changed = error.value
    assert (changed.unit, changed.expected, changed.found) == ("east", 2, 3)
    assert (changed.actor, changed.person) == ("east", "NV-1")
    assert changed.winner is not None
    assert changed.winner.last_seq == 20
    assert changed.exit_code == 6


def test_an_expectation_of_what_never_was_has_no_winner(season: StoredSeason) -> None:
    with pytest.raises(UnitChanged) as error:
        season.desk.submit(fact("east", 150), expect=7)

    assert error.value.winner is None


def test_an_expectation_that_holds_is_no_conflict(season: StoredSeason) -> None:
    assert season.desk.submit(fact("east", 150), expect=2).receipt is not None


def test_another_fact_recorded_meanwhile_is_no_conflict(stored: StoredSeason, path: Path) -> None:
    prepared = stored.desk.prepare(fact("east", 150))
    with reopened(path) as other:
        other.submit(fact("east", 140, "delegates_present"))

    assert stored.desk.commit([prepared])[0].events[0].version == 4


@pytest.mark.parametrize(
    "meanwhile",
    [fact("east", 140), act(cmd.FileDocument, "east", "2021-03-01", document="political_report")],
)
def test_the_same_fact_or_anything_else_meanwhile_is_a_conflict(
    stored: StoredSeason, path: Path, meanwhile: cmd.AnyCommand
) -> None:
    prepared = stored.desk.prepare(fact("east", 150))
    with reopened(path) as other:
        other.submit(meanwhile)

    with pytest.raises(UnitChanged) as error:
        stored.desk.commit([prepared])
    assert error.value.winner is not None


def test_an_explicit_expectation_does_not_give_way_to_other_facts(season: StoredSeason) -> None:
    season.desk.submit(fact("east", 140, "delegates_present"))

    with pytest.raises(UnitChanged):
        season.desk.submit(fact("east", 150), expect=2)


def test_other_units_do_not_conflict(stored: StoredSeason, path: Path) -> None:
    prepared = stored.desk.prepare(fact("east", 150))
    with reopened(path) as other:
        other.submit(fact("west", 140))

    assert stored.desk.commit([prepared])[0].receipt is not None


def test_two_who_enrol_the_same_unit_conflict(stored: StoredSeason, path: Path) -> None:
    from engine.unit import Unit

    newcomer = Unit(code="north-3", name="Phường Ba", level="base", parent="north")
    command = act(cmd.EnrolUnit, "north-3", by="north", enrolled=newcomer)
    prepared = stored.desk.prepare(command)
    with reopened(path) as other:
        other.submit(command)

    with pytest.raises(UnitChanged):
        stored.desk.commit([prepared])
    with pytest.raises(AlreadySo):
        stored.desk.submit(command)


def test_eight_processes_that_write_facts_of_their_own_all_get_through(stored: StoredSeason, path: Path) -> None:
    """Nothing is lost where everybody may write: with the driver's own transactions hundreds of 800 were."""
    script = """
import sys
from datetime import date, timedelta
from engine.actors import Actor
from engine.commands import RecordFact
from store.desk import Desk
path, unit = sys.argv[1:]
with Desk.open(path) as desk:
    for n in range(50):
        day = date(2020, 10, 2) + timedelta(days=n)
        desk.submit(RecordFact(unit=unit, actor=Actor(unit=unit), on=day, fact="delegates_summoned", value=n))
"""
    units = ["east", "west", "north", "south", "north-1", "north-2", "city"]
    writers = [subprocess.Popen([sys.executable, "-c", script, str(path), unit]) for unit in units]
    assert [writer.wait() for writer in writers] == [0] * len(units)

    assert stored.size() == 19 + 50 * len(units)
    assert stored.desk.verify("fold").ok


def test_of_four_who_open_one_season_at_once_one_does(tmp_path: Path) -> None:
    script = """
import sys
from store.errors import SeasonExists
from store.sources import system_sources
from tests.store.seasons import opened
try:
    opened(sys.argv[1], sources=system_sources()).desk.close()
    print("opened")
except SeasonExists:
    print("exists")
"""
    path = tmp_path / "season.db"
    root = Path(__file__).parents[2]
    clerks = [
        subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(4)
    ]

    assert sorted(clerk.communicate()[0].strip() for clerk in clerks) == ["exists", "exists", "exists", "opened"]
    with reopened(path) as desk:
        assert desk.verify().ok
    assert [p.name for p in tmp_path.iterdir()] == ["season.db"]


def test_a_repeated_run_answers_in_order(season: StoredSeason) -> None:
    accepted = season.desk.submit_all([fact("east", 1), fact("west", 2)])

    assert json.dumps([one.events[0].unit for one in accepted]) == '["east", "west"]'
