"""What somebody without the keys may try: true files with something changed, and a verifier that says what it was made to believe.

A change may leave a file true (another witness's line gone, an unknown signature added). So what counts is not whether a file is
accepted but whether what it then says is so: `Lie` is raised where it is not. A root does not say its tree's size (RFC 6962 proofs of two
sizes can be alike), so bare proofs are tried with the root that the size really has, and files with signatures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import attrs

from engine.merkle import EMPTY_ROOT, Frontier, leaf_hash
from engine.tlog.checkpoints import Checkpoint, EntryProof, Request, Signed, read_entry_proof, read_request
from engine.tlog.malformed import Malformed
from engine.tlog.notes import LOG, WITNESS, Note, NotSigned, Signature, cosign, sign, signers
from engine.tlog.policies import Policy, read_policy
from engine.tlog.proofs import consistency, extends, includes, inclusion, roots
from tests.tlog.signing import key, verify

LONGEST = 130

LEAVES = [f"leaf {number}".encode() for number in range(LONGEST)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOT = [Frontier().extend(HASHES[:size]).root() for size in range(LONGEST + 1)]
OF_OTHERS = [leaf_hash(b"other" + leaf) for leaf in LEAVES]

LOG_KEY, LOG_PRIVATE = key("log.example/one", LOG)
THIEF, THIEF_PRIVATE = key("log.example/one", LOG, "stolen")
WITNESSES = [key(f"witness.example/{number}", WITNESS) for number in range(3)]
POLICY_TEXT = (
    f"log {LOG_KEY}\n" + "".join(f"witness w{n} {k}\n" for n, (k, _) in enumerate(WITNESSES)) + "group g 2 w0 w1 w2\nquorum g\n"
).encode()


class Lie(AssertionError):
    """Something was accepted that is not so."""


@lru_cache(maxsize=4096)
def signed(size: int, extension: str = "") -> Signed:
    """The log's checkpoint at a size, signed, and cosigned by two of the three witnesses."""
    checkpoint = Checkpoint(LOG_KEY.name, size, ROOT[size], (extension,) if extension else ())
    text = checkpoint.text
    lines = [sign(text, LOG_KEY, LOG_PRIVATE)]
    lines += [cosign(text, *WITNESSES[(size + n) % 3], 1_700_000_000 + size) for n in range(2)]
    return Signed(checkpoint, Note(text, tuple(lines)))


def is_backed(seen: Signed, policy: Policy) -> bool:
    """What whoever checks a file does before believing its checkpoint."""
    try:
        agreed = signers(seen.note, policy.keys, verify)
    except NotSigned:
        return False
    return policy.log_of(seen.checkpoint.origin, agreed) is not None and policy.has_quorum(agreed)


def _check(seen: Signed) -> None:
    checkpoint = seen.checkpoint
    if checkpoint.origin != LOG_KEY.name or checkpoint.size > LONGEST or checkpoint.root != ROOT[checkpoint.size]:
        raise Lie(f"checkpoint {checkpoint}")


def believe_entry(raw: bytes, policy: Policy) -> str:
    try:
        proof = read_entry_proof(raw)
    except Malformed as told:
        return told.fault
    if proof.to_bytes() != raw:
        raise Lie(f"two ways to write one proof: {raw!r}")
    if not is_backed(proof.signed, policy):
        return "not_backed"
    if proof.extra is None or not proof.holds(proof.extra):
        return "not_proven"
    _check(proof.signed)
    if proof.index >= proof.signed.checkpoint.size or LEAVES[proof.index] != proof.extra:
        raise Lie(f"entry {proof.index} is said to be {proof.extra!r}")
    return "still_true"


def believe_request(raw: bytes, policy: Policy, known: tuple[int, bytes]) -> str:
    """`known`: the size and root that a witness keeps of the log."""
    try:
        request = read_request(raw)
    except Malformed as told:
        return told.fault
    if request.to_bytes() != raw:
        raise Lie(f"two ways to write one request: {raw!r}")
    if not is_backed(request.signed, policy):
        return "not_backed"
    if request.old != known[0] or not request.leads_from(known[1]):
        return "not_proven"
    _check(request.signed)
    if known[1] != ROOT[known[0]]:
        raise Lie(f"the log is said to go on from {known}")
    return "still_true"


