"""CSV that is opened in a spreadsheet: what people wrote is shown, and never worked out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.spreadsheet import cells


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+84 24 3825",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1+1",
        "-",
        "'=1",
    ],
)
def test_a_text_that_begins_like_a_formula_stays_a_text(text: str) -> None:
    assert cells([text]) == [f"'{text}"]


@pytest.mark.parametrize(
    "cell",
    ["", "Tây Hồ", "2021-04-28", "28/4/2021", "a=b", "—", "'quoted'", " an", "-5", "+7", -5, 0, 1.5, None, True, "71/KH-BTV"],
)
def test_numbers_days_and_other_texts_stay_as_they_are(cell: object) -> None:
    assert cells([cell]) == [cell]


@given(st.text(alphabet="=+-@'\t\r\n 1aá", max_size=6))
def test_no_text_begins_like_a_formula_and_every_one_can_be_had_again(text: str) -> None:
    (written,) = cells([text])

    assert not re.match(r"\s*[=+\-@]|[\t\r\n]", written) or re.fullmatch(r"[+-]?[0-9]+", written)
    assert re.sub(r"^'(?='*(\s*[=+\-@]|[\t\r\n]))", "", written) == text
