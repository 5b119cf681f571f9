"""Names as people type them: with or without accents, in capitals or not, composed or decomposed."""

from __future__ import annotations

import unicodedata


def searchable(name: str) -> str:
    """A name without accents and capitals, words apart by one space: `Tây  Hồ` is `tay ho`, `Đông Anh` is `dong anh`."""
    apart = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.split())


def composed(name: str) -> str:
    """A name in one spelling with its accents, in small letters."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
