"""The tables. The log's side is kept for ever and only ever added to; the projections are dropped and rebuilt at will.

Whoever only reads and appends writes its statements itself and does not load this: the partial indexes alone make SQLAlchemy load
every dialect they name.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

WORDS: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Ordered by code points on every database, as in the log: a server's own collation would put other units first."""

log_side: Final = MetaData()
projections: Final = MetaData()


def _key(name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[object]:
    return Column(name, type_, primary_key=True, autoincrement=False)


def _text(name: str) -> Column[str]:
    return Column(name, WORDS, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


# (season, unit, version) is unique: of two clerks who read version 7, one writes 8 and the other is told who won.
log: Final = Table(
    "log",
    log_side,
    _key("season", WORDS),
    _key("seq", BigInteger),
    _text("unit"),
    _number("version"),
    _text("command"),
    _text("kind"),
    _text("effective_on"),
    _text("recorded_at"),
    Column("clock", WORDS),
    _text("actor_unit"),
    Column("person", WORDS),
    _bytes("leaf"),
    _bytes("leaf_hash"),
    UniqueConstraint("season", "unit", "version"),
)

# One row a season, and the only one of its log that changes. `season_version` and `joined` count season-wide events and units: whoever
# keeps plans or the tree in memory sees from them whether they still hold. `clock_day`: to where a rehearsal's clock was moved.
head: Final = Table(
    "head",
    log_side,
    _key("season", WORDS),
    _text("origin"),
    _number("size"),
    _bytes("frontier"),
    _text("last_recorded_at"),
    _number("season_version"),
    _number("joined"),
    Column("clock_day", WORDS),
)

# `digest` is of the request, keyed with `salt`, which goes when the words of the request are erased.
command: Final = Table(
    "command",
    log_side,
    _key("season", WORDS),
    _key("id", WORDS),
    _bytes("digest"),
    Column("salt", LargeBinary),
    _number("first_seq"),
    _number("last_seq"),
    _text("receipt"),
)

sealed: Final = Table(
    "sealed",
    log_side,
    _key("season", WORDS),
    _key("digest", WORDS),
    Column("salt", LargeBinary),
    Column("text", WORDS),
)

person: Final = Table(
    "person",
    log_side,
    _key("season", WORDS),
    _key("id", WORDS),
    Column("text", WORDS),
    UniqueConstraint("season", "text"),
)

definition: Final = Table(
    "definition",
    log_side,
    _key("digest", WORDS),
    _text("kind"),
    _bytes("content"),
    Column("source", WORDS),
)

# `ordinal` is the event by which the unit joined. `search`: its name without accents and capitals. `attention`: 1 when it takes more than
# its columns to say how it stands; `watch`: what its unconfirmed state changes rest on (`store.projections`).
unit_case: Final = Table(
    "unit_case",
    projections,
    _key("season", WORDS),
    _key("code", WORDS),
    _number("ordinal"),
    _number("version"),
    _text("name"),
    _text("search"),
    _text("level"),
    Column("parent", WORDS),
    Column("superior", WORDS),
    Column("block", WORDS),
    Column("pilot_of", WORDS),
    _text("tags"),
    _text("workflow"),
    _text("state"),
    _text("since"),
    Column("held", WORDS),
    Column("recognised", WORDS),
    _text("joined_on"),
    Column("left_on", WORDS),
    _text("roll"),
    Column("attention", Integer, nullable=False),
    _text("watch"),
    _bytes("body"),
)

award: Final = Table(
    "award",
    projections,
    _key("season", WORDS),
    _key("unit", WORDS),
    _key("milestone", WORDS),
    _key("seq", BigInteger),
    Column("parent", WORDS),
    Column("pilot_of", WORDS),
    _text("day"),
    Column("until", WORDS),
)

replaced: Final = Table("replaced", projections, _key("season", WORDS), _key("seq", BigInteger))

_pilots = unit_case.c.pilot_of.is_not(None)
Index("unit_case_children", unit_case.c.season, unit_case.c.parent, unit_case.c.joined_on, unit_case.c.left_on, unit_case.c.code)
Index("unit_case_pilots", unit_case.c.season, unit_case.c.pilot_of, sqlite_where=_pilots, postgresql_where=_pilots)
Index(
    "unit_case_board", unit_case.c.season, unit_case.c.level, unit_case.c.state, unit_case.c.left_on, unit_case.c.held,
    unit_case.c.recognised,
)  # fmt: skip
Index("unit_case_search", unit_case.c.season, unit_case.c.search)
_awarded = award.c.pilot_of.is_not(None)
Index("award_children", award.c.season, award.c.parent, award.c.milestone, award.c.day, award.c.until, award.c.unit)
Index(
    "award_pilots",
    award.c.season,
    award.c.pilot_of,
    award.c.milestone,
    award.c.day,
    sqlite_where=_awarded,
    postgresql_where=_awarded,
)
