"""What people type is kept the same in every store, or refused the same."""

from __future__ import annotations

from typing import Any

import pytest

from engine import commands as cmd
from engine.texts import LONGEST_NAME, LONGEST_TEXT, UnfitText
from engine.unit import Unit
from tests import sample
from tests.store.seasons import Maker, StoredSeason, act, fact

WIDE = "𠮷"
"""Four bytes in UTF-8: the widest a character can be."""


def joining(name: str) -> cmd.EnrolUnit:
    unit = Unit(code="north-9", name=name, level="base", parent="north")
    made: cmd.EnrolUnit = act(cmd.EnrolUnit, "north-9", by="city", enrolled=unit)
    return made


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (fact("east", 150, reason="a\0b"), "control"),
        (fact("east", 150, reason="a\x1b[31mb"), "control"),
        (fact("east", 150, reason="a\x85b"), "control"),
        (fact("east", 150, reason="a\ud800b"), "broken"),
        (fact("east", 150, reason="a" * (LONGEST_TEXT + 1)), "long"),
        (fact("east", 150, person="NV\0"), "control"),
        (fact("east", 150, person="a" * (LONGEST_NAME + 1)), "long"),
        (fact("east\0", 150), "control"),
        (fact("e" * 5_000, 150), "long"),
        (joining("Phường\0"), "control"),
        (joining("P" * (LONGEST_NAME + 1)), "long"),
        (act(cmd.ApproveDocument, "east", by="city", document="political_report", changes=("a", "b\0")), "control"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_text_that_not_every_store_could_keep_is_refused(season: StoredSeason, command: Any, why: str) -> None:
    size = season.size()

    with pytest.raises(UnfitText) as error:
        season.desk.submit(command)

    assert error.value.why == why
    assert season.size() == size


@pytest.mark.parametrize("id_", ["x\0", "x" * (LONGEST_NAME + 1), "\ud800"])
def test_so_is_such_an_id(season: StoredSeason, id_: str) -> None:
    with pytest.raises(UnfitText):
        season.desk.submit(fact("east", 150), command_id=id_)


def test_the_longest_and_widest_texts_are_kept(season: StoredSeason) -> None:
    season.desk.submit(fact("east", 150, person=WIDE * LONGEST_NAME, reason=f"dòng một\n\tdòng hai {WIDE * (LONGEST_TEXT - 20)}"))
    season.desk.submit(joining(WIDE * LONGEST_NAME))
    season.desk.submit(fact("east", 151), command_id=WIDE * LONGEST_NAME)

    assert season.desk.find_unit(WIDE * LONGEST_NAME) == "north-9"
    assert season.desk.verify("full").ok


def test_a_season_whose_units_have_such_names_is_not_opened(make: Maker) -> None:
    units = (*sample.UNITS, Unit(code="north-9", name="Phường\0", level="base", parent="north"))

    with pytest.raises(UnfitText):
        make(opening=sample.opening(units=units))
