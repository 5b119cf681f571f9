"""C2SP trust policies (c2sp.org/tlog-policy): which logs and witnesses somebody knows, and how many witnesses have to agree.

::

    log daihoi/hanoi-2021/live/… +…
    witness committee audit.example/committee+…
    witness province  audit.example/province+…
    group both all committee province
    quorum both

The one line that has an `https://` address behind a key keeps it to itself: nothing here opens a connection.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import attrs

from engine.tlog.malformed import Malformed
from engine.tlog.notes import LOG, WITNESS, VerifierKey, read_key

NONE: Final = "none"

MOST_LINES: Final = 10_000


@attrs.frozen
class Group:
    """So many of these members have to have cosigned."""

    threshold: int
    members: tuple[str, ...]


@attrs.frozen
class Policy:
    """A policy as it was read. `quorum`: the name of a witness or a group, or `none`."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        return (*self.logs, *self.witnesses.values())

    def log_of(self, origin: str, signers: Collection[VerifierKey]) -> VerifierKey | None:
        """The known log that signed under its own name."""
        return next((key for key in self.logs if key.name == origin and key in signers), None)

    def has_quorum(self, signers: Collection[VerifierKey]) -> bool:
        """Whether enough witnesses are among those who signed."""
        agreed = {name for name, key in self.witnesses.items() if key in signers}
        for name, group in self.groups.items():  # in the order of the file: members come before their group
            if sum(member in agreed for member in group.members) >= group.threshold:
                agreed.add(name)
        return self.quorum == NONE or self.quorum in agreed


def read_policy(raw: bytes) -> Policy:
    """A policy from its file. Raises Malformed."""
    reader = _Reader()
    *lines, rest = raw.split(b"\n")
    if len(lines) > MOST_LINES:
        raise Malformed("policy", "too_long", MOST_LINES + 1)
    if rest:
        raise Malformed("policy", "no_newline", len(lines) + 1)
    for place, line in enumerate(lines, 1):
        reader.take(line, place)
    return reader.policy()


@attrs.define
class _Reader:
    logs: list[VerifierKey] = attrs.field(factory=list)
    witnesses: dict[str, VerifierKey] = attrs.field(factory=dict)
    groups: dict[str, Group] = attrs.field(factory=dict)
    members: set[str] = attrs.field(factory=set)
    quorum: str | None = None

    def take(self, line: bytes, place: int) -> None:
        if any((octet < 0x20 and octet != 0x09) or octet == 0x7F for octet in line):  # noqa: PLR2004 - tab, and what prints
            raise Malformed("policy", "control", place)
        # a name is a row of bytes; surrogates keep those that are no text apart
        words = [w for w in line.decode("utf-8", "surrogateescape").replace("\t", " ").split(" ") if w]
        if not words or words[0].startswith("#"):
            return
        match words:
            case ["log", key] | ["log", key, _]:
                self._log(key, place)
            case ["witness", name, key] | ["witness", name, key, _]:
                self._witness(name, key, place)
            case ["group", name, threshold, first, *more]:
                self._group(name, threshold, (first, *more), place)
            case ["quorum", name]:
                self._quorum(name, place)
            case _:
                raise Malformed("policy", "policy_line", place)

    def _log(self, text: str, place: int) -> None:
        key = _key(text, LOG, place)
        if any(known.public == key.public for known in self.logs):
            raise Malformed("policy", "key_twice", place)
        self.logs.append(key)

    def _witness(self, name: str, text: str, place: int) -> None:
        self._new(name, place)
        key = _key(text, WITNESS, place)
        if any(known.public == key.public for known in self.witnesses.values()):
            raise Malformed("policy", "key_twice", place)
        self.witnesses[name] = key

    def _group(self, name: str, threshold: str, members: tuple[str, ...], place: int) -> None:
        self._new(name, place)
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise Malformed("policy", "not_defined", place)
            if member in self.members:
                raise Malformed("policy", "member_twice", place)
            self.members.add(member)
        self.groups[name] = Group(_threshold(threshold, len(members), place), members)

    def _quorum(self, name: str, place: int) -> None:
        if self.quorum is not None:
            raise Malformed("policy", "quorum_twice", place)
        if name != NONE and name not in self.witnesses and name not in self.groups:
            raise Malformed("policy", "not_defined", place)
        self.quorum = name

    def _new(self, name: str, place: int) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Malformed("policy", "name_twice", place)

    def policy(self) -> Policy:
        if self.quorum is None:
            raise Malformed("policy", "no_quorum")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum)


def _key(text: str, kind: int, place: int) -> VerifierKey:
    try:
        key = read_key(text)
    except Malformed as error:
        raise Malformed("policy", error.fault, place) from None
    if key.kind != kind:
        raise Malformed("policy", "kind", place)
    return key


def _threshold(text: str, members: int, place: int) -> int:
    found = {"any": 1, "all": members}.get(text)
    if found is None:
        digits = text.isascii() and text.isdigit() and len(text) < 6 and text[0] != "0"  # noqa: PLR2004 - more than a file can name
        found = int(text) if digits else 0
    if not 1 <= found <= members:
        raise Malformed("policy", "threshold", place)
    return found
