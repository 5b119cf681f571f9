"""The name that was probably meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

_MOST: Final = 3
_MANY: Final = 2_000


def folded(name: str) -> str:
    """A name without case, accents and joints: "Tây Hồ", "tay ho" and "tay-ho" are one."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(c for c in letters if c.isalnum())


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the known names that look like one, the likeliest first."""
    import difflib

    wanted = folded(name[:80])
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(folded(candidate), candidate)
    if wanted in by_fold:
        return (by_fold[wanted],)
    # comparing is slow: of a city's thousands of units only those that begin alike are looked at
    looked_at = by_fold if len(by_fold) <= _MANY else [f for f in by_fold if f[:2] == wanted[:2]][:_MANY]
    return tuple(by_fold[f] for f in difflib.get_close_matches(wanted, looked_at, n=_MOST, cutoff=0.6))
