"""The canonical bytes of a value."""

from __future__ import annotations

import json
import unicodedata

import pytest

from engine import codec


@pytest.mark.parametrize(
    "text", ["hai dòng\n\u0303", "\r\u030c", "\t\u030c", "\b\u0307", "\f\u0307", 'e\u0301 "\u0302', "\n\u0303e\u0301"]
)
def test_an_accent_behind_a_control_character_stays_behind_it(text: str) -> None:
    """Composed with the letter of the escape, it would make bytes that nobody can read again."""
    written = codec.canonical({text: [text, {"a": text}]})

    assert codec.parse(written) == json.loads(written)
    assert codec.canonical(codec.parse(written)) == written
    assert next(iter(codec.parse(written))) == unicodedata.normalize("NFC", text)


def test_text_is_composed_wherever_it_stands() -> None:
    assert codec.canonical({"e\u0301": ("e\u0301", ["e\u0301"])}) == '{"é":["é",["é"]]}'.encode()
