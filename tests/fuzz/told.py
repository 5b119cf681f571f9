"""Whether what a person would be told can be told: in both languages, in words of ours, with nothing in it that a terminal would obey."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from engine.errors import DaihoiError
from reports import errors, problems
from reports.catalogue import LANGUAGES, words
from reports.output import Report
from reports.page import Block
from reports.problems import Mistake
from reports.terminal import Screen, render

SCREENS: Final = (Screen(), Screen(rich=True, width=40))
_STYLE: Final = re.compile(r"\x1b\[\d+(?:;\d+)*m")

CODES: Final = ("error.", "problem.", "verify.", "why.", "guard.")
"""What begins like this was never put into words."""


def tell_error(error: DaihoiError) -> None:
    """An error as it stands on stderr, in words and as JSON."""
    for language in LANGUAGES:
        said = words(language)
        told = errors.tell(error, said)
        assert told.message, error
        assert not told.message.startswith(CODES), told
        assert not told.hint.startswith(CODES), told
        show(errors.page(error, said))
        json.dumps(errors.to_json(error, said), ensure_ascii=False)


def tell_problems(found: Iterable[Mistake]) -> None:
    for problem in found:
        for language in LANGUAGES:
            said = words(language)
            message = problems.message(problem, said)
            assert message, problem
            assert not message.startswith(CODES), problem
            show(problems.page(problem, said))
            json.dumps(problems.to_json(problem, said), ensure_ascii=False)


def tell(report: Report[Any], answer: Any, *, rich: bool = True) -> None:
    """An answer in every form it has. `rich`: on a terminal too, which takes ten times as long."""
    for language in LANGUAGES:
        said = words(language)
        show(report.page(answer, said), SCREENS if rich else SCREENS[:1])
        json.dumps(report.to_json(answer, said), ensure_ascii=False)
        if report.rows is not None:
            _, rows = report.rows(answer, said)
            list(rows)


def show(page: Iterable[Block], screens: Iterable[Screen] = SCREENS) -> None:
    blocks = list(page)
    for screen in screens:
        text = _STYLE.sub("", render(blocks, screen))
        text.encode()
        obeyed = {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")}
        assert not obeyed, (obeyed, text)
