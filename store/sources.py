"""Where time and chance come from: one injected source for clocks, salts and ids.

Nothing else in the program asks the machine for them, so a rehearsal with a seed gives the same bytes each time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count

import attrs

SALT_BYTES = 16


@attrs.frozen(kw_only=True)
class Sources:
    """`clock`: the instant, with its time zone. `salt`: 16 bytes nobody can guess. `new_id`: an id nobody has had."""

    clock: Callable[[], datetime]
    salt: Callable[[], bytes]
    new_id: Callable[[], str]


def system_sources() -> Sources:
    """The machine's clock and its random numbers."""
    from secrets import token_bytes

    return Sources(clock=_now, salt=lambda: token_bytes(SALT_BYTES), new_id=lambda: _uuid(token_bytes(16)))


def seeded_sources(seed: int | str, clock: Callable[[], datetime] | None = None) -> Sources:
    """For rehearsals: salts and ids that follow from a seed."""
    salts, ids = count(), count()
    return Sources(
        clock=clock or _now,
        salt=lambda: _derived(seed, "salt", next(salts)),
        new_id=lambda: _uuid(_derived(seed, "id", next(ids))),
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _derived(seed: int | str, what: str, number: int) -> bytes:
    return sha256(f"{seed}/{what}/{number}".encode()).digest()[:SALT_BYTES]


def _uuid(raw: bytes) -> str:
    """16 bytes as a UUID of version 4, without importing the library for it."""
    marked = bytearray(raw)
    marked[6] = marked[6] & 0x0F | 0x40
    marked[8] = marked[8] & 0x3F | 0x80
    text = marked.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
