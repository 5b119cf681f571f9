"""The syntax tree of a guard: what was written, before any name has a meaning.

`column` is where a reader should look, counted from 1: the operator of an operation, the last word of a dotted name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import attrs

from engine.guards.problems import Problem

Sign: TypeAlias = Literal["!", "-"]
Conjunction: TypeAlias = Literal["&&", "||"]


@attrs.frozen
class Constant:
    """A literal, with the text it was written as."""

    column: int
    value: bool | int | str
    text: str


@attrs.frozen
class Name:
    column: int
    name: str


@attrs.frozen
class Select:
    """``target.name``"""

    column: int
    target: Node
    name: str


@attrs.frozen
class Call:
    """``name(…)``, or ``target.name(…)``."""

    column: int
    target: Node | None
    name: str
    arguments: tuple[Node, ...]


@attrs.frozen
class Unary:
    column: int
    operator: Sign
    operand: Node


@attrs.frozen
class Binary:
    """Arithmetic, a comparison, or ``in``."""

    column: int
    operator: str
    left: Node
    right: Node


@attrs.frozen
class Logic:
    """A whole chain of ``&&`` or of ``||``: however long, it is one level deep."""

    column: int
    operator: Conjunction
    parts: tuple[Node, ...]


@attrs.frozen
class Choose:
    """``condition ? yes : no``"""

    column: int
    condition: Node
    yes: Node
    no: Node


@attrs.frozen
class Sequence:
    """``[…]``, which may stand after ``in`` only."""

    column: int
    items: tuple[Node, ...]


@attrs.frozen
class Mistaken:
    """A word that cannot stand: a broken literal, a reserved word, or good CEL of a part that guards leave out."""

    column: int
    text: str
    problems: tuple[Problem, ...]


Node: TypeAlias = Constant | Name | Select | Call | Unary | Binary | Logic | Choose | Sequence | Mistaken

_LEVELS: Final = {"||": 2, "&&": 3, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6}
_RELATION: Final = 4


def parts_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one, in the order of the text."""
    match node:
        case Select():
            return (node.target,)
        case Call():
            return node.arguments if node.target is None else (node.target, *node.arguments)
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Logic():
            return node.parts
        case Choose():
            return (node.condition, node.yes, node.no)
        case Sequence():
            return node.items
        case _:
            return ()


def walk(tree: Node) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, without recursion: a text may nest deeper than Python's stack."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((part, depth + 1) for part in reversed(parts_of(node)))


def spell(node: Node) -> str:  # noqa: PLR0911 - one case for each kind of node
    """The text of a node, with even spacing and only the brackets it needs."""
    match node:
        case Constant() | Mistaken():
            return node.text
        case Name():
            return node.name
        case Select():
            return f"{_inside(node.target, 8)}.{node.name}"
        case Call():
            target = "" if node.target is None else f"{_inside(node.target, 8)}."
            return f"{target}{node.name}({_listed(node.arguments)})"
        case Unary():
            return f"{node.operator}{_inside(node.operand, 7 if _same_sign(node) else 8)}"
        case Binary():
            level = _level(node)
            return f"{_inside(node.left, level)} {node.operator} {_inside(node.right, level + 1)}"
        case Logic():
            return f" {node.operator} ".join(_inside(part, _level(node) + 1) for part in node.parts)
        case Choose():
            return f"{_inside(node.condition, 2)} ? {_inside(node.yes, 2)} : {spell(node.no)}"
        case Sequence():
            return f"[{_listed(node.items)}]"


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(spell(node) for node in nodes)


def _same_sign(node: Unary) -> bool:
    """``!!a`` and ``--a`` are CEL, ``!-a`` is not."""
    return isinstance(node.operand, Unary) and node.operand.operator == node.operator


def _level(node: Node) -> int:
    match node:
        case Choose():
            return 1
        case Logic() | Binary():
            return _LEVELS.get(node.operator, _RELATION)
        case Unary():
            return 7
        case _:
            return 8


def _inside(node: Node, least: int) -> str:
    text = spell(node)
    return text if _level(node) >= least else f"({text})"
