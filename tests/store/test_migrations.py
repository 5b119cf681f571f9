"""Migrations make the schema that the code declares; the projections are none of their business."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from store.layout import STAMP
from store.schema import log_side, projections
from tests.store.seasons import StoredSeason, opened


def test_the_migrations_make_what_the_schema_declares(season: StoredSeason) -> None:
    connection = season.desk._session.store.connection
    names = set(log_side.tables)

    context = MigrationContext.configure(
        connection, opts={"include_name": lambda name, kind, parents: kind != "table" or name in names, "compare_type": True}
    )
    assert compare_metadata(context, log_side) == []
    connection.rollback()


def test_every_table_is_the_logs_or_a_projection(season: StoredSeason) -> None:
    connection = season.desk._session.store.connection
    found = set(inspect(connection).get_table_names())
    connection.rollback()

    assert found - {"layout"} == set(log_side.tables) | set(projections.tables) | {"alembic_version"}


def test_a_store_says_how_it_is_laid_out_in_one_integer(season: StoredSeason) -> None:
    store = season.desk._session.store

    assert store.dialect.stamp(store.raw) == STAMP


def test_a_store_that_is_up_to_date_does_not_import_alembic(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    opened(path).desk.close()
    script = "import sys; from store.desk import Desk; Desk.open(sys.argv[1]).close(); print('alembic' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