@attrs.frozen
class Forger:
    """Makes one change after another, from a seed."""

    chance: random.Random

    def hashes(self, proof: Sequence[bytes], size: int) -> tuple[bytes, ...]:
        """A proof with something changed in it."""
        found = list(proof)
        place = self.chance.randrange(len(found) + 1)
        what = self.chance.choice(("flip", "lose", "double", "swap", "insert", "replace", "cut", "all"))
        match what:
            case "flip" if found:
                found[place % len(found)] = self.flipped(found[place % len(found)])
            case "lose" if found:
                del found[place % len(found)]
            case "double" if found:
                found.insert(place, found[place % len(found)])
            case "swap" if len(found) > 1:
                other = self.chance.randrange(len(found))
                found[place % len(found)], found[other] = found[other], found[place % len(found)]
            case "replace" if found:
                found[place % len(found)] = self.some_hash(size)
            case "cut" if found:
                found[place % len(found)] = found[place % len(found)][: self.chance.randrange(32)]
            case "all":
                found = [self.some_hash(size) for _ in found]
            case _:
                found.insert(place, self.some_hash(size))
        return tuple(found)

    def some_hash(self, size: int) -> bytes:
        pick = self.chance.choice
        span = self.chance.choice(consistency(self.chance.randint(1, size), size) or inclusion(0, size) or [None])
        inner = EMPTY_ROOT if span is None else roots((span,), HASHES)[0]
        return pick((EMPTY_ROOT, pick(HASHES), pick(ROOT), pick(OF_OTHERS), inner, bytes(32), self.chance.randbytes(32)))

    def flipped(self, raw: bytes) -> bytes:
        changed = bytearray(raw or b"\0")  # an earlier change may have left nothing of it
        changed[self.chance.randrange(len(changed))] ^= 1 << self.chance.randrange(8)
        return bytes(changed)

    def number(self, value: int) -> int:
        near = (value - 1, value + 1, value * 2, value // 2, value ^ 1, 0, 1, 2**31, 2**63 - 1, self.chance.randint(0, LONGEST))
        return max(0, self.chance.choice(near))

    def bytes(self, raw: bytes, other: bytes) -> bytes:
        """A file with bytes changed: flipped, lost, doubled, a line taken from another file or from elsewhere."""
        place = self.chance.randrange(len(raw))
        lines, others = raw.split(b"\n"), other.split(b"\n")
        line = self.chance.randrange(len(lines))
        match self.chance.randrange(7):
            case 0:
                return self.flipped(raw)
            case 1:
                return raw[:place] + raw[place + self.chance.randint(1, 9) :]
            case 2:
                return (
                    raw[:place] + self.chance.choice((b"\n", b" ", b"\r", b"+", b"=", b"0", b"\x00", "—".encode())) + raw[place:]
                )
            case 3:
                del lines[line]
            case 4:
                lines.insert(line, self.chance.choice(lines))
            case 5:
                lines[line] = self.chance.choice(others)
            case _:
                swapped = self.chance.randrange(len(lines))
                lines[line], lines[swapped] = lines[swapped], lines[line]
        return b"\n".join(lines)

    def signed(self, true: Signed) -> Signed:
        """A checkpoint with a field or a signature changed."""
        checkpoint, note = true.checkpoint, true.note
        match self.chance.randrange(9):
            case 0:
                checkpoint = attrs.evolve(checkpoint, size=self.number(checkpoint.size))
            case 1:
                checkpoint = attrs.evolve(checkpoint, root=self.some_hash(max(1, checkpoint.size)))
            case 2:
                checkpoint = attrs.evolve(checkpoint, origin=self.chance.choice(("log.example/two", "log.example/one ", "x")))
            case 3:
                checkpoint = attrs.evolve(checkpoint, extensions=("more",))
            case 4:
                note = signed(self.chance.randint(1, LONGEST)).note
            case 5:
                note = attrs.evolve(note, signatures=self._signatures(note))
            case 6:
                forged = attrs.evolve(checkpoint, root=self.chance.choice(OF_OTHERS))
                return Signed(forged, Note(forged.text, (sign(forged.text, THIEF, THIEF_PRIVATE), *note.signatures[1:])))
            case 7:
                lost = self.chance.randrange(len(note.signatures))
                note = attrs.evolve(note, signatures=tuple(s for n, s in enumerate(note.signatures) if n != lost))
            case _:
                note = attrs.evolve(note, signatures=(*note.signatures, sign(note.text, THIEF, THIEF_PRIVATE)))
        return Signed(checkpoint, attrs.evolve(note, text=checkpoint.text))

    def _signatures(self, note: Note) -> tuple[Signature, ...]:
        found = list(note.signatures)
        place, other = self.chance.randrange(len(found)), self.chance.randrange(len(found))
        one, another = found[place], found[other]
        found[place] = self.chance.choice(
            (
                attrs.evolve(one, value=self.flipped(one.value)),
                attrs.evolve(one, key_id=another.key_id),
                attrs.evolve(one, name=another.name),
                attrs.evolve(one, value=another.value),
                attrs.evolve(one, value=one.value[:-1]),
                attrs.evolve(one, value=one.value + b"\0"),
                another,
                Signature(one.name, one.key_id, bytes(len(one.value))),
            )
        )
        return tuple(found)


POLICY = read_policy(POLICY_TEXT)


def bare_entry(forger: Forger) -> str:
    """A proof, index or leaf changed, against the root of a size."""
    chance = forger.chance
    size = chance.randint(1, LONGEST)
    index, other = chance.randrange(size), chance.randint(1, LONGEST)
    leaf, proof = HASHES[index], roots(inclusion(index, size), HASHES)
    match chance.randrange(4):
        case 0:
            index = forger.number(index)
        case 1:
            leaf = forger.some_hash(size)
        case 2:
            size = other
        case _:
            proof = forger.hashes(proof, size)
    if chance.random() < 0.3:
        proof = forger.hashes(proof, size)
    if not includes(index, size, leaf, proof, ROOT[size]):
        return "not_proven"
    if index >= size or HASHES[index] != leaf:
        raise Lie(f"leaf {leaf.hex()} is said to stand at {index} of {size}")
    return "still_true"


def bare_extension(forger: Forger) -> str:
    """A proof, an old size or an old root changed, against the root of a size."""
    chance = forger.chance
    size = chance.randint(1, LONGEST)
    old = chance.randint(1, size)
    root, proof = ROOT[old], roots(consistency(old, size), HASHES)
    match chance.randrange(4):
        case 0:
            old = forger.number(old)
        case 1:
            root = forger.some_hash(size)
        case 2:
            old = forger.number(old)
            root = ROOT[min(old, LONGEST)]
        case _:
            proof = forger.hashes(proof, size)
    if chance.random() < 0.3:
        proof = forger.hashes(proof, size)
    if not extends(old, root, size, ROOT[size], proof):
        return "not_proven"
    if old > size or root != ROOT[old]:
        raise Lie(f"{root.hex()} is said to be the root at {old} of {size}")
    return "still_true"


def entry_file(forger: Forger) -> str:
    chance = forger.chance
    size = chance.randint(1, LONGEST)
    index = chance.randrange(size)
    true = EntryProof(index, roots(inclusion(index, size), HASHES), signed(size), LEAVES[index])
    match chance.randrange(6):
        case 0:
            made = attrs.evolve(true, index=forger.number(index))
        case 1:
            made = attrs.evolve(true, hashes=forger.hashes(true.hashes, size))
        case 2:
            made = attrs.evolve(true, extra=chance.choice((None, b"", chance.choice(LEAVES), forger.flipped(true.extra or b" "))))
        case 3:
            made = attrs.evolve(true, signed=forger.signed(true.signed))
        case 4:
            made = attrs.evolve(true, signed=signed(chance.randint(1, LONGEST)))
        case _:
            other = EntryProof(0, roots(inclusion(0, LONGEST), HASHES), signed(LONGEST), LEAVES[0])
            return believe_entry(forger.bytes(true.to_bytes(), other.to_bytes()), POLICY)
    return believe_entry(made.to_bytes(), POLICY)


def request_file(forger: Forger) -> str:
    chance = forger.chance
    size = chance.randint(1, LONGEST)
    old = chance.randint(0, size)
    true = Request(old, roots(consistency(old, size), HASHES), signed(size))
    known = (old, ROOT[old])
    match chance.randrange(6):
        case 0:
            made = attrs.evolve(true, old=forger.number(old))
        case 1:
            made = attrs.evolve(true, hashes=forger.hashes(true.hashes, size))
        case 2:
            made = attrs.evolve(true, signed=forger.signed(true.signed))
        case 3:
            # the witness itself saw another log: nothing leads from there to this one
            made, known = true, (old, chance.choice(OF_OTHERS))
        case 4:
            made = attrs.evolve(true, signed=signed(chance.randint(1, LONGEST)))
        case _:
            other = Request(1, roots(consistency(1, LONGEST), HASHES), signed(LONGEST))
            return believe_request(forger.bytes(true.to_bytes(), other.to_bytes()), POLICY, known)
    return believe_request(made.to_bytes(), POLICY, known)


def policy_file(forger: Forger) -> str:
    """A policy that was changed may be a policy; whoever holds it was given it. That it is read or refused is all that is asked."""
    try:
        changed = read_policy(forger.bytes(POLICY_TEXT, b"quorum none\ngroup h 1 w0\nlog x\nwitness"))
    except Malformed as told:
        return told.fault
    thief = signed(3)
    forged = attrs.evolve(thief, note=Note(thief.note.text, (sign(thief.note.text, THIEF, THIEF_PRIVATE),)))
    if is_backed(forged, changed):
        raise Lie("a key that no policy names was believed")
    return "still_true"


KINDS: tuple[Callable[[Forger], str], ...] = (bare_entry, bare_extension, entry_file, request_file, policy_file)


def attempts(seed: str, count: int) -> Counter[str]:
    """So many changes, and what became of them, by kind and answer. Raises Lie."""
    forger, found = Forger(random.Random(seed)), Counter[str]()
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        found[f"{kind.__name__} {kind(forger)}"] += 1
    return found
