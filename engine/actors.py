"""Who acts, and in which words: what leaves a command sealed before it is decided on.

The smallest of the engine's modules, because everything that only reads a log needs it and not the commands.
"""

from __future__ import annotations

from typing import TypeAlias

import attrs


@attrs.frozen
class Sealed:
    """The digest of a text that lies outside the log: hex of SHA-256(salt ‖ UTF-8 NFC)."""

    digest: str


Words: TypeAlias = str | Sealed
"""Free text: plain in a person's hands, sealed in the log."""


@attrs.frozen(kw_only=True)
class Actor:
    """Who acts: a unit (or an outside superior), and the person, if one was named (a staff number or initials; sealed: a random id)."""

    unit: str
    person: str | None = None
