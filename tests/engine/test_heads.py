"""Heads: every unit's last event under one root, on histories nobody thought of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import commands as cmd
from engine import events as ev
from engine.events import Recorded
from engine.heads import UnitHead, put_on_record
from engine.leaf import leaf_bytes
from engine.merkle import leaf_hash
from engine.refusals import NotYours, WrongDay
from engine.tlog.proofs import includes, inclusion, roots
from engine.unit import SEASON
from tests.engine.histories import seasons
from tests.engine.test_merkle import root_by_definition
from tests.simulator import LOG, Simulator, opened


def entries_by_definition(log: list[Recorded]) -> list[bytes]:
    """docs/bundle.md, "Nothing left out", word by word."""
    last: dict[bytes, Recorded] = {}
    for recorded in log:
        last[recorded.unit.encode()] = recorded
    return [
        json.dumps(
            {"leaf": leaf_hash(leaf_bytes(LOG, r)).hex(), "unit": r.unit, "version": r.version},
            sort_keys=True,
            separators=(",", ":"),
        ).encode()
        for _, r in sorted(last.items())
    ]


@given(seasons())
def test_heads_on_record_are_those_of_the_events_before_them(season: Simulator) -> None:
    season.do(cmd.RecordHeads, SEASON, by="city")

    for place, recorded in enumerate(season.log):
        if isinstance(recorded.event, ev.HeadsRecorded):
            entries = entries_by_definition(season.log[:place])
            assert recorded.unit == SEASON
            assert recorded.event == ev.HeadsRecorded(size=len(entries), root=root_by_definition(entries).hex())


@given(seasons(), st.integers(0, 10**6))
def test_a_unit_shows_its_entry_by_a_proof_and_no_other_in_its_place(season: Simulator, chance: int) -> None:
    heads = sorted(season.heads(), key=lambda head: head.unit)
    said = put_on_record(reversed(heads))
    index = chance % len(heads)
    proof = roots(inclusion(index, said.size), (head.hash for head in heads))
    head = heads[index]

    assert includes(index, said.size, head.hash, proof, bytes.fromhex(said.root))
    for other in (
        UnitHead(head.unit, head.version - 1, head.leaf),
        UnitHead(head.unit, head.version, leaf_hash(b"left out")),
        UnitHead("somebody-else", head.version, head.leaf),
    ):
        assert not includes(index, said.size, other.hash, proof, bytes.fromhex(said.root))


@given(seasons())
def test_heads_move_no_unit(season: Simulator) -> None:
    before = list(season.state.cases())
    season.do(cmd.RecordHeads, SEASON, by="city")

    assert list(season.state.cases()) == before


@pytest.mark.parametrize("actor", ["north", "union", "east"])
def test_heads_are_for_the_board_to_record(actor: str) -> None:
    refusal = opened().refused(cmd.RecordHeads, SEASON, by=actor)

    assert isinstance(refusal, NotYours)
    assert (refusal.allowed, refusal.roles, refusal.unit) == (("city",), ("board",), SEASON)


@pytest.mark.parametrize(("on", "why"), [("2021-04-27", "not_today"), ("2021-04-29", "future")])
def test_heads_are_recorded_as_things_stand_today(on: str, why: str) -> None:
    refusal = opened().refused(cmd.RecordHeads, SEASON, on, by="city")

    assert isinstance(refusal, WrongDay)
    assert refusal.why == why


def test_whoever_wants_heads_decided_on_has_to_bring_them() -> None:
    from engine.actors import Actor
    from engine.decide import Moment, decide

    season = opened()
    with pytest.raises(TypeError):
        decide(season.state, cmd.RecordHeads(unit=SEASON, actor=Actor(unit="city")), Moment(on=season.today, today=season.today))
