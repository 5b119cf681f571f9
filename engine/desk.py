"""What a desk answers to a command: the receipt, and the desk as other parts may know it.

The desk itself lives in `store`; scenarios (`workflows`) and everything else that only asks know it by this protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import attrs

if TYPE_CHECKING:  # errors name receipts, and need no commands for it
    from engine.commands import AnyCommand


Progress: TypeAlias = Callable[[int, int], object]
"""Hears how many are done, of how many."""


def unheard(done: int, total: int) -> None:
    """Nobody asked how far the work has come."""


@attrs.frozen(kw_only=True)
class Receipt:
    """The proof that a command was accepted. `leaf_hash` (hex) is its last event's; `size` and `root` (hex) are the log's after it."""

    season: str
    origin: str
    first_seq: int
    last_seq: int
    leaf_hash: str
    size: int
    root: str
    command_id: str


@attrs.frozen(kw_only=True)
class EventLine:
    """One event as a receipt lists it."""

    seq: int
    kind: str
    unit: str
    version: int


@attrs.frozen(kw_only=True)
class Accepted:
    """A command that was accepted. `state`: the unit's state after it; `receipt` is None for a dry run, `repeated` true for a known id."""

    receipt: Receipt | None
    events: tuple[EventLine, ...]
    state: str | None
    dry_run: bool = False
    repeated: bool = False


class Desk(Protocol):
    """What a scenario asks of a season's desk."""

    def submit(
        self, command: AnyCommand, *, expect: int | None = None, dry_run: bool = False, command_id: str | None = None
    ) -> Accepted:
        """Decide and record one command. Raises `DaihoiError` (`Refused` among them); then nothing was recorded."""
        ...

    def submit_all(self, commands: Sequence[AnyCommand]) -> list[Accepted]:
        """The same for a run of commands in one transaction, each with its own id and receipt: all of them, or none."""
        ...

    def codes(self, *, under: str | None = None, level: str | None = None) -> Iterable[str]:
        """The codes of the units (below one, of one level), in the order they joined."""
        ...

    def superior_of(self, unit: str) -> str | None:
        """Who acts as the direct superior of a unit."""
        ...

    def state_of(self, unit: str) -> str:
        """The state a unit stands in."""
        ...

    def reached(self, unit: str) -> frozenset[str]:
        """The milestones that a unit has reached."""
        ...
