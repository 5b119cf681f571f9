"""A file's bytes, spoiled without knowing what they mean."""

from __future__ import annotations

from random import Random


def edited(chance: Random, content: bytes) -> bytes:
    """Some bytes flipped, lost, doubled, or the line ends of another system."""
    if not content:
        return b"\n"
    at = chance.randrange(len(content))
    return chance.choice(
        [
            content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :],
            content[:at] + content[at + 1 :],
            content[:at] + content[at : at + 1] + content[at:],
            content[:at],
            content + b"\n",
            content.rstrip(b"\n"),
            content.replace(b"\n", b"\r\n"),
            content + content,
            b"",
        ]
    )
