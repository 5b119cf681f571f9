"""A long answer is written while it is read: the same letters, and never all of it in memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.catalogue import Words, words
from reports.output import Output, Report
from reports.page import Block
from reports.pieces import csv_pieces, json_pieces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_an_object_in_pieces_is_the_object_at_once(value: dict[str, Any]) -> None:
    members = ((name, iter(one) if isinstance(one, list) else one) for name, one in value.items())

    assert "".join(json_pieces(members)) == json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@given(st.lists(st.tuples(st.integers(), st.text(alphabet='aế,"\n'), st.none()), max_size=5))
def test_a_table_in_pieces_is_read_as_it_was_written(rows: list[tuple[int, str, None]]) -> None:
    text = "".join(csv_pieces("", ("number", "words", "nothing"), rows))

    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == ["number", "words", "nothing"]
    assert [(int(number), said.removeprefix("'")) for number, said, _ in read[1:]] == [(n, said) for n, said, _ in rows]


class Endless:
    """An answer without an end, that knows how much of it was read."""

    def __init__(self, most: int = 1_000_000) -> None:
        self.read = 0
        self._most = most

    def __iter__(self) -> Iterator[int]:
        while self.read < self._most:
            self.read += 1
            yield self.read


def _members(answer: Endless, said: Words) -> Iterator[tuple[str, Any]]:
    yield "numbers", iter(answer)
    yield "read", answer.read


def _page(answer: Endless, said: Words) -> list[Block]:
    raise AssertionError("nobody asked for a page")


NUMBERS: Report[Endless] = Report(
    to_json=lambda answer, said: dict(_members(answer, said)),
    members=_members,
    rows=lambda answer, said: (("number",), ((n,) for n in answer)),
    page=_page,
)


class Leaving(io.StringIO):
    """A reader who goes after the first portion."""

    def write(self, text: str) -> int:
        if self.tell():
            raise BrokenPipeError
        return super().write(text)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_whoever_has_seen_enough_ends_the_reading_too(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, reader = Endless(), Leaving()
    monkeypatch.setattr("sys.stdout", reader)

    Output(words("en"), form).show(NUMBERS, answer)

    assert len(reader.getvalue()) >= 1 << 16
    assert answer.read < 100_000


def test_what_stands_behind_a_list_is_asked_when_the_list_has_been_read(capsys: pytest.CaptureFixture[str]) -> None:
    Output(words("en"), "json").show(NUMBERS, Endless(20_000))

    printed = json.loads(capsys.readouterr().out)
    assert (len(printed["numbers"]), printed["read"]) == (20_000, 20_000)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_an_answer_that_breaks_at_its_beginning_has_printed_nothing(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise RuntimeError("the connection broke")

    breaking: Report[Any] = Report(
        to_json=lambda answer, said: {},
        members=lambda answer, said: [("numbers", broken())],
        rows=lambda answer, said: (("n",), ((n,) for n in broken())),
        page=_page,
    )
    with pytest.raises(RuntimeError):
        Output(words("en"), form).show(breaking, None)

    assert capsys.readouterr().out == ""
