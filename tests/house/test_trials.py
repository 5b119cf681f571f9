"""The pages on reliability say what the runs found, and every kind of trial has a test that tries it."""

from __future__ import annotations

import re

import pytest

from tests.house.transcript import ROOT
from tests.trials import KINDS
from tests.trials.findings import PAGES, PROMISES, SEEN_VI, kept, page

TESTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_says_what_was_found(lang: str) -> None:
    assert (ROOT / PAGES[lang]).read_text("utf-8") == page(kept(ROOT).values(), lang)


def test_every_kind_of_trial_has_a_test_and_every_test_a_kind() -> None:
    marked = set(re.findall(r'mark\.trial\("([a-z-]+)"\)', TESTS))

    assert marked == set(KINDS)


def test_every_kind_tests_a_promise_in_both_languages_and_is_larger_in_a_soak() -> None:
    for kind in KINDS.values():
        assert kind.promise in PROMISES
        assert set(kind.text) == {"vi", "en"}
        assert 0 < kind.small <= kind.full


def test_nothing_that_was_promised_was_ever_broken() -> None:
    assert {name: found.wrong for name, found in kept(ROOT).items() if found.wrong} == {}


def test_what_was_counted_besides_has_its_vietnamese_words() -> None:
    counted = {name for found in kept(ROOT).values() for name in found.seen}

    assert {name for name in counted if "_" in name or name.islower()} - set(SEEN_VI) == set()
