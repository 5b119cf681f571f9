"""Where an answer goes: a table, JSON or CSV on stdout, with the word that it is a rehearsal.

Data goes to stdout and messages to stderr, so that a program that reads the data never stumbles over a message.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, Final, Generic, TypeVar

import attrs

from reports.catalogue import Words
from reports.pieces import csv_pieces, json_pieces, portions

if TYPE_CHECKING:
    from reports.page import Block, Line
    from reports.terminal import Colour

LIVE: Final = "live"
"""The origin of a season that is really held; every other is a rehearsal (`store.clock` says the same)."""

T = TypeVar("T")


@attrs.frozen
class About:
    """Which log an answer is about. `today`: of that log, which for a rehearsal is its own."""

    season: str
    origin: str
    today: date


@attrs.frozen(kw_only=True)
class Report(Generic[T]):
    """How one kind of answer is shown. `rows`: as a table for a spreadsheet, where it is one; `long`: worth a pager.

    `members`: the JSON's names and values one after the other, where one is too long to be held at once: an iterator is then a list.
    `beside`: what people are told of an answer that is itself a file to be kept: it goes to stderr.
    """

    to_json: Callable[[T, Words], dict[str, Any]]
    page: Callable[[T, Words], Iterable[Block]]
    rows: Callable[[T, Words], tuple[Sequence[str], Iterable[Sequence[Any]]]] | None = None
    members: Callable[[T, Words], Iterable[tuple[str, Any]]] | None = None
    long: bool = False
    beside: Callable[[T, Words], Iterable[Block]] | None = None


@attrs.frozen
class Output:
    """The reader's choices."""

    words: Words
    format: str = "table"
    colour: Colour = "auto"

    def check(self, report: Report[T]) -> None:
        """Whether such an answer can be shown as the reader wants it; asked before anything is recorded. Raises NoTable."""
        if self.format == "csv" and report.rows is None:
            from reports.usage import NoTable

            raise NoTable(format="csv")

    def show(self, report: Report[T], answer: T, about: About | None = None) -> None:
        """Print an answer on stdout. Raises NoTable, AnswerLost."""
        self.check(report)
        if self.format == "json":
            envelope = {} if about is None else {"season": about.season, "origin": about.origin}
            if report.members is None:
                self.json(envelope | report.to_json(answer, self.words))
            else:
                self._write(json_pieces(chain(envelope.items(), report.members(answer, self.words))))
        elif self.format == "csv" and report.rows is not None:
            self._write(csv_pieces(_mark(sys.stdout), *report.rows(answer, self.words)))
        else:
            self.page(chain(rehearsal(about, self.words), report.page(answer, self.words)), pager=report.long)
            if report.beside is not None:
                self.message(report.beside(answer, self.words))

    def json(self, value: dict[str, Any]) -> None:
        import json

        self._say(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def page(self, page: Iterable[Block], *, pager: bool = False) -> None:
        """Print a page on stdout."""
        from reports.terminal import render, screen

        where = screen(sys.stdout, self.colour)
        text = render(page, where)
        if pager and sys.stdout.isatty() and sys.stdin.isatty() and text.count("\n") > _height(sys.stdout):
            import click

            click.echo_via_pager(text, color=where.colour)
        else:
            self._say(text)

    def message(self, page: Iterable[Block]) -> None:
        """Print a page on stderr. Nobody is told when even that cannot be done."""
        from reports.terminal import render, screen

        try:
            sys.stderr.write(render(page, screen(sys.stderr, self.colour)))
            sys.stderr.flush()
        except OSError:
            _let_go(sys.stderr)

    def message_json(self, value: dict[str, Any]) -> None:
        """One object on stderr."""
        import json

        try:
            sys.stderr.write(json.dumps(value, ensure_ascii=False) + "\n")
            sys.stderr.flush()
        except OSError:
            _let_go(sys.stderr)

    def _write(self, pieces: Iterable[str]) -> None:
        for portion in portions(pieces):
            if not self._say(portion):
                return

    def _say(self, text: str) -> bool:
        """Whether anybody is still reading."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            # whoever read has seen enough, as in `daihoi history | head`
            _let_go(sys.stdout)
            return False
        except OSError as error:
            from reports.usage import AnswerLost

            _let_go(sys.stdout)
            raise AnswerLost(reason=error.strerror or str(error)) from error
        return True


def rehearsal(about: About | None, words: Words) -> Iterator[Line]:
    """The first line of everything that is said about a rehearsal."""
    from reports.page import line

    if about is not None and about.origin != LIVE:
        yield line((words.say("rehearsal", origin=about.origin, today=about.today), "warn"))


_USUAL_HEIGHT: Final = 24


def _height(stream: IO[str]) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).lines or _USUAL_HEIGHT
    except (OSError, ValueError):
        return _USUAL_HEIGHT


def _let_go(stream: IO[str]) -> None:
    """Point a stream that nobody reads at nothing, so that closing it at the end does not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return


def _mark(stream: IO[str]) -> str:
    """The byte order mark: without it Excel takes a file of UTF-8 for one of an older code page. A terminal would only show it."""
    return "" if stream.isatty() else "\N{BYTE ORDER MARK}"
