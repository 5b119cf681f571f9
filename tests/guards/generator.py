"""Random expressions, well typed, that love the edges of 64 bits, zero divisors and names that nobody bound.

A seed gives the same expressions for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from engine.guards.names import Type

BOUND: Final[Mapping[str, bool | int | str]] = {
    "i": 7,
    "j": -3,
    "zero": 0,
    "most": 2**63 - 1,
    "least": -(2**63),
    "yes": True,
    "no": False,
    "word": "hold",
    "blank": "",
}
UNBOUND: Final[Mapping[str, Type]] = {"n": "int", "maybe": "bool", "text": "string"}

_RELATIONS: Final = ("<", "<=", ">", ">=", "==", "!=")
_INTS: Final = (
    "0",
    "1",
    "2",
    "3",
    "10",
    "-1",
    "-7",
    "0x1F",
    "9223372036854775807",
    "-9223372036854775808",
    "4611686018427387904",
)
_STRINGS: Final = ("''", '"a"', "'hold'", r'"\x41b"', "r'\\n'", "'''it's'''")


class Generator:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def expression(self) -> str:
        """An expression of any type."""
        kind = self._random.choice((self.a_bool, self.a_bool, self.a_bool, self.an_int, self.a_string))
        return kind(self._random.randint(1, 4))

    def a_bool(self, depth: int) -> str:
        if depth <= 0:
            return self._pick(("true", "false", "yes", "no", "yes", "no", "yes", "no", "maybe"))
        return self._one_of(self._relation, self._relation, self._chain, self._chain, self._not, self._choice_of_bool, self._in)(
            depth - 1
        )

    def an_int(self, depth: int) -> str:
        if depth <= 0:
            return self._pick((*_INTS, "i", "j", "zero", "zero", "zero", "most", "least", "n"))
        return self._one_of(self._arithmetic, self._arithmetic, self._negation, self._size, self._choice_of_int)(depth - 1)

    def a_string(self, depth: int) -> str:
        if depth <= 0:
            return self._pick((*_STRINGS, "word", "blank", "word", "text"))
        return self._one_of(self._joined, self._choice_of_string)(depth - 1)

    def _pick(self, words: tuple[str, ...]) -> str:
        return self._random.choice(words)

    def _one_of(self, *makers: Callable[[int], str]) -> Callable[[int], str]:
        return self._random.choice(makers)

    def _relation(self, depth: int) -> str:
        kind = self._one_of(self.an_int, self.an_int, self.an_int, self.a_string, self.a_bool)
        return f"({kind(depth)} {self._pick(_RELATIONS)} {kind(depth)})"

    def _chain(self, depth: int) -> str:
        operator = self._pick((" && ", " || "))
        kinds = (self._relation, self.a_bool, self.a_bool)
        return f"({operator.join(self._one_of(*kinds)(depth) for _ in range(self._random.randint(2, 4)))})"

    def _not(self, depth: int) -> str:
        return f"!({self.a_bool(depth)})"

    def _in(self, depth: int) -> str:
        kind = self._one_of(self.an_int, self.a_string, self.a_bool)
        items = ", ".join(kind(depth) for _ in range(self._random.randint(0, 3)))
        return f"({kind(depth)} in [{items}])"

    def _arithmetic(self, depth: int) -> str:
        return f"({self.an_int(depth)} {self._pick(('+', '-', '*', '*', '/', '/', '%', '%'))} {self.an_int(depth)})"

    def _negation(self, depth: int) -> str:
        return f"-({self.an_int(depth)})"

    def _size(self, depth: int) -> str:
        return f"size({self.a_string(depth)})"

    def _joined(self, depth: int) -> str:
        return f"({self.a_string(depth)} + {self.a_string(depth)})"

    def _choice_of_bool(self, depth: int) -> str:
        return f"({self.a_bool(depth)} ? {self.a_bool(depth)} : {self.a_bool(depth)})"

    def _choice_of_int(self, depth: int) -> str:
        return f"({self.a_bool(depth)} ? {self.an_int(depth)} : {self.an_int(depth)})"

    def _choice_of_string(self, depth: int) -> str:
        return f"({self.a_bool(depth)} ? {self.a_string(depth)} : {self.a_string(depth)})"
