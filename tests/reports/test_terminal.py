"""Pages in a pipe and on a terminal."""

from __future__ import annotations

import io

from reports.page import Aside, line, table
from reports.terminal import Screen, clean, render, screen

PAGE = [line(("Tây Hồ", "title"), " · district"), *table(("Unit", "Held"), [("tay-ho", "1/2"), ("a", "10/20")], right=(1,))]


def test_in_a_pipe_it_is_plain_text_in_columns() -> None:
    assert render(PAGE, Screen()) == "Tây Hồ · district\n  Unit     Held\n  tay-ho    1/2\n  a       10/20\n"


def test_on_a_terminal_it_has_colours_and_the_same_words() -> None:
    drawn = render(PAGE, Screen(rich=True, width=80, colour=True))

    assert "\x1b[1mTây Hồ\x1b[0m" in drawn
    assert "tay-ho" in drawn
    assert "10/20" in drawn


def test_without_colour_a_terminal_gets_no_colour() -> None:
    drawn = render(PAGE, Screen(rich=True, width=80, colour=False))

    assert "\x1b[3" not in drawn


def test_long_lines_fold_at_the_edge_of_a_narrow_terminal() -> None:
    drawn = render([line("word " * 30)], Screen(rich=True, width=40))

    assert max(map(len, drawn.splitlines())) <= 40


def test_what_stands_to_the_right_comes_below_on_a_narrow_terminal() -> None:
    page = [
        line("a guard", aside=Aside(30, ("71/KH-BTV, I", ""))),
        line(aside=Aside(30, ("→ ha-noi: draw the lessons", ""))),
    ]

    assert render(page, Screen()) == f"a guard{' ' * 23}71/KH-BTV, I\n{' ' * 30}→ ha-noi: draw the lessons\n"
    assert render(page, Screen(rich=True, width=40)) == f"a guard\n{' ' * 8}71/KH-BTV, I\n{' ' * 8}→ ha-noi: draw the lessons\n"


def test_nothing_that_a_terminal_would_obey_gets_through() -> None:
    assert clean("a\x1b[2Jb\nc\u202ed") == "a�[2Jb c�d"
    assert "\x1b[2J" not in render([line("x\x1b[2J")], Screen(rich=True, width=80))
    assert clean("Đại hội – ✓ → 100 %") == "Đại hội – ✓ → 100 %"


def test_a_stream_that_is_no_terminal_is_a_pipe_unless_colours_are_asked_for() -> None:
    assert screen(io.StringIO(), "auto") == Screen()
    assert screen(io.StringIO(), "always") == Screen(rich=True, width=120, colour=True)


def test_a_table_without_rows_is_not_there() -> None:
    assert list(table(("a",), [])) == []
