"""One suite for every store: another kind of database joins by one more address here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.store.seasons import Maker, StoredSeason, opened


@pytest.fixture(params=["memory", "file", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a season is kept."""
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgresql")
        return server.new_database()
    return "sqlite://" if request.param == "memory" else str(tmp_path / "season.db")


@pytest.fixture
def make(address: str) -> Iterator[Maker]:
    """Opens seasons that are closed again at the end of the test."""
    made: list[StoredSeason] = []

    def opener(place: str | Path = address, **options: object) -> StoredSeason:
        season = opened(place, **options)  # type: ignore[arg-type]  # the options of `opened`, handed on
        made.append(season)
        return season

    yield opener
    for season in made:
        season.desk.close()


@pytest.fixture
def season(make: Maker) -> StoredSeason:
    """The sample season, just opened, on every kind of store."""
    return make()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[StoredSeason]:
    """The sample season in a file."""
    made = opened(tmp_path / "season.db")
    yield made
    made.desk.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where `stored` keeps its season."""
    return tmp_path / "season.db"
