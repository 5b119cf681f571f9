"""The page for those who ask in SQL: every column is on it, and every question on it has an answer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest

from engine import commands as cmd
from engine.actors import Actor
from store.desk import Desk
from store.views import NAMES
from tests import postgres
from tests.house.test_documents import DOCS, coded
from tests.newcomer.test_another_organisation import SEASON
from tests.store.asked import asked
from tests.store.test_every_store import created
from workflows.scenario import load_scenario
from workflows.scenario_run import run

PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("sql-views.md", "vi/khung-nhin-sql.md")}
QUESTIONS = re.findall(r"^```sql\n(.*?)^```$", PAGES["sql-views.md"], re.MULTILINE | re.DOTALL)
DAYS = ("CAST(julianday(effective_on) - julianday(previous) AS INTEGER)", "effective_on::date - previous::date")
"""Days between two dates, as the page says them for SQLite and for PostgreSQL."""


def play(address: str) -> None:
    """A real season, with a mistake put right at its end."""
    scenario = load_scenario(str(SEASON / "spring-2026.toml"))
    with created(address, scenario) as desk:
        run(scenario, desk, desk.advance_clock)
        _correct(desk)


def _correct(desk: Desk) -> None:
    fact = next(line.recorded for line in desk.history(kinds=["fact_recorded"]) if isinstance(line.payload["value"], int))
    desk.submit(
        cmd.Correct(unit=fact.unit, actor=Actor(unit=fact.actor.unit), seq=fact.seq, withdraw=True, reason="ghi nhầm đơn vị")
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The season's file as an auditor opens it."""
    path = tmp_path_factory.mktemp("copy") / "copy.db"
    play(str(path))
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as raw:
        yield raw


@pytest.fixture(scope="module")
def server(postgresql: postgres.Server) -> Iterator[Any]:
    """The same season on a server."""
    address = postgresql.new_database()
    play(address)
    with psycopg.connect(address, autocommit=True) as raw:
        raw.execute("SET search_path TO daihoi")
        yield raw


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_every_question_of_the_page_has_the_same_answer_on_both_databases(file: Any, server: Any, question: str) -> None:
    here = asked(file, question)

    assert here.rows
    assert asked(server, question.replace(*DAYS)) == here


def test_the_page_says_how_the_days_between_two_dates_are_asked_for_on_a_server() -> None:
    assert sum(DAYS[0] in question for question in QUESTIONS) == 1
    assert all(f"`{DAYS[1]}`" in page for page in PAGES.values())


def test_both_languages_ask_the_same_questions() -> None:
    assert len(QUESTIONS) > 5
    assert re.findall(r"^```sql\n(.*?)^```$", PAGES["vi/khung-nhin-sql.md"], re.MULTILINE | re.DOTALL) == QUESTIONS


@pytest.mark.parametrize("page", PAGES)
def test_every_view_is_on_the_page_with_its_columns_in_their_order(file: Any, page: str) -> None:
    told = dict(re.findall(r"^\| `(v_\w+)` \| [^|]* \| (`season`.*) \|$", PAGES[page], re.MULTILINE))

    assert tuple(told) == NAMES
    for name, cell in told.items():
        columns = asked(file, f"SELECT * FROM {name} LIMIT 0").columns
        named = [word for word in re.findall(r"`(\w+)`", cell) if word in columns]
        assert tuple(dict.fromkeys(named)) == columns, name


@pytest.mark.parametrize("page", PAGES)
def test_every_view_is_said_to_rest_on_something(page: str) -> None:
    table = PAGES[page].partition("| `v_seasons` `v_events`")[2].partition("\n\n")[0]

    assert {"v_seasons", "v_events", *coded(table)} >= set(NAMES)


def test_the_version_in_the_page_lets_the_next_writer_make_the_views_anew() -> None:
    assert all("`PRAGMA user_version = 1000`" in page for page in PAGES.values())


def test_every_kind_of_verdict_is_on_the_page() -> None:
    from typing import get_args

    from engine.verdicts import Result

    for page in PAGES.values():
        assert set(get_args(Result)) <= coded(page)
