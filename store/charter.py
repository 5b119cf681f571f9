"""What a season was opened with and what was laid down since: its board, time zone, procedures by level, and plans.

These are the season-wide events, a few dozen at most, read straight from the log; they are no projection.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from functools import cached_property
from typing import Any

import attrs

from engine import events as ev
from engine.leaf import Log, NotALeaf, read_leaf
from engine.unit import SEASON
from engine.world import Adopted, PlanInForce
from store.clock import LIVE, zone_of
from store.connection import Store, as_bytes
from store.head import Head

_EVENTS = "SELECT leaf, leaf_hash FROM log WHERE season = ? AND unit = ? ORDER BY version"


@attrs.frozen(kw_only=True, slots=False)  # slots have no room for what is worked out once
class Charter:
    """The season-wide facts after `version` season-wide events. A value: what a transaction adds is there only when it has committed.

    `genesis`: the hash of the log's first leaf, which tells two logs apart. `damage`: why an event could not be read; then only `verify`,
    which reads for itself, goes on.
    """

    log: Log
    version: int = 0
    genesis: str = ""
    opened: ev.SeasonOpened | None = None
    adoptions: Mapping[str, Adopted] = attrs.field(factory=dict)
    plans: tuple[PlanInForce, ...] = ()
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

    def after(self, recorded: ev.Recorded, leaf_hash: bytes) -> Charter:
        """The charter after one more season-wide event; `leaf_hash`: that event's."""
        changes: dict[str, Any] = {"version": recorded.version, "genesis": self.genesis or leaf_hash.hex()}
        event = recorded.event
        if isinstance(event, ev.SeasonOpened):
            changes["opened"] = event
        elif isinstance(event, ev.WorkflowAdopted):
            adopted = Adopted(level=event.level, workflow=event.workflow, digest=event.digest, initial=event.initial)
            changes["adoptions"] = {**self.adoptions, event.level: adopted}
        elif isinstance(event, ev.PlanIssued):
            changes["plans"] = (*self.plans, PlanInForce(seq=recorded.seq, since=recorded.on, issued=event))
        return attrs.evolve(self, **changes)


def read_charter(store: Store, head: Head) -> Charter:
    charter = Charter(log=Log(head.season, head.origin))
    for leaf, leaf_hash in store.rows(_EVENTS, (head.season, SEASON)):
        try:
            charter = charter.after(read_leaf(leaf)[1], as_bytes(leaf_hash))
        except NotALeaf as error:
            charter = attrs.evolve(charter, genesis=charter.genesis or as_bytes(leaf_hash).hex(), damage=str(error))
    try:
        _ = charter.zone
    except (KeyError, ValueError, TypeError, OSError) as error:  # no time zone is called that
        charter = attrs.evolve(charter, opened=None, damage=str(error))
    return charter
