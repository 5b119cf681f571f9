"""Binds bundles of any log, true or not, as docs/bundle.md says: the tests' own maker, for whom a forged leaf is as good as another.

What the program's maker makes is compared with it, byte for byte, in test_agreement.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, Final

import attrs

from engine import codec
from engine.leaf import Log, leaf_bytes
from engine.merkle import Frontier, leaf_hash
from engine.tlog.checkpoints import Checkpoint, EntryProof, Request, Signed
from engine.tlog.notes import LOG, WITNESS, Note, Sign, Signature, VerifierKey, cosign, sign
from engine.tlog.proofs import consistency, inclusion, roots
from store.audit.identity import name_of
from tests import sample
from tests.engine.histories import played
from tests.simulator import Simulator
from tests.tlog.signing import key
from tests.verifier.standing import told

SEASON: Final = "season"
HEADS: Final = "heads_recorded"
TIME: Final = 1_700_000_000
LOOSE: Final = {"verify.py": b"# nobody checks this\n", "README.txt": b"read\n", "DOC-TRUOC.txt": "đọc\n".encode()}
DEFINITIONS: Final = (codec.workflow_bytes(sample.CONGRESS), codec.plan_bytes(sample.PLAN), codec.canonical(sample.DESCRIBED))
"""Of the sample season: procedure, plan, and the season's own file, which a unit's bundle goes without."""

Signer = Callable[[str], Signature]


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@attrs.frozen
class Page:
    """A leaf: what it says, and its bytes, which a forger may have written otherwise."""

    event: Mapping[str, Any]
    raw: bytes

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Page:
        return cls(event, canonical(event))

    @property
    def hash(self) -> bytes:
        return leaf_hash(self.raw)


Pages = tuple[Page, ...]


@attrs.frozen(kw_only=True)
class Hand:
    """A log's key and its witnesses, three of them; each line of a note is theirs."""

    log: tuple[VerifierKey, Sign]
    witnesses: tuple[tuple[VerifierKey, Sign], ...]

    @classmethod
    @cache
    def of(cls, name: str, seed: str = "") -> Hand:
        return cls(log=key(name, LOG, seed), witnesses=tuple(key(f"audit.example/{n}", WITNESS, seed) for n in range(3)))

    def signed(self, checkpoint: Checkpoint, cosigners: int = 2) -> Signed:
        text = checkpoint.text
        lines = [sign(text, *self.log), *(cosign(text, *witness, TIME) for witness in self.witnesses[:cosigners])]
        return Signed(checkpoint, Note(text, tuple(lines)))

    def policy(self, quorum: str = "two") -> bytes:
        witnesses = "".join(f"witness w{n} {k}\n" for n, (k, _) in enumerate(self.witnesses))
        return f"log {self.log[0]}\n{witnesses}group two 2 w0 w1 w2\nquorum {quorum}\n".encode()


@attrs.frozen(kw_only=True)
class Binding:
    """What is bound. `since`: the size that `consistency` starts from.

    `besides`: another unit whose leaves are shown too; `without`: the place of a leaf that is left out, as if it had never been.
    """

    pages: Pages
    hand: Hand
    name: str
    unit: str | None = None
    since: int | None = None
    besides: str | None = None
    without: int | None = None
    policy: bytes | None = None
    definitions: Sequence[bytes] = DEFINITIONS
    loose: Mapping[str, bytes] = LOOSE

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        pages = self.pages[:size]
        return Checkpoint(self.name, len(pages), root(page.hash for page in pages))

    def shown(self) -> list[tuple[int, Page]]:
        """The leaves in the bundle, each with its place in the log."""
        units = (SEASON, self.unit, self.besides)
        pages = [(at, page) for at, page in enumerate(self.pages) if self.unit is None or page.event.get("unit") in units]
        return pages if self.without is None else [one for at, one in enumerate(pages) if at != self.without % len(pages)]

    def files(self) -> dict[str, bytes]:
        signed = self.hand.signed(self.checkpoint())
        shown = [page for _, page in self.shown()]
        files = {"checkpoint": signed.note.to_bytes(), "leaves.jsonl": b"".join(page.raw + b"\n" for page in shown), **self.loose}
        for content in self.definitions[: None if self.unit is None else 2]:
            files[f"definitions/{sha256(content).hexdigest()}.json"] = content
        if self.policy is not None:
            files["policy"] = self.policy
        if self.since is not None:
            files["consistency"] = self._request(signed, self.since).to_bytes()
        if self.unit is not None:
            files |= self._proofs(signed)
            files["heads.json"] = self._heads(self.unit)
        return named(files, {**self._about(signed), "events": len(shown)})

    def _about(self, signed: Signed) -> dict[str, Any]:
        about = {
            "log": self.name,
            "size": signed.checkpoint.size,
            "root": signed.checkpoint.root.hex(),
            "format": "daihoi-bundle/1",
        }
        return {**about, "scope": "season"} if self.unit is None else {**about, "scope": "unit", "unit": self.unit}

    def _request(self, signed: Signed, since: int) -> Request:
        return Request(since, roots(consistency(since, len(self.pages)), (page.hash for page in self.pages)), signed)

    def _proofs(self, signed: Signed) -> dict[str, bytes]:
        made = {}
        hashes = [page.hash for page in self.pages]
        for index, page in self.shown():
            made[f"proofs/{page.event['seq']}.tlog-proof"] = EntryProof(index, path(index, hashes), signed).to_bytes()
        return made

    def _heads(self, unit: str) -> bytes:
        last = max((at for at, page in enumerate(self.pages) if page.event.get("kind") == HEADS), default=len(self.pages))
        entries = heads(self.pages[:last])
        hashes = [leaf_hash(entry) for entry in entries.values()]
        found = []
        for code in (unit, SEASON):
            index = list(entries).index(code) if code in entries else 0
            found.append({"hashes": [h.hex() for h in path(index, hashes)], "index": index, "unit": code})
        return canonical(found)


