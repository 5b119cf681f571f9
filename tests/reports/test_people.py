"""What people type and how their names are ordered: dates, values, guesses, languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.refusals import WrongValue
from reports import language, typed
from reports.collation import collated
from reports.guess import near


@pytest.mark.parametrize("text", ["2021-04-02", "02/4/2021", "2/4/2021", "02/04/2021", " 2021-4-2 "])
def test_a_date_may_be_written_either_way(text: Any) -> None:
    assert typed.day(text) == date(2021, 4, 2)


@pytest.mark.parametrize(
    "text", ["", "2021", "4/2021", "31/4/2021", "2021-13-01", "02.04.2021", "2021-04-02T00:00", "02/4/21", "٢/4/2021"]
)
def test_what_is_no_date_is_none(text: Any) -> None:
    assert typed.day(text) is None


def test_a_position_is_a_date_or_the_number_of_an_event() -> None:
    assert typed.position("42") == 42
    assert typed.position("02/4/2021") == date(2021, 4, 2)
    assert typed.position("soon") is None
    assert typed.position("-1") is None


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("CÓ", True), ("đúng", True), ("no", False), ("không", False), ("Sai", False)]
)
def test_yes_and_no_may_be_said_in_both_languages(text: Any, value: Any) -> None:
    assert typed.value(text, "bool", "ready") is value


def test_decomposed_accents_are_the_same_word() -> None:
    assert typed.value("co\u0301", "bool", "ready") is True
    assert typed.value("Ha\u0300 Nội", "string", "place") == "Hà Nội"


def test_numbers_and_dates_are_read_by_type() -> None:
    assert typed.value("250", "int", "delegates") == 250
    assert typed.value("-3", "int", "delegates") == -3
    assert typed.value("02/4/2021", "date", "opened_on") == date(2021, 4, 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("maybe", "bool"), ("1", "bool"), ("2.5", "int"), ("1e3", "int"), ("1_000", "int"), ("", "int"), ("soon", "date")],
)
def test_what_does_not_fit_the_type_is_refused_with_the_type(text: Any, kind: Any) -> None:
    with pytest.raises(WrongValue) as raised:
        typed.value(text, kind, "fact")

    assert raised.value.expected == kind


def test_names_are_in_the_order_of_the_vietnamese_alphabet() -> None:
    names = ["Ô Diên", "Đông Anh", "Zuân", "Dương Xá", "Ba Đình", "Âu Cơ", "Ăn Thi", "An Khánh", "Ở", "Ơn", "Ong"]

    assert sorted(names, key=collated) == [
        "An Khánh", "Ăn Thi", "Âu Cơ", "Ba Đình", "Dương Xá", "Đông Anh", "Ong", "Ô Diên", "Ở", "Ơn", "Zuân",
    ]  # fmt: skip


def test_tones_count_after_letters_and_numbers_by_their_size() -> None:
    assert sorted(["Mạ", "Mã", "Má", "Mà", "Ma", "Mả"], key=collated) == ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]
    assert sorted(["Chi hội 10", "Chi hội 9", "Chi hội 2"], key=collated) == ["Chi hội 2", "Chi hội 9", "Chi hội 10"]


def test_the_nearest_name_is_found_without_its_accents() -> None:
    assert near("Tây Hồ", ["tay-ho", "long-bien"]) == ("tay-ho",)
    assert near("delegates_presnt", ["delegates_present", "theme"]) == ("delegates_present",)
    assert near("zzz", ["tay-ho"]) == ()


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        (["--lang", "en", "status"], {}, "en"),
        (["status", "--lang=en"], {"DAIHOI_LANG": "vi"}, "en"),
        ([], {"DAIHOI_LANG": "en", "LANG": "vi_VN.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "vi_VN.UTF-8"}, "vi"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "en_GB.UTF-8"}, "vi"),
        ([], {"LANG": "fr_FR.UTF-8"}, "vi"),
        ([], {}, "vi"),
        (["--lang", "fr"], {"LANG": "en_US.UTF-8"}, "en"),
        (["--lang"], {}, "vi"),
        (["history", "--", "--lang", "en"], {}, "vi"),
    ],
)
def test_the_option_decides_the_language_then_the_environment_then_the_locale(
    arguments: Any, environment: Any, expected: Any
) -> None:
    assert language.decide(arguments, environment) == expected
