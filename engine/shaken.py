"""State changes that rest on something that was corrected, annulled or revoked afterwards.

Nothing is rolled back by itself: such a change is shown, wherever the unit is shown, until the superior confirms it or sends the
unit back (docs/time-and-log.md, "Mistakes"). It is a note, not a failure.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from engine.case import Case, Step
from engine.world import World


@attrs.frozen(kw_only=True)
class Shaken:
    """A state change, the events whose word fell away under it, and the counts that have gone down since."""

    step: Step
    replaced: tuple[int, ...] = ()
    counts: tuple[tuple[str, str, int, int], ...] = ()


def shaken_steps(world: World, case: Case) -> tuple[Shaken, ...]:
    """The unit's standing, unconfirmed state changes whose ground has moved."""
    gone = world.replaced({seq for step in case.steps for seq in step.rests_on})
    return tuple(_shaken(world, case, gone))


def _shaken(world: World, case: Case, gone: frozenset[int]) -> Iterator[Shaken]:
    for step in case.steps:
        if step.confirmed is not None:
            continue
        replaced = tuple(seq for seq in step.rests_on if seq in gone)
        counts = tuple(_fallen(world, step))
        if replaced or counts:
            yield Shaken(step=step, replaced=replaced, counts=counts)


def _fallen(world: World, step: Step) -> Iterator[tuple[str, str, int, int]]:
    """Counts that were higher when the step was taken: (owner/roll, milestone, then, now)."""
    for counted, milestone, then in step.counted:
        owner, _, roll = counted.partition("/")
        now = world.still_counted(owner, roll, milestone, step.on)
        if now < then:
            yield counted, milestone, then, now
