"""Which unit a person means, and which units there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import nlargest
from typing import TYPE_CHECKING

import attrs

from engine.case import Case
from store.errors import AmbiguousUnit
from store.names import composed, searchable
from store.session import Session

if TYPE_CHECKING:  # a board needs none of these at run time
    from engine.commands import OpenSeason
    from engine.refusals import UnknownUnit

_NEAREST = 5
_LIKELY = 500
"""Names that are compared in earnest; a season that has no more is compared as a whole."""

_BY_NAME = "SELECT code, name FROM unit_case WHERE season = ? AND search = ? ORDER BY ordinal"
_BELOW = (
    "WITH RECURSIVE below (code) AS (SELECT code FROM unit_case WHERE season = ? AND parent = ?"
    " UNION ALL SELECT u.code FROM unit_case u JOIN below b ON u.parent = b.code WHERE u.season = ?)"
)


def case_of(session: Session, unit: str) -> Case:
    """The case of a unit. Raises UnknownUnit with the codes that look like it."""
    with session.reading() as world:
        case = world.case(unit)
        if case is None:
            raise unknown_unit(session, unit)
        return case


def find_unit(session: Session, text: str) -> str:
    """The code for a code or a name: with or without accents, in capitals or not, composed or decomposed."""
    if not text.isprintable():  # half a character, as a shell may hand over, could not even be asked for
        from engine.texts import check_text

        check_text(text, "unit")
    with session.reading() as world:
        wanted = text.strip()
        for code in (wanted, wanted.casefold()):
            if world.unit(code) is not None:
                return code
        rows = session.store.rows(_BY_NAME, (session.season, searchable(wanted)))
        if not rows:
            raise unknown_unit(session, text, wanted)
        exact = [code for code, name in rows if composed(name) == composed(wanted)]
        found = exact or [code for code, _ in rows]
        if len(found) > 1:
            raise AmbiguousUnit(unit=text, codes=tuple(found))
        return str(found[0])


def unknown_unit(session: Session, asked: str, wanted: str | None = None) -> UnknownUnit:
    """The refusal of what nobody is called, with the codes that look like it. `wanted`: what was asked for, without what is around it."""
    from engine.refusals import UnknownUnit

    return UnknownUnit(unit=asked, near=nearest(session, asked if wanted is None else wanted))


def with_near(session: Session, error: UnknownUnit) -> UnknownUnit:
    """The refusal of a unit that nobody knows, with the codes that look like it, outside superiors among them."""
    if error.near:
        return error
    with session.reading() as world:
        return attrs.evolve(error, near=nearest(session, error.unit, sorted(world.superiors())))


def with_near_of(opening: OpenSeason, error: UnknownUnit) -> UnknownUnit:
    """The same of a season that is not there yet."""
    known = (code for unit in opening.units for code in (unit.code, unit.superior) if code is not None)
    return attrs.evolve(error, near=closest(error.unit, {code: code for code in known}))


def nearest(session: Session, text: str, besides: Iterable[str] = ()) -> tuple[str, ...]:
    """The codes whose own spelling or name comes nearest. `besides`: codes of outside superiors, who are no units."""
    spelled: dict[str, str] = {}
    for code, search in session.store.rows(
        "SELECT code, search FROM unit_case WHERE season = ? ORDER BY ordinal", (session.season,)
    ):
        spelled.setdefault(search, code)
        spelled.setdefault(code, code)
    return closest(text, {**spelled, **{code: code for code in besides}})


def closest(text: str, spelled: Mapping[str, str]) -> tuple[str, ...]:
    """The codes of the spellings that come nearest to a text."""
    from difflib import get_close_matches

    wanted = searchable(text)
    near = get_close_matches(wanted, _likely(wanted, spelled), n=_NEAREST, cutoff=0.6)
    return tuple(dict.fromkeys(spelled[name] for name in near))


def _likely(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that share most pairs of letters with a text: to compare all of a country's in earnest would take fifteen times as long."""
    pairs = {wanted[place : place + 2] for place in range(len(wanted) - 1)} or {wanted}
    return nlargest(_LIKELY, names, key=lambda name: sum([pair in name for pair in pairs]) / (len(wanted) + len(name) + 1))


def codes(session: Session, under: str | None, level: str | None) -> list[str]:
    with session.reading():
        statement, values = below(session.season, under)
        statement += " AND left_on IS NULL"
        if level is not None:
            statement, values = f"{statement} AND level = ?", (*values, level)
        return [code for (code,) in session.store.rows(f"{statement} ORDER BY ordinal", values)]


def below(season: str, under: str | None, columns: str = "code") -> tuple[str, tuple[str, ...]]:
    """A query over the units of a season, or over those below one, up to its WHERE."""
    if under is None:
        return f"SELECT {columns} FROM unit_case WHERE season = ?", (season,)
    statement = f"{_BELOW} SELECT {columns} FROM unit_case WHERE season = ? AND code IN (SELECT code FROM below)"
    return statement, (season, under, season, season)
