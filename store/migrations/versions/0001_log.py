"""The log, its head, commands, sealed texts, persons and definitions, and what protects them."""

from __future__ import annotations

from alembic import context, op
from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log",
        Column("season", Text, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("unit", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("command", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("effective_on", Text, nullable=False),
        Column("recorded_at", Text, nullable=False),
        Column("clock", Text),
        Column("actor_unit", Text, nullable=False),
        Column("person", Text),
        Column("leaf", LargeBinary, nullable=False),
        Column("leaf_hash", LargeBinary, nullable=False),
        PrimaryKeyConstraint("season", "seq"),
        UniqueConstraint("season", "unit", "version"),
    )
    op.create_table(
        "head",
        Column("season", Text, nullable=False),
        Column("origin", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("frontier", LargeBinary, nullable=False),
        Column("last_recorded_at", Text, nullable=False),
        Column("season_version", BigInteger, nullable=False),
        Column("joined", BigInteger, nullable=False),
        Column("clock_day", Text),
        PrimaryKeyConstraint("season"),
    )
    op.create_table(
        "command",
        Column("season", Text, nullable=False),
        Column("id", Text, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("salt", LargeBinary),
        Column("first_seq", BigInteger, nullable=False),
        Column("last_seq", BigInteger, nullable=False),
        Column("receipt", Text, nullable=False),
        PrimaryKeyConstraint("season", "id"),
    )
    op.create_table(
        "sealed",
        Column("season", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("salt", LargeBinary),
        Column("text", Text),
        PrimaryKeyConstraint("season", "digest"),
    )
    op.create_table(
        "person",
        Column("season", Text, nullable=False),
        Column("id", Text, nullable=False),
        Column("text", Text),
        PrimaryKeyConstraint("season", "id"),
        UniqueConstraint("season", "text"),
    )
    op.create_table(
        "definition",
        Column("digest", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("source", Text),
        PrimaryKeyConstraint("digest"),
    )
    for statement in context.config.attributes["dialect"].triggers().values():
        op.execute(statement)
