"""Text that is not of the format it should be, and the few pieces that all the formats share."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final, Literal, TypeAlias

import attrs

Form: TypeAlias = Literal["note", "checkpoint", "proof", "request", "policy", "vkey", "key", "state"]

GREATEST: Final = 2**63 - 1
"""The largest size, index and timestamp that the formats take."""

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@attrs.define
class Malformed(ValueError):
    """`form`: what it should have been; `fault`: a code of the catalogue (`malformed.*`); `line`: where, from 1, where that is known."""

    form: Form
    fault: str
    line: int | None = None

    def __str__(self) -> str:
        return f"not a {self.form}: {self.fault} (line {self.line})"


def number(text: str, form: Form, line: int | None = None) -> int:
    """ASCII decimal without leading noughts."""
    if not _NUMBER.fullmatch(text) or int(text) > GREATEST:
        raise Malformed(form, "number", line)
    return int(text)


def base64_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str, form: Form, line: int | None = None) -> bytes:
    """RFC 4648 §4, written the one way there is: padded, nothing between, no stray bits at the end."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise Malformed(form, "base64", line) from None
    if base64_of(found) != text:
        raise Malformed(form, "base64", line)
    return found


def hash_of(text: str, form: Form, line: int | None = None) -> bytes:
    """A SHA-256 hash in base64."""
    found = from_base64(text, form, line)
    if len(found) != 32:  # noqa: PLR2004 - bytes of SHA-256
        raise Malformed(form, "hash", line)
    return found
