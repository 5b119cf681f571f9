"""A bundle: a season's log, or one unit's, in a file that is checked without this program (docs/bundle.md).

The log is read once, up to the checkpoint: while the leaves go into the file, the roots of all subtrees that any proof in it needs are
worked out, and where every unit's record ended when the checkpoint was made. Memory grows with units and with the proofs, not with events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from engine import events as ev
from engine.bundle import HEADS, MANIFEST, HeadProof, heads_bytes, manifest
from engine.desk import Progress
from engine.events import Recorded
from engine.heads import UnitHead, in_order, put_on_record
from engine.merkle import leaf_hash
from engine.refusals import UnknownUnit
from engine.tlog.checkpoints import Checkpoint, EntryProof, Request, Signed
from engine.tlog.policies import Policy
from engine.tlog.proofs import Span, consistency, extends, inclusion, roots
from engine.unit import SEASON
from store.audit import files
from store.audit.archive import Archive, Entry
from store.audit.errors import NoHeads, NotInside
from store.audit.identity import log_name
from store.audit.proving import not_held
from store.audit.trust import require_backing
from store.connection import as_bytes
from store.definitions import content_of
from store.errors import Corrupt
from store.log import events_of
from store.session import Session

_LOG: Final = "SELECT seq, unit, version, leaf FROM log WHERE season = ? AND seq <= ? ORDER BY seq"
_SEQS: Final = "SELECT seq FROM log WHERE season = ? AND unit IN (?, ?) AND seq + 0 <= ? ORDER BY seq"
_BYTES: Final = "SELECT count(*), coalesce(sum(length(leaf)), 0) FROM log WHERE season = ? AND seq <= ?"
_BYTES_OF_UNIT: Final = (
    "SELECT count(*), coalesce(sum(length(leaf)), 0) FROM log WHERE season = ? AND seq + 0 <= ? AND unit IN (?, ?)"
)
_STEP: Final = 1000


@attrs.frozen(kw_only=True)
class Contents:
    """What a bundle is to be made of. `unit`: None for the season. `policy`: as read, and its bytes.

    `since`: an earlier checkpoint from which the log is to be shown to go on. `companions`: files that go along as they are.
    """

    signed: Signed
    unit: str | None = None
    policy: tuple[Policy, bytes] | None = None
    since: Signed | None = None
    companions: Mapping[str, bytes] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Bundled:
    """A bundle that was made: its leaves, the files in it, and its own size in bytes."""

    file: str
    unit: str | None
    checkpoint: Checkpoint
    events: int
    files: tuple[str, ...]
    bytes: int


def bundle(session: Session, file: str, contents: Contents, progress: Progress) -> Bundled:
    """Make a bundle in a new file. Raises NotContinued, NoHeads, NotInside, NotVouched, FileFailed; then there is no file."""
    files.check_new(file)
    if contents.policy is not None:
        require_backing(contents.signed, contents.policy[0])
    with session.store.transaction():
        _check_speaks_of_it(session, contents)
        with files.making(file) as beside:
            with beside.open("wb") as opened, Archive(opened) as archive:
                events = _Bundling(session, contents, archive, progress).run()
            size = beside.stat().st_size
    held = tuple(archive.files)
    return Bundled(
        file=file, unit=contents.unit, checkpoint=contents.signed.checkpoint, events=events, files=held, bytes=size
    )  # fmt: skip


def _check_speaks_of_it(session: Session, contents: Contents) -> None:
    """What is seen before the log is read: which log, how long, whether the unit had joined and the heads were put on record."""
    checkpoint, since = contents.signed.checkpoint, contents.since
    for one in (contents.signed, since):
        if one is not None and one.checkpoint.origin != log_name(session):
            raise not_held(session, one.checkpoint, "other_log")
    if checkpoint.size > session.head().size:
        raise not_held(session, checkpoint, "longer")
    if since is not None and since.checkpoint.size > checkpoint.size:
        raise not_held(session, since.checkpoint, "longer", size=checkpoint.size)
    if contents.unit == SEASON:
        raise UnknownUnit(unit=SEASON)
    if contents.unit is not None and not events_of(session.store, session.season, contents.unit, checkpoint.size):
        raise NotInside(asked=contents.unit, size=checkpoint.size)


class _Bundling:
    """One bundle in the making, inside a transaction."""

    def __init__(self, session: Session, contents: Contents, archive: Archive, progress: Progress) -> None:
        self._session = session
        self._store = session.store
        self._season = session.season
        self._contents = contents
        self._checkpoint = contents.signed.checkpoint
        self._size = self._checkpoint.size
        self._unit = contents.unit
        self._archive = archive
        self._progress = progress
        self._heads: dict[str, UnitHead] = {}
        self._events = 0

    def run(self) -> int:
        """Write everything; how many leaves there are."""
        contents, archive = self._contents, self._archive
        season_wide = events_of(self._store, self._season, SEASON, self._size)
        recorded = self._heads_recorded(season_wide)
        for name, content in sorted(contents.companions.items()):
            archive.add(name, content)
        archive.add("checkpoint", contents.signed.note.to_bytes())
        if contents.policy is not None:
            archive.add("policy", contents.policy[1])
        for digest in self._named(season_wide):
            archive.add(f"definitions/{digest}.json", content_of(self._store, digest))
        self._read_log(recorded)
        archive.add(MANIFEST, manifest(self._checkpoint, self._unit, self._events, archive.files))
        return self._events

    def _heads_recorded(self, season_wide: Sequence[Recorded]) -> ev.HeadsRecorded | None:
        """What was put on record for this very checkpoint. A unit's bundle is nothing without it."""
        last = season_wide[-1]
        if last.seq == self._size and isinstance(last.event, ev.HeadsRecorded):
            return last.event
        if self._unit is not None:
            raise NoHeads(unit=self._unit, size=self._size)
        return None

    def _named(self, season_wide: Sequence[Recorded]) -> list[str]:
        """The digests of the definitions that the leaves name; the season's file names every unit, and goes with the season alone."""
        naming = (ev.WorkflowAdopted, ev.PlanIssued) if self._unit else (ev.SeasonOpened, ev.WorkflowAdopted, ev.PlanIssued)
        return sorted({r.event.digest for r in season_wide if isinstance(r.event, naming)})

    # The log

    def _read_log(self, recorded: ev.HeadsRecorded | None) -> None:
        seqs = self._seqs()
        since = self._contents.since
        proofs = {seq: inclusion(seq - 1, self._size) for seq in seqs}
        earlier = () if since is None else consistency(since.checkpoint.size, self._size)
        whole = Span(0, self._size)
        spans = list(dict.fromkeys((whole, *earlier, *(span for proof in proofs.values() for span in proof))))
        try:
            with self._archive.entry("leaves.jsonl", self._length()) as entry:
                found = dict(zip(spans, roots(spans, self._hashes(entry)), strict=True))
        except ValueError:
            raise not_held(self._session, self._checkpoint, "longer") from None
        if found[whole] != self._checkpoint.root:
            raise not_held(self._session, self._checkpoint, "past")
        for seq, proof in proofs.items():
            made = EntryProof(seq - 1, tuple(found[span] for span in proof), self._contents.signed)
            self._archive.add(f"proofs/{seq}.tlog-proof", made.to_bytes())
        if self._unit is not None and recorded is not None:
            self._archive.add(HEADS, heads_bytes(self._head_proofs(self._unit, recorded)))
        if since is not None:
            self._archive.add("consistency", self._goes_on(since, tuple(found[span] for span in earlier)))

    def _seqs(self) -> list[int]:
        """The events that need a proof of their own: a season's bundle has all, and they prove themselves."""
        if self._unit is None:
            return []
        return [seq for (seq,) in self._store.rows(_SEQS, (self._season, self._unit, SEASON, self._size))]

    def _length(self) -> int:
        """The bytes of the leaves, each with the end of its line."""
        if self._unit is None:
            row = self._store.row(_BYTES, (self._season, self._size))
        else:
            row = self._store.row(_BYTES_OF_UNIT, (self._season, self._size, self._unit, SEASON))
        return 0 if row is None else int(row[0]) + int(row[1])

    def _hashes(self, entry: Entry) -> Iterator[bytes]:
        """Every leaf's hash, in passing: the bundle's own leaves are written down, and the heads are remembered."""
        ours = (self._unit, SEASON)
        for seq, unit, version, stored in self._store.stream(_LOG, (self._season, self._size)):
            leaf = as_bytes(stored)
            hashed = leaf_hash(leaf)
            if self._unit is None or unit in ours:
                entry.write(leaf + b"\n")
                self._events += 1
            if self._unit is not None and seq < self._size:
                self._heads[unit] = UnitHead(unit, version, hashed)
            if not seq % _STEP or seq == self._size:
                self._progress(seq, self._size)
            yield hashed

    # What is proven besides

    def _head_proofs(self, unit: str, recorded: ev.HeadsRecorded) -> Iterator[HeadProof]:
        """Of the unit's entry and the season's. Raises Corrupt where the log's units do not end where it says they do."""
        heads = in_order(self._heads.values())
        if put_on_record(heads) != recorded:
            detail = f"the last events of the units are not those put on record by event {self._size}"
            raise Corrupt(place=self._store.dialect.place, detail=detail)
        places = {head.unit: place for place, head in enumerate(heads)}
        for code in (unit, SEASON):
            proof = inclusion(places[code], len(heads))
            yield HeadProof(code, places[code], roots(proof, (head.hash for head in heads)))

    def _goes_on(self, since: Signed, proof: tuple[bytes, ...]) -> bytes:
        old, new = since.checkpoint, self._checkpoint
        if not extends(old.size, old.root, new.size, new.root, proof):
            raise not_held(self._session, old, "past")
        return Request(old.size, proof, self._contents.signed).to_bytes()
