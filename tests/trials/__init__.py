"""Trials: what is tried many times, how often, and what came of it.

`trials.toml` names each kind of trial with the promise it tests and two sizes: a small one in every run, the full one by `make soak`. A
test marked `@pytest.mark.trial("name")` asks the fixture `trial` for its size and says what it found; `make soak` writes the findings
to `docs/reliability.md` and its Vietnamese sister. Nobody types a figure there.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

SOAK: Final = bool(os.environ.get("SOAK"))
"""Whether this run takes the full sizes."""

_FILE: Final = Path(__file__).with_name("trials.toml")


@attrs.frozen(kw_only=True)
class Kind:
    """One kind of trial. `promise`: its number; `small`, `full`: how many; `text`: what is tried, by language."""

    name: str
    promise: str
    small: int
    full: int
    text: Mapping[str, str]

    @property
    def size(self) -> int:
        return self.full if SOAK else self.small


def _read() -> dict[str, Kind]:
    tables: dict[str, Any] = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: Kind(name=name, **table) for name, table in tables.items()}


KINDS: Final = _read()


def size(name: str) -> int:
    """How often a kind of trial is tried in this run."""
    return KINDS[name].size


@attrs.define
class Trial:
    """What one test tries, and what it finds. `done`: how many trials there were; `wrong`: in how many the promise was broken."""

    kind: Kind
    done: int = 0
    wrong: int = 0
    seen: dict[str, int] = attrs.field(factory=dict)

    @property
    def size(self) -> int:
        return self.kind.size

    def report(self, done: int, wrong: int = 0, **seen: int) -> None:
        """Say what came of some trials; several calls add up. `seen`: what else is worth counting, by name."""
        self.done += done
        self.wrong += wrong
        for name, number in seen.items():
            self.seen[name] = self.seen.get(name, 0) + number

    def __str__(self) -> str:
        return f"{self.kind.name}: {self.done} trials, {self.wrong} wrong"
