"""What a scenario comes to, and the words of the demo: its acts as they go by, refusals in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from typing import Any, Final, Protocol

import attrs

from engine.refusals import GuardsRefuse
from engine.workflow import Workflow
from reports import errors
from reports.catalogue import Words
from reports.output import About, Output, Report, rehearsal
from reports.page import Aside, Block, Line, blank, line


class Played(Protocol):
    """What a scenario came to, as its runner says it."""

    @property
    def accepted(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def checks(self) -> int: ...
    @property
    def today(self) -> date: ...


@attrs.frozen
class Outcome:
    """A scenario that went as it should. `place`: where it was kept, if it was."""

    scenario: str
    played: Played
    place: str | None


def to_json(outcome: Outcome, words: Words) -> dict[str, Any]:
    played = outcome.played
    return {
        "ok": True,
        "scenario": outcome.scenario,
        "accepted": played.accepted,
        "refused": played.refused,
        "checks": played.checks,
        "today": played.today.isoformat(),
        "kept": outcome.place,
    }


def page(outcome: Outcome, words: Words) -> Iterator[Block]:
    played = outcome.played
    counts = {"refused": words.number(played.refused), "checks": words.number(played.checks)}
    yield line((words.many("rehearsal.done", played.accepted, **counts), "good"))
    if outcome.place is not None:
        yield line(words.say("rehearsal.kept", place=outcome.place))


class Note(Protocol):
    """Words in both languages; either may be missing in a file that was not checked."""

    @property
    def vi(self) -> str | None: ...
    @property
    def en(self) -> str | None: ...


class Narrator:
    """Tells a scenario's acts as they go by: those that have words of their own, and every refusal as whoever tried it would see it."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._begun = False

    def tell(self, done: Any, about: About | None, procedure: Callable[[str], Workflow]) -> None:
        """One act, as the runner hands it over. `procedure`: of a unit, for the words of the guards that refuse it."""
        if self._output.format != "table":
            return
        dated = done.dated
        note = dated.deed.note if dated.deed is not dated.act else (dated.act.note if dated.first else None)
        if note is None and done.refusal is None:
            return
        self._begin(about)
        self._output.page(self._act(done, note, procedure))

    def _begin(self, about: About | None) -> None:
        if not self._begun:
            self._begun = True
            self._output.page(begun(about, self._output.words))

    def _act(self, done: Any, note: Note | None, procedure: Callable[[str], Workflow]) -> Iterator[Block]:
        words = self._output.words
        mark = words.say("rehearsal.illustrative") if done.dated.deed.illustrative else ""
        said = "" if note is None else (note.en if words.language == "en" else note.vi) or ""
        yield line((f"{words.day(done.dated.on):>10}  ", "dim"), said, (mark, "dim"))
        if done.refusal is not None:
            workflow = procedure(done.refusal.unit) if isinstance(done.refusal, GuardsRefuse) else None
            for block in errors.page(done.refusal, words, workflow):
                yield line(_INDENT, *block.spans, aside=_moved(block.aside)) if isinstance(block, Line) else block

    def end(self, about: About | None, outcome: Outcome, *answers: tuple[str, Report[Any], Any]) -> None:
        """What it came to, and some answers, each under the command that asks for it."""
        words = self._output.words
        if self._output.format == "json":
            written = {command.split()[1]: report.to_json(answer, words) for command, report, answer in answers}
            envelope = {} if about is None else {"season": about.season, "origin": about.origin}
            self._output.json(envelope | to_json(outcome, words) | written)
            return
        self._output.page(chain([blank()], rehearsal(about, words)))
        for command, report, answer in answers:
            self._output.page(chain([blank(), line((f"$ {command}", "title"))], report.page(answer, words)))
        self._output.page(chain([blank()], page(outcome, words)))


_INDENT: Final = " " * 12


def _moved(aside: Aside | None) -> Aside | None:
    return None if aside is None else Aside(aside.column + len(_INDENT), aside.span)


def begun(about: About | None, words: Words) -> Iterator[Block]:
    yield from rehearsal(about, words)
    yield blank()


REPORT = Report(to_json=to_json, page=page)
