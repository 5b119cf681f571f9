"""Sealing: words and persons leave a command before it is decided, and only digests and random ids go into the log.

A text is sealed as SHA-256(salt ‖ UTF-8 NFC) with 16 random bytes; salt and text lie beside the log and can be erased. The request as
it came is kept as a digest, keyed with a salt of its own, so that a repeated command is recognised and nothing can be guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

import attrs

from engine import codec
from engine import commands as cmd
from engine.actors import Sealed, Words
from engine.commands import AnyCommand
from engine.values import nfc
from store.connection import Store
from store.sources import Sources

_PERSON = "SELECT id FROM person WHERE season = ? AND text = ?"
_NEW_PERSON = "INSERT INTO person (season, id, text) VALUES (?, ?, ?)"
_SEALED = "INSERT INTO sealed (season, digest, salt, text) VALUES (?, ?, ?, ?)"

C = TypeVar("C", bound=cmd.Command)


def sealed_digest(salt: bytes, text: str) -> str:
    return sha256(salt + nfc(text).encode()).hexdigest()


def request_digest(salt: bytes, command: AnyCommand) -> bytes:
    """What a request is recognised by: everything in it, words and person too."""
    words: list[Any] = []

    def take(text: Words) -> Sealed:
        words.append(codec.to_json(text) if isinstance(text, Sealed) else nfc(text))
        return Sealed("")

    bare = with_words(command, take)
    request = [type(command).__name__, codec.to_json(bare), words]
    return sha256(salt + codec.canonical(request)).digest()


def with_words(command: C, change: Callable[[Words], Sealed]) -> C:
    """The command with each of its texts changed, in a fixed order."""
    changes: dict[str, Any] = {}
    if command.reason is not None:
        changes["reason"] = change(command.reason)
    if isinstance(command, cmd.Waive):
        changes["basis"] = change(command.basis)
    elif isinstance(command, cmd.ApproveDocument) and command.changes:
        changes["changes"] = tuple(map(change, command.changes))
    return attrs.evolve(command, **changes) if changes else command


def tidied(command: AnyCommand) -> AnyCommand:
    """The command with its texts in one spelling, and a reason of blanks as none."""
    changes: dict[str, Any] = {}
    if isinstance(command.reason, str) and not command.reason.strip():
        changes["reason"] = None
    if isinstance(command, (cmd.RecordFact, cmd.Correct)) and isinstance(command.value, str):
        changes["value"] = nfc(command.value)
    elif isinstance(command, cmd.ApproveDocument) and command.decision is not None:
        changes["decision"] = nfc(command.decision)
    return attrs.evolve(command, **changes) if changes else command


class Sealer:
    """Seals the commands of one transaction."""

    def __init__(self, store: Store, season: str, sources: Sources) -> None:
        self._store = store
        self._season = season
        self._sources = sources
        self._texts: list[tuple[str, str, bytes, str]] = []

    def sealed(self, command: C) -> C:
        """The command as it is decided on and logged."""
        bare = with_words(command, self._seal)
        person = command.actor.person
        if person is None:
            return bare
        return attrs.evolve(bare, actor=attrs.evolve(command.actor, person=self._person(nfc(person.strip()))))

    def _seal(self, words: Words) -> Sealed:
        if isinstance(words, Sealed):
            return words
        salt, text = self._sources.salt(), nfc(words)
        digest = sealed_digest(salt, text)
        self._texts.append((self._season, digest, salt, text))
        return Sealed(digest)

    def _person(self, text: str) -> str:
        """The random id of a person: the same within a season."""
        row = self._store.row(_PERSON, (self._season, text))
        if row is not None:
            found: str = row[0]
            return found
        new = self._sources.new_id()
        self._store.run(_NEW_PERSON, (self._season, new, text))
        return new

    def write(self) -> None:
        self._store.run_many(_SEALED, self._texts)
        self._texts.clear()
