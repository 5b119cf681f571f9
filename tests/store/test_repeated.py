"""A command id stands for one request: repeated it gets the first receipt, and another request is refused."""

from __future__ import annotations

import pytest

from engine import commands as cmd
from engine.refusals import GuardsRefuse
from store.errors import CommandReused
from tests.store.seasons import StoredSeason, act, fact

ID = "3f2c8a52-0000-4000-8000-000000000001"


def test_a_repeated_command_gets_its_first_receipt(season: StoredSeason) -> None:
    command = fact("east", 150, reason="biên bản", person="NV-1")
    first = season.desk.submit(command, command_id=ID)
    size = season.size()

    again = season.desk.submit(command, command_id=ID)

    assert again.receipt == first.receipt
    assert again.events == first.events
    assert again.state == first.state
    assert again.repeated
    assert not first.repeated
    assert season.size() == size


def test_the_first_receipt_is_given_however_much_has_happened_since(season: StoredSeason) -> None:
    command = fact("east", 150)
    first = season.desk.submit(command, command_id=ID, expect=2)
    season.submitted("east")

    assert season.desk.submit(command, command_id=ID, expect=2).receipt == first.receipt


def test_words_that_differ_only_in_how_accents_are_written_are_the_same_request(season: StoredSeason) -> None:
    import unicodedata

    first = season.desk.submit(fact("east", 150, reason="biên bản họp"), command_id=ID)
    again = fact("east", 150, reason=unicodedata.normalize("NFD", "biên bản họp"))

    assert season.desk.submit(again, command_id=ID).receipt == first.receipt


@pytest.mark.parametrize(
    "other",
    [
        fact("east", 151),
        fact("west", 150),
        fact("east", 150, on="2021-03-02"),
        fact("east", 150, reason="khác"),
        fact("east", 150, person="NV-2"),
        act(cmd.Schedule, "east", day=None),
    ],
)
def test_an_id_that_stands_for_another_request_is_refused(season: StoredSeason, other: cmd.AnyCommand) -> None:
    first = season.desk.submit(fact("east", 150), command_id=ID)

    with pytest.raises(CommandReused) as error:
        season.desk.submit(other, command_id=ID)

    assert error.value.first == first.receipt
    assert not error.value.erased


def test_a_refused_command_is_not_kept_and_may_come_again(season: StoredSeason) -> None:
    command = act(cmd.Advance, "east", "2021-03-01", trigger="submit")
    with pytest.raises(GuardsRefuse):
        season.desk.submit(command, command_id=ID)
    season.do(cmd.RecordFact, "east", "2021-03-01", fact="sub_committees", value=True)
    season.do(cmd.FileDocument, "east", "2021-03-01", document="political_report")

    assert not season.desk.submit(command, command_id=ID).repeated


def test_once_the_words_are_erased_nobody_can_say_that_a_request_is_the_same(season: StoredSeason) -> None:
    command = fact("east", 150, reason="biên bản")
    season.desk.submit(command, command_id=ID)
    store = season.desk._session.store
    with store.transaction("write"):
        store.run("UPDATE command SET salt = NULL WHERE id = ?", (ID,))
        store.run("UPDATE sealed SET salt = NULL, text = NULL")

    with pytest.raises(CommandReused) as error:
        season.desk.submit(command, command_id=ID)

    assert error.value.erased
    assert season.desk.verify().ok
    assert set(list(season.desk.history("east"))[-1].words.values()) == {None}


def test_one_id_twice_in_one_run_is_one_command(season: StoredSeason) -> None:
    requests = [season.desk.prepare(fact("east", 150), command_id=ID) for _ in range(2)]

    first, second = season.desk.commit(requests)

    assert second.repeated
    assert second.receipt == first.receipt
