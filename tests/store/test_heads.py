"""What a checkpoint wants recorded before it: every unit's last event, on every kind of store, and found out where it is forged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import commands as cmd
from engine.errors import DaihoiError
from engine.leaf import read_leaf
from engine.merkle import leaf_hash
from engine.unit import SEASON, Unit
from store.errors import Corrupt
from tests.engine.test_merkle import root_by_definition
from tests.store.seasons import StoredSeason, act, fact
from tests.store.test_verifying import found, rewrite, tamper, verified

RECORD = act(cmd.RecordHeads, SEASON, by="city")
NEW = Unit(code="north-9", name="Phường Chín", level="base", parent="north")


def leaves(season: StoredSeason) -> list[bytes]:
    store = season.desk._session.store
    return [bytes(leaf) for (leaf,) in store.rows("SELECT leaf FROM log WHERE season = ? ORDER BY seq", (season.desk.season,))]


def root_of(before: list[bytes]) -> tuple[int, str]:
    """From nothing but the leaves: docs/bundle.md, "Nothing left out"."""
    last = {read_leaf(leaf)[1].unit: leaf for leaf in before}
    entries = [
        {"leaf": leaf_hash(leaf).hex(), "unit": unit, "version": read_leaf(leaf)[1].version}
        for unit, leaf in sorted(last.items())
    ]
    written = [json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() for entry in entries]
    return len(written), root_by_definition(written).hex()


def said(leaf: bytes) -> tuple[int, str]:
    payload = json.loads(leaf)["payload"]
    return payload["size"], payload["root"]


def test_the_heads_are_those_of_the_leaves_before_them(season: StoredSeason) -> None:
    season.held("east")
    season.desk.submit(RECORD)
    season.do(cmd.RemoveUnit, "north-1", "2021-04-20", by="city")
    season.desk.submit(RECORD)
    log = leaves(season)

    for place, leaf in enumerate(log):
        if read_leaf(leaf)[1].event.kind == "heads_recorded":
            assert said(leaf) == root_of(log[:place])
    assert season.desk.verify().ok


def test_heads_see_what_their_own_transaction_appended_before_them(season: StoredSeason) -> None:
    enrol = cmd.EnrolUnit(unit=NEW.code, actor=RECORD.actor, enrolled=NEW)
    season.desk.submit_all([fact("east", 150), enrol, fact(NEW.code, 90), RECORD, fact("east", 151), RECORD])
    log = leaves(season)

    heads = [place for place, leaf in enumerate(log) if read_leaf(leaf)[1].event.kind == "heads_recorded"]
    assert [said(log[place]) for place in heads] == [root_of(log[:place]) for place in heads]
    assert len({said(log[place])[1] for place in heads}) == 2
    assert season.desk.verify().ok


def test_a_dry_run_says_that_they_would_be_recorded_and_records_nothing(season: StoredSeason) -> None:
    size = season.size()
    accepted = season.desk.submit(RECORD, dry_run=True)

    assert [event.kind for event in accepted.events] == ["heads_recorded"]
    assert season.size() == size


def test_nobody_but_the_board_records_them(season: StoredSeason) -> None:
    assert season.refused(cmd.RecordHeads, SEASON, by="north").code == "E-ROLE"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda leaf: leaf["payload"].update(root="0" * 64), "root"),
        (lambda leaf: leaf["payload"].update(size=leaf["payload"]["size"] - 1), "size"),
    ],
)
def test_forged_heads_with_every_hash_made_to_fit_are_named(
    stored: StoredSeason, path: Path, change: Callable[[Any], object], field: str
) -> None:
    seq = recorded_and_closed(stored)
    unprotect(path)
    tamper(path, rewrite(seq, change))

    assert verified(path, "hashes").ok
    assert verified(path, "fold").ok
    problem = verified(path).problems[0]
    assert (problem.problem, problem.seq, problem.fields["field"]) == ("decided_otherwise", seq, field)


def test_a_past_event_rewritten_with_every_hash_made_to_fit_no_longer_fits_the_heads(stored: StoredSeason, path: Path) -> None:
    """Not the payload of a decision, which deciding again would find, but who recorded it and when: nothing else looks at that."""
    seq = recorded_and_closed(stored)
    unprotect(path)
    tamper(path, rewrite(seq - 1, lambda leaf: leaf["actor"].update(person="00000000-0000-4000-8000-000000000000")))

    assert ("decided_otherwise", seq) in found(verified(path))


def test_on_another_day_or_by_another_unit_they_could_not_have_been_recorded(stored: StoredSeason, path: Path) -> None:
    seq = recorded_and_closed(stored)
    unprotect(path)
    tamper(path, rewrite(seq, lambda leaf: leaf.update(on="2021-04-27")))
    assert ("refused", seq) in found(verified(path))

    tamper(path, rewrite(seq, lambda leaf: (leaf.update(on="2021-04-28"), leaf["actor"].update(unit="north"))))
    assert ("refused", seq) in found(verified(path))


def test_a_unit_whose_last_event_is_gone_is_not_passed_over(stored: StoredSeason, path: Path) -> None:
    stored.submitted("north")
    unprotect(path)
    tamper(path, "DELETE FROM log WHERE unit = 'south'")

    with pytest.raises(DaihoiError) as told:
        stored.desk.submit(RECORD)
    assert isinstance(told.value, Corrupt)
    assert "south" in told.value.detail


def recorded_and_closed(season: StoredSeason) -> int:
    season.submitted("north")
    (event,) = season.desk.submit(RECORD).events
    season.desk.close()
    return event.seq


def unprotect(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
    raw.close()
