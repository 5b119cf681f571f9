"""Migrations of the log's side. Nothing here runs in a store that is up to date, so nobody else pays for importing alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from store.dialects.base import Dialect


def upgrade(connection: Connection, dialect: Dialect, to: str = "head") -> None:
    """Bring the log's side up to date, inside the transaction that is open."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes.update(connection=connection, dialect=dialect)
    command.upgrade(config, to)
