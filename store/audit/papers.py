"""Which of the pasts that papers name a log still holds, and where those that it does not hold part from it.

A code of n events vouches for every event up to n: where it fits, all of them are as they were. So of several codes the longest that
fits says up to where, and the shortest beyond it that does not, by where something differs. Receipts narrow that further. They lie with
those who write the log, so what they say is kept apart from what the papers say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal, TypeAlias

import attrs

from engine.check_code import CheckCode
from engine.desk import Progress
from store.audit.identity import first_hash
from store.audit.leaves import roots_at
from store.receipts import Receipts
from store.session import Session

_SIZE = "SELECT count(*) FROM log WHERE season = ?"

Found: TypeAlias = Literal["holds", "past", "shorter", "contradicted"]


@attrs.frozen
class CheckedCode:
    """`found`: the log `holds` just this past, has another `past`, or is `shorter`.

    `contradicted`: another code vouches for the same events and does fit, so that no log can hold both.
    """

    code: CheckCode
    found: Found


@attrs.frozen(kw_only=True)
class Stretch:
    """Up to event `held` everything is as it was, and something up to event `differs` is not (None: as far as anybody says, all is)."""

    held: int
    differs: int | None

    def narrowed(self, fitting: Iterable[int], others: Iterable[int]) -> Stretch:
        """By further sizes at which the log fits and does not fit."""
        held = max((self.held, *(size for size in fitting if self.differs is None or size < self.differs)))
        ends = [size for size in others if size > held]
        if self.differs is not None:
            ends.append(self.differs)
        return Stretch(held=held, differs=min(ends, default=None))


@attrs.frozen(kw_only=True)
class ByReceipts:
    """What the receipts that are kept here say. `fit`: they are of the log as it stands, beyond where a paper says that it differs."""

    count: int
    stretch: Stretch
    fit: bool


@attrs.frozen(kw_only=True)
class CodesAnswer:
    """`daihoi check-code`. `size`: how many events there are; `codes`: shortest first; `receipts`: where something differs."""

    size: int
    codes: tuple[CheckedCode, ...]
    stretch: Stretch
    receipts: ByReceipts | None

    @property
    def ok(self) -> bool:
        return all(checked.found == "holds" for checked in self.codes)


def check_codes(session: Session, codes: Iterable[CheckCode], receipts: Receipts | None, progress: Progress) -> CodesAnswer:
    """Compare codes with the log's own leaves: head and columns are what a forger may have left alone."""
    asked = sorted(set(codes))
    with session.store.transaction():
        row = session.store.row(_SIZE, (session.season,))
        size = 0 if row is None else row[0]
        roots = _roots(session, {code.size for code in asked}, size, progress)
        fitting = {code for code in asked if code.size in roots and code.fits(roots[code.size])}
        nothing = Stretch(held=0, differs=None)
        stretch = nothing.narrowed((c.size for c in fitting), (c.size for c in asked if c not in fitting))
        checked = tuple(CheckedCode(code, _found(code, code in fitting, stretch, size)) for code in asked)
        narrower = None
        if receipts is not None and stretch.differs is not None:
            narrower = _by_receipts(session, receipts, stretch, size, progress)
    return CodesAnswer(size=size, codes=checked, stretch=stretch, receipts=narrower)


def _roots(session: Session, sizes: Collection[int], size: int, progress: Progress) -> dict[int, bytes]:
    there = {one for one in sizes if one <= size}
    return roots_at(session.store, session.season, there, lambda done: progress(done, max(there)))


def _found(code: CheckCode, fits: bool, stretch: Stretch, size: int) -> Found:  # noqa: FBT001 - one of four that make up the answer
    if fits:
        return "holds"
    if code.size <= stretch.held:
        return "contradicted"
    return "past" if code.size <= size else "shorter"


def _by_receipts(session: Session, receipts: Receipts, stretch: Stretch, size: int, progress: Progress) -> ByReceipts | None:
    kept = _kept(session, receipts)
    if not kept or stretch.differs is None:
        return None
    roots = _roots(session, {one for one, _ in kept}, size, progress)
    fitting = {one for one, root in kept if roots.get(one) == root}
    narrowed = stretch.narrowed(fitting, (one for one, _ in kept if one not in fitting))
    return ByReceipts(count=len(kept), stretch=narrowed, fit=any(one >= stretch.differs for one in fitting))


def _kept(session: Session, receipts: Receipts) -> set[tuple[int, bytes]]:
    """The sizes and roots of the receipts of this log; none where there is no file of them."""
    genesis = first_hash(session.store, session.season)
    try:
        return {
            (kept.receipt.size, bytes.fromhex(kept.receipt.root))
            for kept in receipts.read(session.season, session.origin)
            if kept is not None and kept.is_of(genesis)
        }
    except OSError:
        return set()
