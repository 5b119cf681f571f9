"""What a season was opened with and what was laid down since: its board, time zone, procedures by level, and plans.

These are the season-wide events, a few dozen at most, read straight from the log; they are no projection.
"""

from __future__ import annotations

from datetime import tzinfo
from functools import cached_property

import attrs

from engine import events as ev
from engine.leaf import Log, NotALeaf, read_leaf
from engine.unit import SEASON
from engine.world import Adopted, PlanInForce
from store.clock import LIVE, zone_of
from store.connection import Store, as_bytes
from store.head import Head

_EVENTS = "SELECT leaf, leaf_hash FROM log WHERE season = ? AND unit = ? ORDER BY version"


@attrs.define(kw_only=True, slots=False)
class Charter:
    """The season-wide facts after `version` season-wide events.

    `genesis`: the hash of the log's first leaf, which tells two logs apart. `damage`: why an event could not be read; then only `verify`,
    which reads for itself, goes on.
    """

    log: Log
    version: int = 0
    genesis: str = ""
    opened: ev.SeasonOpened | None = None
    adoptions: dict[str, Adopted] = attrs.field(factory=dict)
    plans: list[PlanInForce] = attrs.field(factory=list)
    damage: str | None = None

    @property
    def board(self) -> str:
        return "" if self.opened is None else self.opened.board

    @property
    def live(self) -> bool:
        return self.log.origin == LIVE

    @cached_property
    def zone(self) -> tzinfo:
        return zone_of("UTC" if self.opened is None else self.opened.timezone)

    def take(self, recorded: ev.Recorded) -> None:
        """Take in one more season-wide event."""
        event = recorded.event
        self.version = recorded.version
        if isinstance(event, ev.SeasonOpened):
            self.opened = event
        elif isinstance(event, ev.WorkflowAdopted):
            self.adoptions[event.level] = Adopted(
                level=event.level, workflow=event.workflow, digest=event.digest, initial=event.initial
            )
        elif isinstance(event, ev.PlanIssued):
            self.plans.append(PlanInForce(seq=recorded.seq, since=recorded.on, issued=event))


def read_charter(store: Store, head: Head) -> Charter:
    charter = Charter(log=Log(head.season, head.origin))
    for leaf, leaf_hash in store.rows(_EVENTS, (head.season, SEASON)):
        charter.genesis = charter.genesis or as_bytes(leaf_hash).hex()
        try:
            charter.take(read_leaf(leaf)[1])
        except NotALeaf as error:
            charter.damage = str(error)
    return charter