def root(hashes: Iterable[bytes]) -> bytes:
    return Frontier().extend(hashes).root()


def path(index: int, hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    return roots(inclusion(index, len(hashes)), hashes)


def named(files: Mapping[str, bytes], about: Mapping[str, Any]) -> dict[str, bytes]:
    """Files with the manifest that names them."""
    others = {name: content for name, content in files.items() if name != "manifest.json"}
    digests = {name: {"sha256": sha256(content).hexdigest(), "size": len(content)} for name, content in others.items()}
    return {**others, "manifest.json": canonical({**about, "files": digests})}


def heads(pages: Iterable[Page]) -> dict[str, bytes]:
    """The entry of each unit after some leaves, in the order of the codes' bytes."""
    last = {str(page.event.get("unit")): page for page in pages}
    entries = {}
    for unit in sorted(last, key=str.encode):
        page = last[unit]
        entries[unit] = canonical({"leaf": page.hash.hex(), "unit": unit, "version": page.event.get("version")})
    return entries


def head(pages: Pages) -> dict[str, Any]:
    """What a `heads_recorded` after these leaves has to say."""
    entries = heads(pages)
    return {"root": root(map(leaf_hash, entries.values())).hex(), "size": len(entries)}


def log_of(pages: Pages) -> str:
    """The name of the log."""
    first = pages[0]
    return name_of(str(first.event.get("season")), str(first.event.get("origin")), first.hash.hex())


@attrs.frozen(kw_only=True)
class Story:
    """A true log, how every unit stands at its end, and the sizes at which its heads were recorded."""

    pages: Pages
    units: list[dict[str, Any]]
    sizes: tuple[int, ...]

    @property
    def codes(self) -> list[str]:
        return [str(unit["unit"]) for unit in self.units]


@cache
def story(seed: int, acts: int, *, late: bool) -> Story:
    """A season nobody thought of, after some acts, with its heads recorded once on the way and at the end."""
    log, marks = played(seed, late=late)
    log = log[: marks[min(acts, len(marks) - 1)]]
    season = Simulator()
    for recorded in log:
        season.state.fold(recorded)
    events = [json.loads(leaf_bytes(Log("mùa-thử 1", "live"), recorded)) for recorded in log]
    return recorded_heads(events, told(season.state.cases()), halfway=marks[acts // 2] if acts else None)


def recorded_heads(events: Sequence[dict[str, Any]], units: list[dict[str, Any]], halfway: int | None) -> Story:
    """The log with its heads recorded after so many events, and at the end. Later events move by one, and what they name with them."""
    pages: Pages = ()
    sizes: list[int] = []
    for number, given in enumerate(events, 1):
        event = moved(given, halfway, len(sizes))
        if event["kind"] == HEADS:  # it spoke of the leaves of a log with another name
            event = {**event, "payload": head(pages)}
        pages = (*pages, Page.of(event))
        if number in (halfway, len(events)):
            pages = (*pages, _heads_after(pages))
            sizes.append(len(pages))
    return Story(pages=pages, units=units, sizes=tuple(sizes))


def moved(event: dict[str, Any], halfway: int | None, heads_before: int) -> dict[str, Any]:
    if not heads_before:
        return event
    payload = dict(event["payload"])
    if "seq" in payload and payload["seq"] > (halfway or 0):
        payload["seq"] += 1
    version = event["version"] + (1 if event["unit"] == SEASON else 0)
    return {**event, "seq": event["seq"] + 1, "version": version, "payload": payload}


def _heads_after(pages: Pages) -> Page:
    last = pages[-1].event
    version = sum(page.event["unit"] == SEASON for page in pages) + 1
    place = {
        "seq": len(pages) + 1,
        "unit": SEASON,
        "version": version,
        "kind": HEADS,
        "payload": head(pages),
        "command": f"heads {len(pages)}",
    }
    return Page.of({**{name: last[name] for name in ("season", "origin", "semantics", "on", "at", "actor")}, **place})
