"""The log, its head, commands, sealed texts, persons and definitions, and what protects them."""

from __future__ import annotations

from alembic import context, op
from sqlalchemy import BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WORDS = Text().with_variant(Text(collation="C"), "postgresql")
"""Ordered by code points on every database."""


def upgrade() -> None:
    op.create_table(
        "log",
        Column("season", WORDS, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("unit", WORDS, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("command", WORDS, nullable=False),
        Column("kind", WORDS, nullable=False),
        Column("effective_on", WORDS, nullable=False),
        Column("recorded_at", WORDS, nullable=False),
        Column("clock", WORDS),
        Column("actor_unit", WORDS, nullable=False),
        Column("person", WORDS),
        Column("leaf", LargeBinary, nullable=False),
        Column("leaf_hash", LargeBinary, nullable=False),
        PrimaryKeyConstraint("season", "seq"),
        UniqueConstraint("season", "unit", "version"),
    )
    op.create_table(
        "head",
        Column("season", WORDS, nullable=False),
        Column("origin", WORDS, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("frontier", LargeBinary, nullable=False),
        Column("last_recorded_at", WORDS, nullable=False),
        Column("season_version", BigInteger, nullable=False),
        Column("joined", BigInteger, nullable=False),
        Column("clock_day", WORDS),
        PrimaryKeyConstraint("season"),
    )
    op.create_table(
        "command",
        Column("season", WORDS, nullable=False),
        Column("id", WORDS, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("salt", LargeBinary),
        Column("first_seq", BigInteger, nullable=False),
        Column("last_seq", BigInteger, nullable=False),
        Column("receipt", WORDS, nullable=False),
        PrimaryKeyConstraint("season", "id"),
    )
    op.create_table(
        "sealed",
        Column("season", WORDS, nullable=False),
        Column("digest", WORDS, nullable=False),
        Column("salt", LargeBinary),
        Column("text", WORDS),
        PrimaryKeyConstraint("season", "digest"),
    )
    op.create_table(
        "person",
        Column("season", WORDS, nullable=False),
        Column("id", WORDS, nullable=False),
        Column("text", WORDS),
        PrimaryKeyConstraint("season", "id"),
        UniqueConstraint("season", "text"),
    )
    op.create_table(
        "definition",
        Column("digest", WORDS, nullable=False),
        Column("kind", WORDS, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("source", WORDS),
        PrimaryKeyConstraint("digest"),
    )
    for statement in context.config.attributes["dialect"].triggers().values():
        op.execute(statement)
