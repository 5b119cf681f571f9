"""What the pages show is what the program prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.transcript import ROOT, agrees, commands, differences

PAGES = ("docs/tutorial.md", "docs/vi/huong-dan.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_tutorial_prints_what_the_page_says(page: str, tmp_path: Path) -> None:
    assert differences(ROOT / page, tmp_path) == []


def test_a_page_may_leave_lines_out_but_not_say_others() -> None:
    printed = ["one", "two 1f0e3dad99908345", "three"]

    assert agrees(["one", "…"], printed)
    assert agrees(["one", "two 0a0b0c0d0e0f0a0b", "three", ""], printed)
    assert agrees(["…", "th…"], printed)
    assert not agrees(["one", "three"], printed)
    assert not agrees(["one"], printed)


def test_a_transcript_says_which_exit_code_is_expected() -> None:
    first, second = commands("$ daihoi status\nnothing\n$ daihoi why a\nrefused\n$ echo $?\n7\n")

    assert (first.line, first.printed, first.code) == ("daihoi status", ["nothing"], None)
    assert (second.line, second.printed, second.code) == ("daihoi why a", ["refused"], 7)
