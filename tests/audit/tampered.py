"""A small season with everything in it that an auditor holds outside: receipts, a checkpoint that was signed and cosigned, a policy."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import attrs

from engine import commands as cmd
from store.receipts import Receipts
from store.schema import log_side, projections
from tests.audit.keyring import issued, key_of
from tests.store.seasons import StoredSeason, opened

STORE: Final = "season.db"
RECEIPTS: Final = "receipts.jsonl"
CHECKPOINT: Final = "checkpoint"
POLICY: Final = "policy"

LOG_SIDE: Final = ("log", "head", "command", "sealed", "person", "definition")

UNBOUND: Final = {
    "head": {"clock_day"},
    "command": {"digest", "salt"},
    "person": {"text"},
    "definition": {"source"},
}
"""What nothing in the log says, and nobody can check therefore: docs/audit.md tells it."""


COLUMNS: Final = {
    name: tuple(column.name for column in table.columns)
    for metadata in (log_side, projections)
    for name, table in metadata.tables.items()
}


def bound(table: str) -> list[str]:
    """The columns that somebody can check."""
    return [name for name in COLUMNS[table] if name not in UNBOUND.get(table, ())]


def write_small(folder: Path, address: str | Path | None = None) -> StoredSeason:
    """A season of 27 events: facts, papers, a step, a correction, a waiver, an annulment, somebody's name, words that are sealed."""
    season = opened(folder / STORE if address is None else address, receipts=Receipts(folder / RECEIPTS))
    season.submitted("east")
    season.do(cmd.RecordFact, "north", "2021-03-02", fact="delegates_summoned", value=150, person="Đỗ Thị Lan")
    season.do(cmd.Correct, "north", by="city", seq=23, value=151, reason="ghi nhầm", person="NV-1")
    season.do(cmd.Waive, "north", "2021-04-21", "city", guard="in-time", basis="dịch bệnh", until=season.desk.today())
    season.do(cmd.Annul, "east", by="city", seq=22, reason="nhầm ngày")
    season.do(cmd.Advance, "east", "2021-04-01", trigger="submit")
    hand_over(season, folder)
    return season


def hand_over(season: StoredSeason, folder: Path) -> None:
    """The checkpoint and the policy that an auditor takes home."""
    public, _ = key_of(season.desk)
    (folder / CHECKPOINT).write_bytes(issued(season.desk).signed.note.to_bytes())
    (folder / POLICY).write_text(f"log {public}\nquorum none\n", "utf-8")


@attrs.frozen
class Content:
    """Every row of the log's side and how it is called: what has to be as it was where nothing is found."""

    tables: dict[str, list[tuple[Any, ...]]]

    @classmethod
    def of(cls, path: Path) -> Content:
        """By full scans of the tables themselves: no index is asked. Raises sqlite3.Error."""
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as raw:
            raw.text_factory = lambda read: read.decode("utf-8", "backslashreplace")  # what is no text is another one
            return cls({table: cls._rows(raw, table) for table in LOG_SIDE})

    @staticmethod
    def _rows(raw: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
        rows = raw.execute(f"SELECT {', '.join(bound(table))} FROM {table} NOT INDEXED").fetchall()
        return sorted(rows, key=repr)


def write_played(folder: Path, address: str | Path | None = None, after: Callable[[], object] = lambda: None) -> StoredSeason:
    """A season of 40 events with a bit of everything in it. `after` is called now and then while it grows."""
    season = opened(folder / STORE if address is None else address, receipts=Receipts(folder / RECEIPTS))
    after()
    season.held("east")
    after()
    season.held("west")
    after()
    season.do(cmd.Advance, "city", "2021-04-20", trigger="draw_lessons", person="Đỗ Thị Lan")
    after()
    season.do(cmd.Correct, "east", by="city", seq=25, value=151, reason="ghi nhầm", person="NV-1")
    after()
    season.do(cmd.Waive, "north", "2021-04-21", "city", guard="in-time", basis="dịch bệnh", until=season.desk.today())
    after()
    season.do(cmd.Annul, "city", by="union", seq=36, reason="nhầm ngày")
    after()
    season.do(cmd.RecordFact, "north", "2021-04-22", fact="theme", value="unity")
    hand_over(season, folder)
    return season
