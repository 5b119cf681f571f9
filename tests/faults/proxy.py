"""A line to PostgreSQL that can be cut: before the server hears COMMIT, or after it has carried it out and before the clerk hears so.

The proxy listens on a socket of its own and passes bytes on. It understands one thing: the message in which the driver asks to commit.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, TypeAlias

COMMIT: Final = b"COMMIT\0"
_AT_ONCE: Final = 65_536
_PORT: Final = 5432

Cut: TypeAlias = Literal["before", "after"]


class Proxy:
    """A server's socket at another place. `cut_next`: how the next commit ends; `on_commit`: called when one has been passed on."""

    def __init__(self, server: Path, place: Path) -> None:
        self._server = str(server / f".s.PGSQL.{_PORT}")
        self._place = place / f".s.PGSQL.{_PORT}"
        self.cut_next: list[Cut] = []
        self.on_commit: Callable[[], object] = lambda: None
        self.cuts = 0
        self._lock = threading.Lock()
        self._closed = False
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(self._place))
        self._listening.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, url: str) -> str:
        """The same database's address, through the proxy."""
        return f"{url.partition('?')[0]}?host={self._place.parent}&port={_PORT}"

    def close(self) -> None:
        self._closed = True
        self._listening.close()
        self._place.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with client, server:
            try:
                server.connect(self._server)
                self._pass_on(client, server)
            except OSError:
                return  # either side went away: both ends are closed

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(client, selectors.EVENT_READ)
            waiting.register(server, selectors.EVENT_READ)
            while True:
                for key, _ in waiting.select():
                    if key.fileobj is server:
                        said = server.recv(_AT_ONCE)
                        client.sendall(said)
                    else:
                        said = client.recv(_AT_ONCE)
                        if COMMIT in said and not self._committed(said, server):
                            return
                        if COMMIT not in said:
                            server.sendall(said)
                    if not said:
                        return

    def _committed(self, said: bytes, server: socket.socket) -> bool:
        """Pass a COMMIT on, or end it as was asked; whether the line still stands."""
        cut = self._next_cut()
        if cut == "before":
            return False
        server.sendall(said)
        self.on_commit()
        if cut == "after":
            server.recv(_AT_ONCE)  # it is carried out: the server says so, and nobody hears it
            return False
        return True

    def _next_cut(self) -> Cut | None:
        with self._lock:
            if not self.cut_next:
                return None
            self.cuts += 1
            return self.cut_next.pop(0)
