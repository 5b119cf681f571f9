"""The catalogues: complete, alike, and read in the reader's way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports import catalogue_check
from reports.catalogue import LANGUAGES, Words
from tests.reports.made import EN, VI


def test_every_code_is_in_both_catalogues_and_none_is_idle() -> None:
    assert list(catalogue_check.check()) == []


def test_a_date_is_written_day_first() -> None:
    assert EN.day(date(2021, 4, 2)) == "2/4/2021"
    assert VI.day(date(2021, 4, 2)) == "02/4/2021"
    assert VI.day(date(2021, 1, 15)) == "15/01/2021"
    assert VI.day(date(2021, 11, 25)) == "25/11/2021"


def test_numbers_are_grouped_as_each_language_groups_them() -> None:
    assert EN.number(33740) == "33,740"
    assert VI.number(33740) == "33.740"


def test_values_are_said_as_people_say_them() -> None:
    assert (EN.value(True), VI.value(False), EN.value(None)) == ("yes", "không", "—")
    assert EN.value(("a", date(2021, 4, 2))) == "a, 2/4/2021"


def test_a_code_nobody_has_put_into_words_is_shown_as_it_is() -> None:
    assert EN.say("note.of_tomorrow", seq=3) == "note.of_tomorrow seq=3"


def test_english_counts_one_and_many_vietnamese_does_not_care() -> None:
    assert EN.many("need.open_items", 1, document="x") == "x has 1 open item"
    assert EN.many("need.open_items", 2, document="x") == "x has 2 open items"
    assert VI.many("need.open_items", 2, document="x") == "x còn 2 điểm phải hoàn thiện"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_loads_by_itself(language: Any) -> None:
    assert Words(language).has("why.smallest")


def test_the_checker_finds_what_is_wrong(monkeypatch: Any) -> None:
    texts: dict[str, dict[str, tuple[str, ...]]] = {
        "vi": {"a.b": ("{x}",), "c.d": ("",)},
        "en": {"a.b": ("{y}",), "c.d": ("z",), "e.f": ("w",)},
    }

    found = list(catalogue_check._alike(texts))

    assert found == [
        "e.f is in one language only",
        "a.b takes other fields in the other language: x, y",
        "c.d has no text",
    ]
