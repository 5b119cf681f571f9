"""Who has a bundle in hand and changes its files: another file's content, another form of the same, something lost, added, exchanged.

The manifest is made anew afterwards, or not; that is the caller's choice.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any, Final

from engine.tlog.checkpoints import Checkpoint
from tests.verifier.bindery import Hand, canonical
from tests.verifier.edits import edited
from tests.verifier.policies import policy_variant

Files = dict[str, bytes]
Spoiler = Callable[[Random, Files, Files], None]
"""Changes the first files; the others are of another bundle, to take from."""
SPOILERS: Final[list[Spoiler]] = []
LOOSE_NAMES: Final = (
    "extra.txt", "proofs/1.tlog-proof", "proofs/0.tlog-proof", "proofs/01.tlog-proof", "proofs/99999999999999999999.tlog-proof", "proofs/x",
    "proofs/999.tlog-proof", "heads.json", "definitions/x.json", f"definitions/{'A' * 64}.json", f"definitions/{'a' * 64}.json", "policy",
    "consistency", "Checkpoint", "checkpoint/x", "sub/manifest.json", "__proto__", "constructor", "-", "desktop.ini", "a.b.c",
)  # fmt: skip


def spoiler(work: Spoiler) -> Spoiler:
    SPOILERS.append(work)
    return work


def spoiled(chance: Random, files: Files, others: Files) -> Files:
    made = dict(files)
    chance.choice(SPOILERS)(chance, made, others)
    return made


def _lines(chance: Random, content: bytes, first: int = 0) -> bytes:
    """Some line lost, doubled, moved or emptied."""
    lines = content.split(b"\n")[:-1]
    one, other = chance.randrange(first, len(lines)), chance.randrange(first, len(lines))
    match chance.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            lines.insert(one, b"")
    return b"".join(line + b"\n" for line in lines)


def _hash_flipped(chance: Random, content: bytes) -> bytes:
    """Another hash in base64, or the same hash written otherwise."""
    found = list(re.finditer(rb"^[A-Za-z0-9+/]{43}=$", content, re.MULTILINE))
    if not found:
        return content
    place = chance.choice(found)
    old = place.group()
    raw = bytearray(base64.b64decode(old))
    raw[chance.randrange(32)] ^= 1 << chance.randrange(8)
    last = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = old[:42] + last[(last.index(old[42:43]) | 1) : (last.index(old[42:43]) | 1) + 1] + b"="
    new = chance.choice(
        [base64.b64encode(raw), loose, old[:-1], old + b"=", b" " + old, base64.urlsafe_b64encode(bytes(raw)), old[:-4]]
    )
    return content[: place.start()] + new + content[place.end() :]


@spoiler
def any_file(chance: Random, files: Files, others: Files) -> None:
    name = chance.choice(list(files))
    files[name] = edited(chance, files[name])


@spoiler
def file_of_another(chance: Random, files: Files, others: Files) -> None:
    name = chance.choice([name for name in files if name in others])
    files[name] = others[name]


@spoiler
def files_exchanged(chance: Random, files: Files, others: Files) -> None:
    one, other = chance.sample(list(files), 2)
    files[one], files[other] = files[other], files[one]


@spoiler
def file_missing(chance: Random, files: Files, others: Files) -> None:
    del files[chance.choice(list(files))]


@spoiler
def file_added(chance: Random, files: Files, others: Files) -> None:
    name = chance.choice(LOOSE_NAMES)
    files[name] = files.get(name, chance.choice(list(files.values())))


@spoiler
def leaves(chance: Random, files: Files, others: Files) -> None:
    files["leaves.jsonl"] = chance.choice([edited, _lines])(chance, files["leaves.jsonl"])


@spoiler
def leaves_of_others(chance: Random, files: Files, others: Files) -> None:
    mine, theirs = (some["leaves.jsonl"].split(b"\n")[:-1] for some in (files, others))
    mine.insert(chance.randrange(len(mine)), chance.choice(theirs or mine))
    files["leaves.jsonl"] = b"".join(line + b"\n" for line in mine)


def _proof(chance: Random, files: Files) -> str | None:
    return chance.choice([name for name in files if name.startswith("proofs/")] or [None])


@spoiler
def proof(chance: Random, files: Files, others: Files) -> None:
    name = _proof(chance, files)
    if name is None:
        return
    content = files[name]
    index = re.search(rb"index ([0-9]+)", content)
    number = int(index[1]) if index else 0
    files[name] = chance.choice(
        [
            edited(chance, content),
            _lines(chance, content),
            _hash_flipped(chance, content),
            _hash_flipped(chance, content),
            content.replace(b"index %d" % number, b"index %d" % (number + chance.choice((-1, 1, 2**53, 2**64)))),
            content.replace(
                b"index ", chance.choice((b"index 0", b"index  ", b"Index ", b"index +", b"index -", b"index\t", b"leaf "))
            ),
            content.replace(b"index ", b"extra " + chance.choice((b"", b"AAAA", b"A")) + b"\nindex ", 1),
            content.replace(b"@v1", chance.choice((b"@v2", b"", b"@v1 "))),
            content.replace(b"\n\n", b"\n", 1),
            content.replace(b"\n\n", b"\n\n\n", 1),
            content[: content.index(b"\n\n") + 2] + others["checkpoint"],
            content[: content.rindex(b"\n\n") + 2] + b"\xe2\x80\x94 x AAAAAAA=\n",
            content[: content.rindex(b"\n\n") + 2],
        ]
    )


@spoiler
def proofs_exchanged(chance: Random, files: Files, others: Files) -> None:
    one, other = _proof(chance, files), _proof(chance, files)
    if one is not None and other is not None:
        files[one], files[other] = files[other], files[one]


@spoiler
def heads(chance: Random, files: Files, others: Files) -> None:
    if "heads.json" not in files:
        return
    try:
        found: Any = json.loads(files["heads.json"])
        chance.choice(HEADS_CHANGED)(chance, found, found[chance.randrange(2)])
        files["heads.json"] = canonical(found)
    except (ValueError, KeyError, IndexError, TypeError):  # it was spoiled before
        files["heads.json"] = edited(chance, files["heads.json"])


def _another_hash(chance: Random, _: Any, entry: Any) -> None:
    hashes = entry["hashes"]
    hashes.insert(chance.randrange(len(hashes) + 1), chance.choice(("0" * 64, "A" * 64, "", None, *hashes)))
    if chance.randrange(2):
        del hashes[chance.randrange(len(hashes))]


def _paths_exchanged(_: Random, found: Any, __: Any) -> None:
    found[0]["hashes"], found[1]["hashes"] = found[1]["hashes"], found[0]["hashes"]


HEADS_CHANGED: Final[list[Callable[[Random, Any, Any], None]]] = [
    lambda chance, _, entry: entry.update(index=entry["index"] + chance.choice((-1, 1, 2**40))),
    lambda chance, _, entry: entry.update(index=chance.choice((-1, "0", None, True, 1.0, 2**53))),
    lambda chance, _, entry: entry.update(unit=chance.choice(("season", "city", "x", None, 1))),
    lambda chance, _, entry: entry.update(x=1),
    lambda _, found, __: found.reverse(),
    lambda _, found, entry: found.append(entry),
    _paths_exchanged,
    _another_hash,
    _another_hash,
]


def _signatures(content: bytes) -> tuple[bytes, list[bytes]]:
    text, _, lines = content.rpartition(b"\n\n")
    return text + b"\n", lines.split(b"\n")[:-1]


def _noted(text: bytes, lines: list[bytes]) -> bytes:
    return text + b"\n" + b"".join(line + b"\n" for line in lines)


@spoiler
def checkpoint(chance: Random, files: Files, others: Files) -> None:
    content = files.get("checkpoint", b"")
    text, _ = _signatures(content)
    new = [edited(chance, content), _lines(chance, content), _hash_flipped(chance, content)]
    parts = text.split(b"\n")
    if len(parts) == 4:
        size = int(parts[1]) if parts[1].isdigit() else 0
        new += [content.replace(b"\n%d\n" % size, b"\n%d\n" % other, 1) for other in (size + 1, size - 1, size * 10**30, 0)]
        new += [
            content.replace(b"\n%d\n" % size, b"\n0%d\n" % size, 1),
            content.replace(text, text + b"extension\n", 1),
            content.replace(parts[0], chance.choice((b"", b"x", parts[0] + b" ", parts[0].upper())), 1),
        ]
    files["checkpoint"] = chance.choice(new)


@spoiler
def signatures(chance: Random, files: Files, others: Files) -> None:
    text, lines = _signatures(files.get("checkpoint", b""))
    if not lines:
        return
    at = chance.randrange(len(lines))
    name = lines[at].split(b" ")[1] if lines[at].count(b" ") > 1 else b"x"
    words = text.decode("utf-8", "replace")
    thief = Hand.of(words.partition("\n")[0] or "x", "thief")
    stolen = [line.encode() for line in _noted_lines(thief, words)]
    added = (
        b"\xe2\x80\x94 someone AAAAAAAA", b"\xe2\x80\x94 " + name + b" AAAAAAAA", b"\xe2\x80\x94 someone AAAA",
        b"\xe2\x80\x94 some+one AAAAAAAA",
        b"- someone AAAAAAAA", b"\xe2\x80\x94 someone", b"\xe2\x80\x94  AAAAAAAA", b"\xe2\x80\x94 a\xc2\xa0b AAAAAAAA",
        b"\xe2\x80\x94 \xe2\x80\x83 AAAAAAAA",
        b"\xe2\x80\x94 someone AAAAAAAA ", b"\xe2\x80\x94 a\xef\xbb\xbfb AAAAAAAA", b"\xe2\x80\x94 a\xc2\x85 AAAAAAAA",
        b"\xe2\x80\x94 a\x7fb AAAAAAAA",
        b"\xe2\x80\x94 a\xe1\xa0\x8eb AAAAAAAA", *stolen,
    )  # fmt: skip
    match chance.randrange(7):
        case 0:
            del lines[at]
        case 1 | 2:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(added))
        case 3:
            lines.append(lines[at])
        case 4:
            lines = stolen
        case 5:
            lines[at] = _bent(chance, lines[at])
        case _:
            chance.shuffle(lines)
    files["checkpoint"] = _noted(text, lines)


def _noted_lines(hand: Hand, text: str) -> list[str]:
    name, _, rest = text.partition("\n")
    number, _, root = rest.partition("\n")
    size = int(number) if number.isdigit() and len(number) < 19 else 0
    signed = hand.signed(Checkpoint(name, size, root.encode()[:32].ljust(32, b"\0")), 3)
    return [signature.line for signature in signed.note.signatures]


def _bent(chance: Random, line: bytes) -> bytes:
    """A signature whose bytes are others: the key's id, a cosignature's time, the signature itself, its length."""
    front, _, encoded = line.rpartition(b" ")
    try:
        raw = bytearray(base64.b64decode(encoded))
    except ValueError:
        return line
    if len(raw) < 16:
        return line
    at = chance.choice((0, 3, 4, 11, 12, len(raw) - 1))
    raw[at] ^= chance.choice((1, 128))
    made = bytes(raw) if chance.randrange(4) else bytes(raw) + b"\0"
    return front + b" " + base64.b64encode(made)


@spoiler
def consistency(chance: Random, files: Files, others: Files) -> None:
    content = files.get("consistency")
    if content is None:
        return
    number = re.match(rb"old ([0-9]+)", content)
    size = int(number[1]) if number else 0
    files["consistency"] = chance.choice(
        [
            edited(chance, content),
            _lines(chance, content),
            _hash_flipped(chance, content),
            _hash_flipped(chance, content),
            content.replace(b"old %d" % size, b"old %d" % (size + chance.choice((-1, 1, 2**60)))),
            content.replace(b"old %d" % size, b"old 0"),
            content.replace(b"old ", chance.choice((b"old 0", b"old  ", b"new ", b"old -"))),
            content[: content.index(b"\n\n") + 2] + others["checkpoint"] if b"\n\n" in content else b"",
            content[: content.index(b"\n\n") + 2] + files.get("checkpoint", b"") if b"\n\n" in content else b"",
            b"old 0\n\n" + files.get("checkpoint", b""),
            content.replace(b"\n", b"\n" + b"A" * 43 + b"=\n" * 64, 1),
        ]
    )


@spoiler
def definitions(chance: Random, files: Files, others: Files) -> None:
    found = [name for name in files if name.startswith("definitions/")]
    if not found:
        return
    name = chance.choice(found)
    match chance.randrange(4):
        case 0:
            files[name] = edited(chance, files[name])
        case 1:
            del files[name]
        case 2:
            files[name[:12] + name[13:76] + "0.json"] = files.pop(name)
        case _:
            files[name.upper().replace("DEFINITIONS", "definitions").replace("JSON", "json")] = files.pop(name)


@spoiler
def policy(chance: Random, files: Files, others: Files) -> None:
    files["policy"] = policy_variant(chance, files.get("policy", b"quorum none\n"))


@spoiler
def manifest(chance: Random, files: Files, others: Files) -> None:
    """The manifest itself. Who makes it anew afterwards has changed nothing."""
    content = files.get("manifest.json", b"")
    try:
        found: Any = json.loads(content)
    except ValueError:
        return
    one = chance.choice(list(found["files"]))
    odd: tuple[Any, ...] = (None, 0, -1, 1, "", "x", [], {}, True, 2**53 - 1, "season", "unit", "A" * 64, "a" * 64)
    match chance.randrange(9):
        case 0 | 1:
            name = chance.choice((*found, "unit", "x", "__proto__"))
            found[name] = chance.choice(odd)
        case 2:
            del found[chance.choice(list(found))]
        case 3:
            name = chance.choice(("events", "size"))
            found[name] += chance.choice((-1, 1))
        case 4:
            found["files"][one][chance.choice(("sha256", "size", "x"))] = chance.choice(odd)
        case 5:
            del found["files"][one]
        case 6:
            found["files"][chance.choice((*LOOSE_NAMES, "manifest.json"))] = found["files"][one]
        case 7:
            found["files"][one] = chance.choice(odd)
        case _:
            forms = (
                content + b"\n", b" " + content, content.replace(b'"events":', b'"events": '), content.replace(b'"size":', b'"size":0', 1),
                json.dumps(found, indent=1).encode(), content.replace(b"sha256", b"sha\\u0032", 1), content[:-1], content + b"}", b"[]",
                b"[" * 100_000,
                content.replace(b'"format"', b'"events":1,"format"', 1), b"\xef\xbb\xbf" + content, b"", edited(chance, content),
            )  # fmt: skip
            files["manifest.json"] = chance.choice(forms)
            return
    files["manifest.json"] = canonical(found)
