"""What clients were told, and whether one order explains it all.

The checker sees nothing of the store. It is given what each client asked, when it asked, when it was answered and what it heard, and looks
for the one total order that the answers claim: each event has one place in it, an answer that came before a question lies before it, a
unit's versions count up without a gap, whoever lost a version is told who won it, and every root follows from the leaves before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import attrs

from engine.merkle import Frontier


@attrs.frozen(kw_only=True)
class Told:
    """One question and its answer. Times are seconds of one clock.

    `write`: a command of one event got a receipt. `conflict`: another command (`winner`) took version `version` of the unit. `read`: the
    unit stood at `version`.
    """

    kind: Literal["write", "conflict", "read"]
    asked: float
    answered: float
    unit: str
    version: int
    id: str = ""
    seq: int = 0
    leaf_hash: str = ""
    size: int = 0
    root: str = ""
    winner: str = ""


def complaints(told: Iterable[Told], opening: Sequence[str]) -> list[str]:
    """What no order explains; nothing, if all is well. `opening`: the leaf hashes of the events before the first command."""
    everything = list(told)
    writes = sorted((one for one in everything if one.kind == "write"), key=lambda one: one.seq)
    return [
        *_places(writes, len(opening)),
        *_roots(writes, opening),
        *_times(writes),
        *_versions(writes),
        *_winners(everything, writes),
        *_reads([one for one in everything if one.kind == "read"], writes),
    ]


def _places(writes: Sequence[Told], before: int) -> Iterator[str]:
    """Every event has a place of its own, and no place is empty."""
    for expected, one in enumerate(writes, start=before + 1):
        if one.seq != expected:
            yield f"place {expected}: {one.id} says {one.seq}"
            return
    ids = {one.id for one in writes}
    if len(ids) != len(writes):
        yield f"{len(writes) - len(ids)} commands were recorded twice"


def _roots(writes: Sequence[Told], opening: Sequence[str]) -> Iterator[str]:
    """Each receipt's root is that of all leaves up to it, as everybody was told them."""
    frontier = Frontier().extend(bytes.fromhex(one) for one in opening)
    for one in writes:
        frontier = frontier.append(bytes.fromhex(one.leaf_hash))
        if one.size != frontier.size or one.root != frontier.root().hex():
            yield f"{one.id}: the root of {one.size} does not follow from the leaves told"
            return


def _times(writes: Sequence[Told]) -> Iterator[str]:
    """What was answered before another was asked stands before it."""
    latest = 0.0
    for later in writes:
        if later.answered < latest:
            yield f"{later.id} at {later.seq} was answered before somebody asked whose event stands before it"
        latest = max(latest, later.asked)


def _versions(writes: Sequence[Told]) -> Iterator[str]:
    versions: dict[str, int] = {}
    for one in writes:
        before = versions.setdefault(one.unit, one.version - 1)
        if one.version != before + 1:
            yield f"{one.unit}: version {one.version} at {one.seq} comes after {before}"
        versions[one.unit] = one.version


def _winners(told: Iterable[Told], writes: Sequence[Told]) -> Iterator[str]:
    """Whoever lost was told who won: somebody who was told so too, and who asked before the loser was answered."""
    winners = {(one.unit, one.version): one for one in writes}
    for one in told:
        if one.kind != "conflict":
            continue
        winner = winners.get((one.unit, one.version))
        if winner is None or winner.id != one.winner or winner.asked > one.answered:
            yield f"{one.unit}: {one.winner} is named as the winner of version {one.version}, {winner} was told so"


def _reads(reads: Iterable[Told], writes: Sequence[Told]) -> Iterator[str]:
    """A unit is never read older than what was answered before, nor newer than what anybody had asked, and never goes back."""
    by_unit: dict[str, list[Told]] = {}
    for write in writes:
        by_unit.setdefault(write.unit, []).append(write)
    for unit, some in _by_unit(reads):
        own = by_unit.get(unit, [])
        for read in some:
            known = max((w.version for w in own if w.answered < read.asked), default=0)
            possible = max((w.version for w in own if w.asked < read.answered), default=read.version)
            if not known <= read.version <= possible:
                yield f"{unit} was read at {read.version}: {known} was known, {possible} could be"
        latest = 0.0
        for read in sorted(some, key=lambda one: (one.version, one.asked)):
            if read.answered < latest:
                yield f"{unit} went back to {read.version}"
            latest = max(latest, read.asked)


def _by_unit(told: Iterable[Told]) -> Iterator[tuple[str, list[Told]]]:
    found: dict[str, list[Told]] = {}
    for one in told:
        found.setdefault(one.unit, []).append(one)
    yield from found.items()


def in_step(told: Sequence[Told]) -> bool:
    """Whether no two questions overlapped: then nothing was tested."""
    ordered = sorted(told, key=lambda one: one.asked)
    return all(one.answered <= other.asked for one, other in pairwise(ordered))
