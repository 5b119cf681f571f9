"""Writes a recorded history down again, command by command, by today's program: ``python -m tests.histories.again FILE ADDRESS``.

A program of its own, so that it can be run under another PYTHONHASHSEED. What comes out otherwise is told, and the exit code is 1 then.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

from engine import codec
from engine import events as ev
from engine.commands import Adoption, AnyCommand, OpenSeason
from engine.events import Recorded
from engine.leaf import Log, read_leaf
from engine.plan import Plan
from store.checks.redecide import command_of
from store.clock import local_day, zone_of
from store.desk import Desk
from store.sources import Sources, seeded_sources
from tests.histories import History, cases_of, history_of, read

TOGETHER = 500
"""Commands in one transaction."""


class Again:
    """One history, written down again."""

    def __init__(self, history: History) -> None:
        self._history = history
        read_back = [read_leaf(leaf) for leaf in history.leaves]
        self.log: Log = read_back[0][0]
        self._events = [recorded for _, recorded in read_back]
        self._plans: dict[str, Plan] = {
            d.digest: codec.plan_from_bytes(d.content) for d in history.definitions if d.kind == "plan"
        }

    def write(self, address: str) -> Desk:
        """The desk on which all of it was accepted again."""
        runs = [list(run) for _, run in groupby(self._events, key=lambda recorded: recorded.command)]
        opening = self._opening(runs[0])
        definitions = [d for d in self._history.definitions if d.kind != "plan"]
        desk = Desk.create(
            address, opening, definitions, origin=self.log.origin, sources=self._sources(), command_id=runs[0][0].command
        )
        zone = zone_of(opening.timezone)
        for day, acts in groupby(runs[1:], key=lambda run: local_day(run[0].at, zone)):
            self._write_day(desk, day, [run[0] for run in acts])
        return desk

    def _write_day(self, desk: Desk, day: date, firsts: list[Recorded]) -> None:
        desk.advance_clock(day)
        for start in range(0, len(firsts), TOGETHER):
            some = firsts[start : start + TOGETHER]
            desk.commit([desk.prepare(self._command(first), command_id=first.command) for first in some])

    def _command(self, recorded: Recorded) -> AnyCommand:
        return command_of(recorded, self._plans.__getitem__)

    def _opening(self, run: list[Recorded]) -> OpenSeason:
        first = run[0]
        opened = first.event
        assert isinstance(opened, ev.SeasonOpened)
        events = [(recorded.unit, recorded.event) for recorded in run]
        return OpenSeason(
            unit=first.unit,
            actor=first.actor,
            on=first.on,
            season=opened.season,
            board=opened.board,
            timezone=opened.timezone,
            digest=opened.digest,
            adoptions=tuple(
                Adoption(level=e.level, workflow=e.workflow, version=e.workflow_version, digest=e.digest, initial=e.initial)
                for _, e in events
                if isinstance(e, ev.WorkflowAdopted)
            ),
            plans=tuple((self._plans[e.digest], e.digest) for _, e in events if isinstance(e, ev.PlanIssued)),
            units=tuple(e.enrolled for _, e in events if isinstance(e, ev.UnitEnrolled)),
            rolls=tuple((unit, e.status) for unit, e in events if isinstance(e, ev.RollSet)),
        )

    def _sources(self) -> Sources:
        """Persons get the ids that they had; commands bring theirs along."""
        persons = dict.fromkeys(recorded.actor.person for recorded in self._events if recorded.actor.person is not None)
        seeded = seeded_sources("again")
        return Sources(clock=seeded.clock, salt=seeded.salt, new_id=iter(persons).__next__)


def differences(history: History, desk: Desk) -> Iterator[str]:
    """What came out otherwise than it was recorded; of the log the first event only."""
    found = history_of(desk, history.scenario)
    for seq, (was, now) in enumerate(zip(history.leaves, found.leaves, strict=False), 1):
        if was != now:
            yield f"event {seq} was\n  {was.decode()}\nand is\n  {now.decode()}"
            break
    if len(found.leaves) != len(history.leaves):
        yield f"there were {len(history.leaves)} events and are {len(found.leaves)}"
    if found.root != history.root:
        yield f"the root was {history.root} and is {found.root}"
    changed = [code for code, digest in cases_of(desk) if history.cases.get(code) != digest]
    if changed or found.cases.keys() != history.cases.keys():
        yield f"the folded cases of {changed[:10]} are others"
    verified = desk.verify("full")
    if not verified.ok:
        yield f"it does not verify: {json.dumps([(p.seq, p.problem) for p in verified.problems])}"


def main(file: str, address: str) -> int:
    history = read(Path(file))
    with Again(history).write(address) as desk:
        found = list(differences(history, desk))
    sys.stdout.write("".join(f"{one}\n" for one in found) + f"{len(history.leaves)} events, {len(found)} differences\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
