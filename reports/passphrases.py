"""Where a passphrase comes from: a file, a descriptor, or whoever sits at the terminal. Never the command line, never the environment,
where others could read it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from reports.arguments import COUNT, FILE, option
from reports.speech import spoken

F = TypeVar("F", bound=Callable[..., Any])

Ask = Callable[[], str]
"""Asks for the passphrase when it is needed, and not before."""


def takes_passphrase(*, new: bool = False) -> Callable[[F], F]:
    """A command that needs a passphrase takes `--passphrase-file` and `--passphrase-fd`, and gets `ask`. `new`: typed twice."""

    def decorate(command: F) -> F:
        @option("--passphrase-file", type=FILE, metavar="FILE")
        @option("--passphrase-fd", type=COUNT, metavar="N")
        @wraps(command)
        def wrapped(*given: Any, passphrase_file: str | None, passphrase_fd: int | None, **named: Any) -> Any:
            if passphrase_file is not None and passphrase_fd is not None:
                raise click.UsageError(spoken().say("usage.one_passphrase"))
            return command(*given, ask=lambda: _passphrase(passphrase_file, passphrase_fd, new=new), **named)

        return wrapped  # type: ignore[return-value]  # click looks only at the parameters that were attached

    return decorate


def _passphrase(file: str | None, descriptor: int | None, *, new: bool) -> str:
    from store.audit.errors import FileFailed

    if file is None and descriptor is None:
        return _asked(new=new)
    try:
        raw = _from(file) if file is not None else _from(descriptor or 0)
    except OSError as error:
        name = file or f"--passphrase-fd {descriptor}"
        raise FileFailed(file=name, why="read", detail=error.strerror or str(error)) from error
    return raw.partition(b"\n")[0].removesuffix(b"\r").removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _from(place: str | int) -> bytes:
    """What a file or a descriptor holds; a descriptor stays open, for it is somebody else's."""
    with open(place, "rb", closefd=isinstance(place, str)) as opened:
        return opened.read()


def _asked(*, new: bool) -> str:
    from store.audit.errors import Passphrase

    if not sys.stdin.isatty():
        raise Passphrase(why="missing")
    words = spoken()
    again: str | bool = words.say("passphrase.again") if new else False
    found: str = click.prompt(
        words.say("passphrase.new" if new else "passphrase"), hide_input=True, confirmation_prompt=again, err=True
    )
    return found
