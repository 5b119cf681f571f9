"""Check codes: where a log stands, short enough to be written on paper and read out over the telephone.

``9748-7K3M-9QXA-B2CD-EFGH-MY`` is the size in decimal, then the first 80 bits of the RFC 6962 root over that many leaves, then two check
symbols. The symbols are Crockford's 32: no I, L, O, U. Read back, letters may be small, I and L are 1, O is 0, and hyphens (whichever an
editor made of them) and spaces say nothing: the last two symbols are the check, the sixteen before them the root, the rest is the size.

The check symbols are those of a Reed-Solomon code over GF(32): every error in one or two symbols is found, whichever they are, so every
two that changed places too; of other mistakes (a symbol left out, three wrong ones) 1,023 of 1,024. A symbol of the check is like any
other, so nothing is read in two ways, as it could be with the 36 of ISO/IEC 7064.

80 bits: whoever wants to *change* a past whose code somebody holds would have to try 2^80 others, and nobody can. Whoever prepares *two*
pasts before any code is given out tries 2^40, and that is an afternoon's work for the office that writes the log; against that a signed
checkpoint stands, which has the whole root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import attrs

from engine.errors import DaihoiError

_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {
    **{written: value for value, symbol in enumerate(_SYMBOLS) for written in (symbol, symbol.lower())},
    **dict.fromkeys("IiLl", 1),
    **dict.fromkeys("Oo", 0),
}
_HYPHENS: Final = "-\N{SOFT HYPHEN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_BETWEEN: Final = frozenset(" \t\r\n\N{NO-BREAK SPACE}" + _HYPHENS)

_GROUP: Final = 4
_OF_ROOT: Final = 16
_CHECKS: Final = 2
_BITS: Final = 5
ROOT_BYTES: Final = _OF_ROOT * _BITS // 8

# In GF(32) no two of 31 places weigh the same; with a 32nd, two wrong symbols could cancel each other out.
_LONGEST: Final = 31
_SHORTEST: Final = 1 + _OF_ROOT + _CHECKS
GREATEST_SIZE: Final = 10 ** (_LONGEST - _OF_ROOT - _CHECKS) - 1


@attrs.define(kw_only=True)
class NotACheckCode(DaihoiError):
    """A text is no check code, or one with a typing error. It says nothing about any log.

    `why`: a `symbol` that none has (`found`), too `short`, too `long`, no `size` in front; or all that is right, and the two check symbols
    do not fit the others (`typed`).
    """

    code: ClassVar[str] = "E-CHECK-CODE"
    exit_code: ClassVar[int] = 2

    text: str
    why: str
    found: str = ""


@attrs.frozen(order=True)
class CheckCode:
    """`size`: how many events; `root`: the first 80 bits of the root over them."""

    size: int
    root: bytes

    @classmethod
    def of(cls, size: int, root: bytes) -> CheckCode:
        """Of a log of so many events with this root."""
        if not 0 < size <= GREATEST_SIZE:
            raise ValueError(f"no check code for {size} events")
        return cls(size, root[:ROOT_BYTES])

    def fits(self, root: bytes) -> bool:
        """Whether a log of this size with this root is the one that the code was made of."""
        return root[:ROOT_BYTES] == self.root

    def __str__(self) -> str:
        number = int.from_bytes(self.root)
        of_root = [number >> _BITS * place & 31 for place in reversed(range(_OF_ROOT))]
        values = [*map(int, str(self.size)), *of_root]
        return _grouped("".join(_SYMBOLS[value] for value in (*values, *_checks(values))))


def read_check_code(text: str) -> CheckCode:
    """The code that somebody typed. Raises NotACheckCode."""
    values = []
    for symbol in _symbols(text):
        if symbol not in _VALUES:
            raise NotACheckCode(text=_shown(text), why="symbol", found=symbol)
        values.append(_VALUES[symbol])
    plain = "".join(_SYMBOLS[value] for value in values)
    if not _SHORTEST <= len(values) <= _LONGEST:
        raise NotACheckCode(text=_shown(text), why="short" if len(values) < _SHORTEST else "long")
    size = plain[: -_OF_ROOT - _CHECKS]
    if not size.isdigit() or size[0] == "0":
        raise NotACheckCode(text=_shown(text), why="size", found=size)
    if any(_sums(values)):
        raise NotACheckCode(text=_shown(text), why="typed")
    number = 0
    for value in values[-_OF_ROOT - _CHECKS : -_CHECKS]:
        number = number << _BITS | value
    return CheckCode(int(size), number.to_bytes(ROOT_BYTES))


def whole_codes(words: Iterable[str]) -> Iterator[str]:
    """The codes among words of a command line, each in one piece: between its groups somebody may have typed spaces."""
    waiting: list[str] = []
    for word in words:
        waiting.append(word)
        # a group of four is never a code's last
        if len(_symbols(word)) != _GROUP and len(_symbols("".join(waiting))) >= _SHORTEST:
            yield " ".join(waiting)
            waiting = []
    if waiting:
        yield " ".join(waiting)


def _grouped(plain: str) -> str:
    """A code's symbols with hyphens between its parts."""
    size, rest = plain[: -_OF_ROOT - _CHECKS], plain[-_OF_ROOT - _CHECKS :]
    return "-".join((size, *(rest[start : start + _GROUP] for start in range(0, len(rest), _GROUP))))


def _symbols(text: str) -> list[str]:
    return [symbol for symbol in text if symbol not in _BETWEEN]


_SHOWN: Final = 60


def _shown(text: str) -> str:
    """Somebody may have pasted a whole page."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _weighed(value: int) -> int:
    """Times x in GF(32), modulo x^5 + x^2 + 1, of which x generates all 31 values but nought."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def _sums(values: Iterable[int]) -> tuple[int, int]:
    """Two sums in which each place weighs x, and x², times the one behind it; both are nought for a whole code.

    With 1 and x the first would not notice a nought that was left out.
    """
    first = second = 0
    for value in values:
        first = _weighed(first) ^ value
        second = _weighed(_weighed(second)) ^ value
    return first, second


def _checks(values: list[int]) -> tuple[int, int]:
    """The two symbols that make both sums nought. There is just one such pair: x + x² has an inverse."""
    first, second = _sums((*values, 0, 0))
    last_but_one = next(value for value in range(32) if _weighed(value) ^ _weighed(_weighed(value)) == first ^ second)
    return last_but_one, first ^ _weighed(last_but_one)
