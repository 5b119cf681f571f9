"""The threat model names a test for every threat; here each name is looked up, so that no row outlives its test."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.transcript import ROOT

PAGES = {
    language: (ROOT / "docs" / page).read_text("utf-8")
    for language, page in {"en": "threat-model.md", "vi": "vi/mo-hinh-nguy-co.md"}.items()
}
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def rows(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("| ") and "---" not in line]


def threats(page: str) -> list[str]:
    """The rows without the headings, which are those before a rule."""
    lines = page.splitlines()
    headings = {lines[place - 1] for place, line in enumerate(lines) if line.startswith("|---")}
    return [row for row in rows(page) if row not in headings]


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


@pytest.mark.parametrize("row", threats(PAGES["en"]))
def test_each_threat_names_a_test_that_there_is(row: str) -> None:
    named = TEST.findall(row.rsplit("|", 2)[1])

    assert named
    for path, test in named:
        found = names_of_tests(ROOT / path)
        assert test in found if test else found


def test_both_languages_name_the_same_names_of_tests_the_same_order() -> None:
    assert TEST.findall(PAGES["en"]) == TEST.findall(PAGES["vi"])
    assert len(threats(PAGES["en"])) == len(threats(PAGES["vi"]))
