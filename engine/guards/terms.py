"""A guard whose names have been looked up: what the evaluator walks. `node` is the text a term came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import attrs

from engine.guards.names import Type
from engine.guards.syntax import Conjunction, Node
from engine.readings import Path
from engine.values import Value


@attrs.frozen(eq=False)
class Const:
    node: Node
    type: Type
    value: Value


@attrs.frozen(eq=False)
class Read:
    """The value at a path. `choices`: the words a string may be, if it is limited."""

    node: Node
    type: Type
    path: Path
    choices: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Has:
    """Whether the value at a path is known: never unknown itself."""

    node: Node
    path: Path
    type: Type = "bool"


@attrs.frozen(eq=False)
class Apply:
    """An operator or a function of the table, on operands that are all needed."""

    node: Node
    type: Type
    operator: str
    operands: tuple[Term, ...]


@attrs.frozen(eq=False)
class OneOf:
    """``needle in [items]``"""

    node: Node
    needle: Term
    items: tuple[Term, ...]
    type: Type = "bool"


@attrs.frozen(eq=False)
class Logic:
    node: Node
    operator: Conjunction
    parts: tuple[Term, ...]
    type: Type = "bool"


@attrs.frozen(eq=False)
class Choose:
    node: Node
    type: Type
    condition: Term
    yes: Term
    no: Term


@attrs.frozen(eq=False)
class Broken:
    """What cannot be computed. A checked guard has none; a term that was not checked gives `reason` as its error."""

    node: Node
    reason: str
    type: Type = "dyn"


Term: TypeAlias = Const | Read | Has | Apply | OneOf | Logic | Choose | Broken


def parts_of(term: Term) -> tuple[Term, ...]:
    """The terms directly below one, in the order of the text."""
    match term:
        case Apply():
            return term.operands
        case OneOf():
            return (term.needle, *term.items)
        case Logic():
            return term.parts
        case Choose():
            return (term.condition, term.yes, term.no)
        case _:
            return ()


def negated(term: Term) -> Term | None:
    """What stands under a ``!``."""
    return term.operands[0] if isinstance(term, Apply) and term.operator == "!" else None


def sames(term: Term, *, wanted: bool) -> tuple[tuple[tuple[Term, bool], ...], ...]:
    """``a == b`` and ``a != b`` of two bools, case by case; nothing for any other term."""
    if not isinstance(term, Apply) or term.operator not in ("==", "!=") or {o.type for o in term.operands} != {"bool"}:
        return ()
    left, right = term.operands
    same = wanted is (term.operator == "==")
    return tuple(((left, value), (right, value is same)) for value in (True, False))


def walk(term: Term) -> Iterator[Term]:
    """A term and all below it, in the order of the text."""
    yield term
    for part in parts_of(term):
        yield from walk(part)


def paths(term: Term) -> tuple[Path, ...]:
    """Every path that is read, each once, in the order of first reading."""
    return tuple(dict.fromkeys(t.path for t in walk(term) if isinstance(t, Read | Has)))
