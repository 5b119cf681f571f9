"""Check codes: what is made can be read back however somebody types it, and a typing error is not taken for another past."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.check_code import GREATEST_SIZE, CheckCode, NotACheckCode, _sums, read_check_code, whole_codes
from engine.merkle import EMPTY_ROOT, leaf_hash

SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ROOT: Final = leaf_hash(b"the root of the sample")
SAMPLES: Final = [CheckCode.of(size, leaf_hash(str(size).encode())) for size in (1, 42, 9748, 4_500_000, GREATEST_SIZE)]

codes = st.builds(CheckCode.of, st.integers(1, GREATEST_SIZE), st.binary(min_size=32, max_size=32))


def plain(code: CheckCode) -> str:
    return str(code).replace("-", "")


def is_read(text: str) -> bool:
    try:
        read_check_code(text)
    except NotACheckCode:
        return False
    return True


def faulty(text: str) -> NotACheckCode:
    with pytest.raises(NotACheckCode) as refused:
        read_check_code(text)
    return refused.value


# Making and reading


def test_a_code_is_the_size_eighty_bits_of_the_root_and_two_symbols_that_check() -> None:
    code = str(CheckCode.of(9748, bytes(range(10)) + bytes(22)))
    *head, checks = code.split("-")

    assert head == ["9748", "000G", "40R4", "0M30", "E209"]
    assert len(checks) == 2
    assert (read_check_code(code).size, read_check_code(code).root) == (9748, bytes(range(10)))


@given(codes)
def test_what_is_made_is_read_back(code: CheckCode) -> None:
    assert read_check_code(str(code)) == code
    assert set(plain(code)) <= set(SYMBOLS)


@given(codes, st.randoms(use_true_random=False))
def test_case_hyphens_spaces_and_letters_like_digits_do_not_matter(code: CheckCode, chance: random.Random) -> None:
    typed = "".join(
        chance.choice(("", "", " ", "-", "–", "\N{NON-BREAKING HYPHEN}", "\N{NO-BREAK SPACE}"))
        + chance.choice({"0": "0oO", "1": "1iIlL"}.get(symbol, symbol + symbol.lower()))
        for symbol in plain(code)
    )

    assert read_check_code(typed) == code


def test_a_code_fits_the_root_that_it_was_made_of_and_no_other() -> None:
    code = CheckCode.of(3, ROOT)

    assert code.fits(ROOT)
    assert not code.fits(bytes([ROOT[0] ^ 1]) + ROOT[1:])
    assert not code.fits(ROOT[:9] + bytes([ROOT[9] ^ 1]) + ROOT[10:])


@pytest.mark.parametrize("size", [0, -1, GREATEST_SIZE + 1])
def test_there_is_no_code_for_a_log_without_events_nor_for_one_longer_than_any(size: int) -> None:
    with pytest.raises(ValueError, match="no check code"):
        CheckCode.of(size, EMPTY_ROOT)


# Typing errors


def test_no_two_wrong_symbols_in_the_longest_code_cancel_each_other_out() -> None:
    """All 31 wrong values in all 31 places differ in their sums, so two of them never make nought: one or two errors are always found."""
    single = [[value if place == wrong else 0 for place in range(31)] for wrong in range(31) for value in range(1, 32)]
    sums = {_sums(values) for values in single}

    assert (0, 0) not in sums
    assert len(sums) == len(single) == 31 * 31


def substituted(text: str) -> Iterator[str]:
    for place, true in enumerate(text):
        yield from (text[:place] + symbol + text[place + 1 :] for symbol in SYMBOLS if symbol != true)


@pytest.mark.parametrize("code", SAMPLES, ids=lambda code: str(code.size))
def test_every_single_wrong_symbol_is_found(code: CheckCode) -> None:
    assert [wrong for wrong in substituted(plain(code)) if is_read(wrong)] == []


@pytest.mark.parametrize("code", SAMPLES, ids=lambda code: str(code.size))
def test_every_two_symbols_that_changed_places_are_found(code: CheckCode) -> None:
    text = plain(code)
    for one, other in combinations(range(len(text)), 2):
        swapped = list(text)
        swapped[one], swapped[other] = text[other], text[one]
        assert is_read("".join(swapped)) == (text[one] == text[other])


def test_every_two_wrong_symbols_beside_each_other_are_found() -> None:
    text = plain(SAMPLES[2])
    wrong = (
        text[:place] + one + other + text[place + 2 :]
        for place in range(len(text) - 1)
        for one in SYMBOLS
        for other in SYMBOLS
        if one != text[place] and other != text[place + 1]
    )

    assert not any(map(is_read, wrong))


@given(codes, st.data())
def test_any_two_wrong_symbols_are_found_wherever_they_stand(code: CheckCode, data: st.DataObject) -> None:
    typed = list(plain(code))
    for place in data.draw(st.lists(st.integers(0, len(typed) - 1), min_size=2, max_size=2, unique=True)):
        typed[place] = data.draw(st.sampled_from([s for s in SYMBOLS if s != typed[place]]))

    assert not is_read("".join(typed))


def test_a_symbol_more_or_less_is_all_but_always_found() -> None:
    """A number in front may have any length, so not every one can be; in front itself it always is."""
    missed = tried = 0
    for number in range(200):
        text = plain(CheckCode.of(1000 + 37 * number, leaf_hash(bytes([number]))))
        shortened = {text[:place] + text[place + 1 :] for place in range(len(text))}
        lengthened = {text[:place] + symbol + text[place:] for place in range(len(text)) for symbol in "059AZ"}
        missed += sum(map(is_read, shortened | lengthened))
        tried += len(shortened | lengthened)
        assert not is_read(text[1:])

    assert tried > 20_000
    assert missed / tried < 1 / 500


# What is no code


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "short"),
        ("9748", "short"),
        ("7K3M-9QXA-B2CD-EFGH-J5", "short"),
        ("9748-7K3M-9QXA-B2CU-EFGH-J5", "symbol"),
        ("9748-7K3M-9QXA-B2CĐ-EFGH-J5", "symbol"),
        ("９748-7K3M-9QXA-B2CD-EFGH-J5", "symbol"),
        ("9,748-7K3M-9QXA-B2CD-EFGH-J5", "symbol"),
        ("97B8-7K3M-9QXA-B2CD-EFGH-J5", "size"),
        ("0748-7K3M-9QXA-B2CD-EFGH-J5", "size"),
        ("97489748974897-7K3M-9QXA-B2CD-EFGH-J5", "long"),
        ("9" * 5000, "long"),
        ("9748-7K3M-9QXA-B2CD-EFGH-J5", "typed"),
    ],
)
def test_a_text_that_is_no_code_is_told_for_what_it_is(text: str, why: str) -> None:
    refused = faulty(text)

    assert (refused.why, refused.code, refused.exit_code) == (why, "E-CHECK-CODE", 2)
    assert len(refused.text) <= 60


def test_a_log_of_as_many_events_as_thirteen_digits_say_still_has_a_code() -> None:
    assert GREATEST_SIZE == 9_999_999_999_999
    assert read_check_code(str(CheckCode.of(GREATEST_SIZE, EMPTY_ROOT))).size == GREATEST_SIZE


@pytest.mark.parametrize(("length", "shown"), [(59, "9" * 59), (60, "9" * 60), (61, "9" * 59 + "…"), (5000, "9" * 59 + "…")])
def test_of_a_page_that_somebody_pasted_the_beginning_is_shown(length: int, shown: str) -> None:
    assert faulty("9" * length).text == shown


def test_a_mistyped_code_is_shown_as_it_was_typed() -> None:
    assert faulty("9748 7k3m 9qxa b2cd efgh js").text == "9748 7k3m 9qxa b2cd efgh js"
    assert faulty("9748 7k3m 9qxa b2cd efgh uu").found == "u"


@given(st.text())
def test_no_text_makes_reading_stumble(text: str) -> None:
    assert is_read(text) in (True, False)


# Words of a command line


@given(st.lists(codes, min_size=1, max_size=4), st.data())
def test_codes_typed_with_spaces_are_put_together_again(several: list[CheckCode], data: st.DataObject) -> None:
    written = [str(code) for code in several]
    spaced = [text.replace("-", " ") if data.draw(st.booleans()) else text for text in written]
    words = " ".join(spaced).split(" ")

    assert [read_check_code(one) for one in whole_codes(words)] == several


def test_the_rest_of_a_code_that_was_broken_off_is_not_lost() -> None:
    whole = str(SAMPLES[1])

    assert list(whole_codes([whole, "42", "7K3M"])) == [whole, "42 7K3M"]
    assert list(whole_codes([])) == []


def test_codes_stand_in_the_order_of_their_sizes() -> None:
    assert all(sorted(order) == SAMPLES for order in permutations(SAMPLES, 5))
