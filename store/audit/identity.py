"""Which log it is: the name under which it signs, made of what it is, so that no two logs share one.

The season and the origin are for people; the hash of the first leaf is what tells two logs of one season apart. A copy has the name of what
it was copied from: where the two go on differently, a witness sees two continuations of one log.
"""

from __future__ import annotations

from urllib.parse import quote

from engine.merkle import leaf_hash
from store.connection import Store, as_bytes
from store.session import Session

_FIRST = "SELECT leaf FROM log WHERE season = ? ORDER BY seq LIMIT 1"
_DIGITS = 32


def log_name(session: Session) -> str:
    """`daihoi/SEASON/ORIGIN/` and half the hash of the first leaf."""
    return name_of(session.season, session.origin, first_hash(session.store, session.season))


def first_hash(store: Store, season: str) -> str:
    row = store.row(_FIRST, (season,))
    return "" if row is None else leaf_hash(as_bytes(row[0])).hex()


def name_of(season: str, origin: str, genesis: str) -> str:
    return "/".join(("daihoi", quote(season, safe=""), quote(origin, safe=""), genesis[:_DIGITS]))
