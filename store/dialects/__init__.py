"""Which kind of database an address names. Another kind needs a module here and nothing elsewhere."""

from __future__ import annotations

from pathlib import Path

from store.dialects.base import Dialect
from store.errors import PackageMissing, UnknownStore

SERVED = ("sqlite", "postgresql")

_POSTGRESQL = ("postgresql://", "postgresql+psycopg://", "postgres://")


def dialect_for(address: str, *, read_only: bool = False, create: bool = False, wait: float) -> Dialect:
    """The dialect for a path or a URL. `wait`: seconds to wait for another writer."""
    from store.dialects.sqlite import SQLite

    if "://" not in address:
        return SQLite(Path(address), read_only=read_only, create=create, wait=wait)
    if address.startswith(_POSTGRESQL):
        return _postgresql(address, read_only=read_only, wait=wait)

    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except ArgumentError:
        raise UnknownStore(url=address, served=SERVED) from None
    if url.get_backend_name() != "sqlite":
        raise UnknownStore(url=url.render_as_string(hide_password=True), served=SERVED)
    in_memory = url.database in (None, "", ":memory:")
    return SQLite(None if in_memory else Path(str(url.database)), read_only=read_only, create=create, wait=wait)


def _postgresql(address: str, *, read_only: bool, wait: float) -> Dialect:
    try:
        from store.dialects.postgresql import PostgreSQL
    except ImportError as error:
        raise PackageMissing(package="psycopg", why="postgres", detail=str(error).splitlines()[0]) from error
    return PostgreSQL(address, read_only=read_only, wait=wait)
