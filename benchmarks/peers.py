"""A durable advance against what libraries do for a step: SQLite, WAL, a full sync for each transaction, two guards over four facts.

The peers keep less: no hashes, receipts or projections (`eventsourcing` keeps the readings, Django a log row, DBOS what it takes to go on).
Each takes its steps one by one, a transaction each, because that is what they offer; ours are taken both ways.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.advance import CODES, ONE_BY_ONE, UNITS, Ours, Runs
from benchmarks.course import open_season
from benchmarks.harness import compare, interleaved, machine, rounds_wanted, show, timed
from benchmarks.peer_dbos import Child
from benchmarks.peer_django import Django
from benchmarks.peer_eventsourcing import EventSourced


def main() -> None:
    rounds = rounds_wanted(15)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:  # the disk that is to be measured, not a memory disk
        open_season(Path(folder, "ours.db"), UNITS).close()
        ours = Ours(Path(folder, "ours.db"))
        sourced = EventSourced(Path(folder, "eventsourcing.db"), UNITS)
        django = Django(Path(folder, "django.db"), UNITS)
        batch = timed(lambda: ours.advance_all(CODES))
        with Child(Path(folder, "dbos.db"), ONE_BY_ONE) as dbos:
            print(f"Against peers, {rounds} rounds: {machine('eventsourcing', 'Django', 'django-fsm-2', 'dbos', 'SQLAlchemy')}")
            seconds = interleaved(
                {
                    "daihoi, a transaction each": timed(Runs(ours)),
                    f"daihoi, {UNITS} units in one": lambda: batch() * ONE_BY_ONE / UNITS,
                    "eventsourcing: get, trigger, save": timed(lambda: sourced.advance(ONE_BY_ONE)),
                    "django-fsm-2 with a log row": timed(lambda: django.advance(ONE_BY_ONE)),
                    "DBOS step": dbos,
                },
                rounds=rounds,
            )
        ours.desk.close()
    for peer in list(seconds)[2:]:
        pair = {name: spent for name, spent in seconds.items() if name.startswith("daihoi") or name == peer}
        show(f"{ONE_BY_ONE} steps: throughput against {peer}", compare(pair, peer, speed=True), peer)


if __name__ == "__main__":
    main()
