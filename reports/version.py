"""`daihoi --version`: of the program, of the meaning of its events, and of the layout of its stores."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs

from engine.leaf import SEMANTICS
from reports.catalogue import Words
from reports.output import Report
from reports.page import Block, line
from store.layout import SCHEMA


@attrs.frozen(kw_only=True)
class Versions:
    """`program`: None where it runs from a folder in which it was never installed."""

    program: str | None
    semantics: int
    schema: int


def versions() -> Versions:
    return Versions(program=_installed(), semantics=SEMANTICS, schema=SCHEMA)


def _installed() -> str | None:
    try:
        return version("daihoi")
    except PackageNotFoundError:
        return None


def to_json(answer: Versions, words: Words) -> dict[str, Any]:
    return {"version": answer.program, "semantics": answer.semantics, "schema": answer.schema}


def page(answer: Versions, words: Words) -> Iterator[Block]:
    program = answer.program or words.say("version.not_installed")
    yield line(words.say("version", program=program, semantics=answer.semantics, schema=answer.schema))


REPORT = Report(to_json=to_json, page=page)
