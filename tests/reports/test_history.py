"""`daihoi history` as a person reads it."""

from __future__ import annotations

from datetime import date

from reports import history
from tests.reports.made import in_language, said
from tests.store.seasons import fact, opened


def test_the_day_of_a_record_is_that_of_the_place_where_the_season_is_held() -> None:
    """At eight in the evening in Greenwich it is three in the morning of the next day in Hanoi."""
    season = opened()
    season.clock.set(date(2021, 4, 28), hour=20)
    season.desk.submit(fact("east", 150, on="2021-04-28"))

    (last,) = season.desk.history("east", limit=1)
    page = said(history.page(history.Shown((last,), season.desk.check_code), in_language("en")))
    season.desk.close()

    assert last.recorded.at == "2021-04-28T20:00:00.000Z"
    assert "29/4/2021  recorded 1 day late" in page
