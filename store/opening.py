"""Opening a store that stands."""

from __future__ import annotations

from store.connection import Store
from store.dialects import dialect_for
from store.head import seasons, the_season
from store.projections import rebuild
from store.session import Session
from store.sources import Sources

WAIT = 30.0
"""Seconds to wait for another writer: an act takes milliseconds, so whoever waits this long waits for a program that hangs."""


def open_store(address: str, *, read_only: bool, wait: float = WAIT) -> Store:
    """An existing store, checked; its projections are brought up to date by whoever may write."""
    store = Store(dialect_for(address, read_only=read_only, wait=wait))
    try:
        store.start()
        if not store.layout_stands and not read_only:
            rebuild(store)
    except BaseException:
        store.close()
        raise
    return store


def open_session(address: str, season: str | None, sources: Sources, *, read_only: bool, wait: float = WAIT) -> Session:
    store = open_store(address, read_only=read_only, wait=wait)
    try:
        named = the_season(store, season)
        return Session(store, named, seasons(store)[named], sources)
    except BaseException:
        store.close()
        raise
