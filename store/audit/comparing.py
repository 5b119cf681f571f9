"""Two copies of a log, or what a checkpoint says of one: is the older the beginning of the newer, and where do they part?"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import Final, Literal

import attrs

from engine.merkle import Frontier, leaf_hash
from engine.tlog.checkpoints import Checkpoint, Request, read_request, read_signed
from engine.tlog.proofs import consistency, extends, roots
from store.audit import files
from store.audit.errors import NeedsProof
from store.audit.identity import log_name
from store.audit.leaves import leaf_hashes
from store.audit.parting import Entry, Parting, entries, parting, read_object
from store.opening import WAIT, open_session
from store.session import Session
from store.sources import system_sources

_LOOKED_AT: Final = 100


@attrs.frozen(kw_only=True)
class Side:
    """One of the two: a store, or a checkpoint alone (then without a session)."""

    place: str
    checkpoint: Checkpoint
    session: Session | None = None

    @property
    def kind(self) -> Literal["store", "checkpoint"]:
        return "checkpoint" if self.session is None else "store"


@attrs.frozen(kw_only=True)
class Difference:
    """The first place where two stores differ; one side may have nothing. `fields`: what of an event differs, where both have one."""

    seq: int
    old: Entry | None
    new: Entry | None
    fields: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Compared:
    """`problem`: the newer is of another log (`other_log`), `shorter`, or has another `past`; None where it goes on from the older.

    `proof`: the consistency proof that was made or given. `first`: known where both are stores, and where they
    are of one log `parting` then says what differs, unit by unit.
    """

    old: Side
    new: Side
    problem: str | None
    proof: tuple[bytes, ...] | None
    first: Difference | None
    parting: Parting | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None


def is_store(place: str) -> bool:
    """Whether a place is a store's rather than a checkpoint's: an address, a file that is not text, or one that is not there."""
    if not Path(place).is_file():
        return True
    try:
        with Path(place).open("rb") as opened:
            return b"\0" in opened.read(_LOOKED_AT)
    except OSError:
        return True


def compare(old: str, new: str, season: str | None = None, proof: str | None = None) -> Compared:
    """Compare two places. `proof`: a file that shows that a checkpoint goes on from the older. Raises NeedsProof."""
    request = files.read_given(proof, read_request)
    with ExitStack() as open_ones:
        before, after = _side(old, season, open_ones), _side(new, season, open_ones)
        return _compared(before, after, request)


def _side(place: str, season: str | None, open_ones: ExitStack) -> Side:
    if not is_store(place):
        return Side(place=place, checkpoint=files.read(place, read_signed).checkpoint)
    session = open_session(place, season, system_sources(), read_only=True, wait=WAIT)
    open_ones.callback(session.store.close)
    open_ones.enter_context(session.store.transaction())
    frontier = Frontier().extend(leaf_hash(entry.leaf) for entry in entries(session))
    checkpoint = Checkpoint(log_name(session), frontier.size, frontier.root())
    return Side(place=session.store.dialect.place, checkpoint=checkpoint, session=session)


def _compared(old: Side, new: Side, request: Request | None) -> Compared:
    first = None if old.session is None or new.session is None else _first_difference(old.session, new.session)
    before, after = old.checkpoint, new.checkpoint
    proof = None
    if before.origin != after.origin:
        problem: str | None = "other_log"
    elif before.size > after.size:
        problem = "shorter"
    else:
        proof = _proof(old, new, request)
        holds = extends(before.size, before.root, after.size, after.root, proof)
        problem = None if holds and first is None else "past"
    parted = None
    if first is not None and problem != "other_log" and old.session is not None and new.session is not None:
        parted = parting(old.session, new.session, before.size)
    return Compared(old=old, new=new, problem=problem, proof=proof, first=first, parting=parted)


def _proof(old: Side, new: Side, request: Request | None) -> tuple[bytes, ...]:
    """From the newer log's own leaves; of one that is known by its checkpoint alone, what was given."""
    before, after = old.checkpoint, new.checkpoint
    if new.session is not None:
        leaves = leaf_hashes(new.session.store, new.session.season, after.size)
        return roots(consistency(before.size, after.size), leaves)
    if before.size == after.size:
        return ()
    if request is None or request.old != before.size or request.signed.checkpoint != after:
        raise NeedsProof(file=new.place, size=after.size, kept=before.size)
    return request.hashes


def _first_difference(old: Session, new: Session) -> Difference | None:
    """By content, event by event; the newer may have more."""
    for before, after in zip_longest(entries(old), entries(new)):
        if before is None:
            return None
        if after is None:
            return Difference(seq=before.seq, old=before, new=None)
        if before.leaf != after.leaf or before.seq != after.seq:
            return Difference(seq=min(before.seq, after.seq), old=before, new=after, fields=_fields(before.leaf, after.leaf))
    return None


def _fields(before: bytes, after: bytes) -> tuple[str, ...]:
    one, other = read_object(before), read_object(after)
    return tuple(name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name))
