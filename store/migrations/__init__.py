"""Migrations of the log's side: they only ever add to it. Alembic finds them by their path."""
