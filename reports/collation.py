"""The order of the Vietnamese alphabet: letters first, then tones, numbers by their size.

Letters run a ă â b c d đ e ê … o ô ơ … u ư …; tones level, grave, hook, tilde, acute, dot, and count only between words that are
otherwise the same. Every programming language's own order puts Đông Anh after Z.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, TypeAlias

Key: TypeAlias = tuple[tuple[tuple[int, ...], ...], tuple[int, ...], str]

_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES: Final = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
_PIECES: Final = re.compile(r"\d+|\D")


def collated(name: str) -> Key:
    """A key for sorting names."""
    letters: list[tuple[int, ...]] = []
    tones: list[int] = []
    for piece in _PIECES.findall(unicodedata.normalize("NFD", name.lower().replace("đ", "d\u0306"))):
        if piece in _TONES:
            tones[-1:] = [_TONES[piece]]
        elif piece in _SHAPES and letters:
            letters[-1] = (*letters[-1][:2], _SHAPES[piece])
        else:
            letters.append(_rank(piece))
            tones.append(0)
    return tuple(letters), tuple(tones), name


def _rank(piece: str) -> tuple[int, ...]:
    """Spaces before numbers before letters; a number counts as one letter of its size."""
    if piece.isspace():
        return (0, 0)
    return (1, int(piece[:18])) if piece.isdecimal() else (2, ord(piece), 0)
