"""Files as trees: a TOML file is read, some of its branches are cut, grafted or poisoned, and what is left is written as TOML again.

What is written is mostly TOML: the parser lets it through, and the checks behind it have to deal with it. A table is a list of pairs
here, so that it can hold a key twice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime, time
from random import Random
from typing import Any, Final, TypeAlias

from tests.fuzz import hostile
from tests.guards.generator import Generator

MOST_REPEATED: Final = 200
DEEPEST: Final = 40

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_EXPRESSIONS: Final = ("must", "should", "when")


class Table(list[list[Any]]):
    """Pairs of key and value."""


Place: TypeAlias = tuple[list[Any], int]
"""A list (an array's items, a table's pairs, or one pair) and where in it."""


def read(text: str) -> Table:
    return _tabled(tomllib.loads(text))  # type: ignore[no-any-return]  # a file is a table


def _tabled(value: Any) -> Any:
    if isinstance(value, dict):
        return Table([key, _tabled(inner)] for key, inner in value.items())
    return [_tabled(item) for item in value] if isinstance(value, list) else value


class Mutator:
    """Changes trees. `others`: more trees, to graft from."""

    def __init__(self, chance: Random, others: Sequence[Table]) -> None:
        self._chance = chance
        self._others = others
        self._expressions = Generator(chance.randrange(2**32))

    def mutated(self, tree: Table) -> Table:
        """A copy with one change, or a few, or many."""
        changed = deepcopy(tree)
        for _ in range(self._chance.choice((1, 1, 1, 2, 3, 10))):
            places = list(_places(changed))
            if places:
                self._chance.choice(self._changes)(self, changed, self._chance.choice(places))
        return changed

    def _drop(self, tree: Table, place: Place) -> None:
        around, at = place
        del around[at]

    def _rename(self, tree: Table, place: Place) -> None:
        around, at = place
        if isinstance(around, Table):
            key = around[at][0]
            around[at][0] = hostile.respelled(key, self._chance) if self._chance.randrange(3) else hostile.word(self._chance)

    def _twice(self, tree: Table, place: Place) -> None:
        around, at = place
        around.insert(self._chance.randint(0, len(around)), deepcopy(around[at]))

    def _often(self, tree: Table, place: Place) -> None:
        around, at = place
        if not isinstance(around, Table):
            around.extend(deepcopy(around[at]) for _ in range(self._chance.randint(2, MOST_REPEATED)))
            return
        key, value = around[at]
        around.extend([f"{key}-{n}", deepcopy(value)] for n in range(self._chance.randint(2, MOST_REPEATED)))

    def _poison(self, tree: Table, place: Place) -> None:
        _put(place, hostile.scalar(self._chance))

    def _respell(self, tree: Table, place: Place) -> None:
        value = _taken(place)
        if isinstance(value, str):
            _put(place, hostile.respelled(value, self._chance))

    def _nudge(self, tree: Table, place: Place) -> None:
        """A value of the right type that is another one."""
        value = _taken(place)
        if isinstance(value, bool):
            _put(place, not value)
        elif isinstance(value, int):
            _put(place, value + self._chance.choice((-1, 1, -1000, 1000)))
        elif isinstance(value, date):
            _put(place, value.replace(year=self._chance.choice((1899, 1900, 2020, 2022, 2199, 2200)), day=1))

    def _nest(self, tree: Table, place: Place) -> None:
        value = _taken(place)
        for _ in range(self._chance.choice((1, 1, 5, 11, 12, 13, DEEPEST))):
            value = Table([["x", value]]) if self._chance.randrange(2) else [value]
        _put(place, value)

    def _swap(self, tree: Table, place: Place) -> None:
        """Two values change places: a name that exists, where another belongs."""
        other = self._chance.choice(list(_places(tree)))
        one, two = deepcopy(_taken(place)), deepcopy(_taken(other))
        _put(place, two)
        _put(other, one)

    def _rename_to_another(self, tree: Table, place: Place) -> None:
        names = [around[at][0] for around, at in _places(tree) if isinstance(around, Table)]
        around, at = place
        if isinstance(around, Table):
            around[at][0] = self._chance.choice(names)

    def _graft(self, tree: Table, place: Place) -> None:
        places = list(_places(self._chance.choice(self._others)))
        around, at = self._chance.choice(places)
        if isinstance(around, Table) and isinstance(place[0], Table) and self._chance.randrange(2):
            place[0].append(deepcopy(around[at]))
        else:
            _put(place, deepcopy(_taken((around, at))))

    def _re_express(self, tree: Table, place: Place) -> None:
        """Another expression where one stands: any at all, or one that another place needs."""
        written = [p for p in _places(tree) if isinstance(p[0], Table) and p[0][p[1]][0] in _EXPRESSIONS]
        if written:
            theirs = str(_taken(self._chance.choice(written)))
            _put(self._chance.choice(written), self._chance.choice((self._expressions.expression(), theirs, f"!({theirs})")))

    def _cut_a_section(self, tree: Table, place: Place) -> None:
        sections = [at for at, (_, value) in enumerate(tree) if isinstance(value, list) and value]
        if sections:
            inside = tree[self._chance.choice(sections)][1]
            del inside[: self._chance.randint(1, len(inside))]

    def _shuffle(self, tree: Table, place: Place) -> None:
        self._chance.shuffle(place[0])

    _changes: Final[tuple[Callable[[Mutator, Table, Place], None], ...]] = (
        *(_drop, _rename, _twice, _often, _poison, _poison, _respell, _respell, _nudge, _nudge, _nest, _swap, _swap),
        *(_rename_to_another, _graft, _re_express, _re_express, _cut_a_section, _shuffle),
    )


def _places(value: Any) -> Iterator[Place]:
    """Everywhere in a tree where something stands."""
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield value, at
            yield from _places(item[1] if isinstance(value, Table) else item)


def _taken(place: Place) -> Any:
    around, at = place
    return around[at][1] if isinstance(around, Table) else around[at]


def _put(place: Place, value: Any) -> None:
    around, at = place
    if at >= len(around):
        return
    if isinstance(around, Table):
        around[at][1] = value
    else:
        around[at] = value


# Writing


def write(tree: Table, chance: Random) -> str:
    """A tree as TOML, in one of the many ways in which it can be written."""
    return "\n".join(_table_lines(tree, (), chance)) + "\n"


def _table_lines(table: Table, path: tuple[str, ...], chance: Random) -> Iterator[str]:
    later = []
    for key, value in table:
        if _is_section(value) and chance.randrange(4):
            later.append((key, value))
        else:
            yield f"{_key(key, chance)} = {_inline(value, chance)}"
    for key, value in later:
        inner = (*path, _key(key, chance))
        for one in [value] if isinstance(value, Table) else value:
            yield f"[{'.'.join(inner)}]" if isinstance(value, Table) else f"[[{'.'.join(inner)}]]"
            yield from _table_lines(one, inner, chance)


def _is_section(value: Any) -> bool:
    """Whether it may stand under a header of its own: a table, or a list of tables alone."""
    return isinstance(value, Table) or (
        isinstance(value, list) and bool(value) and all(isinstance(item, Table) for item in value)
    )


def _key(key: str, chance: Random) -> str:
    return key if _BARE.fullmatch(key) and chance.randrange(20) else _string(key, chance)


def _inline(value: Any, chance: Random) -> str:
    if isinstance(value, Table):
        return "{" + ", ".join(f"{_key(k, chance)} = {_inline(v, chance)}" for k, v in value) + "}"
    if isinstance(value, list):
        between = ",\n  " if chance.randrange(3) == 0 else ", "
        return "[" + between.join(_inline(item, chance) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, str):
        return _string(value, chance)
    return _number(value)


def _number(value: float) -> str:
    if isinstance(value, int):
        return hex(value) if value >= 10**4000 else str(value)
    return repr(value)


_LITERAL: Final = re.compile(r"[^'\x00-\x08\x0a-\x1f\x7f]*")


def _string(text: str, chance: Random) -> str:
    if chance.randrange(4) == 0 and _LITERAL.fullmatch(text):
        return f"'{text}'"
    escapes = chance.randrange(8) > 0
    return '"' + "".join(_character(c, escapes=escapes) for c in text) + '"'


def _character(one: str, *, escapes: bool) -> str:
    if one in '"\\':
        return f"\\{one}"
    if escapes and (ord(one) < 32 or 0x7F <= ord(one) < 0xA0 or 0xD800 <= ord(one) < 0xE000):
        return f"\\u{ord(one):04x}"
    return one
