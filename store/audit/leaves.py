"""The leaf hashes of a log, worked out from the leaves themselves: what stands in the columns is for `verify` to compare."""

from __future__ import annotations

from collections.abc import Iterator

from engine.merkle import Frontier, leaf_hash
from store.connection import Store, as_bytes
from store.log import first_leaves


def leaf_hashes(store: Store, season: str, size: int) -> Iterator[bytes]:
    """Of the first so many events, inside a transaction."""
    return (leaf_hash(as_bytes(leaf)) for leaf in first_leaves(store, season, size))


def root_at(store: Store, season: str, size: int) -> bytes | None:
    """The root of the first so many events; None where there are fewer."""
    frontier = Frontier().extend(leaf_hashes(store, season, size))
    return frontier.root() if frontier.size == size else None
