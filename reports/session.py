"""One run of the program: what it was given, and the log it is about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from reports.catalogue import Language, Words
from reports.speech import spoken

if TYPE_CHECKING:
    from engine.refusals import GuardsRefuse
    from engine.workflow import Workflow
    from reports.output import About, Output, Report
    from store.desk import Desk
    from store.receipts import Receipts

DEFAULT_STORE: Final = "daihoi.db"

T = TypeVar("T")


class Session:
    """The global options, and what came of them.

    `procedure`: of the unit that was refused, for the words of its guards; `others`: of the units that its to-dos name.
    """

    def __init__(self) -> None:
        self.store: str | None = None
        self.season: str | None = None
        self.actor: str | None = None
        self.format: str | None = None
        self.color: str | None = None
        self.about: About | None = None
        self.levels: dict[str, str] = {}
        self.states: dict[str, str] = {}
        self.procedure: Workflow | None = None
        self.others: dict[str, Workflow] = {}

    @property
    def place(self) -> str:
        return self.store or DEFAULT_STORE

    @property
    def words(self) -> Words:
        return spoken().calling(self.levels, self.states)

    @property
    def output(self) -> Output:
        from reports.output import Output

        return Output(self.words, self.format or "table", self.color or "auto")  # type: ignore[arg-type]  # click checked both

    @contextmanager
    def desk(self, *, read_only: bool = True, receipts: Receipts | None = None) -> Iterator[Desk]:
        """The season's desk; afterwards whoever asked is told what the desk noticed."""
        from store.desk import Desk

        with Desk.open(self.place, self.season, read_only=read_only, receipts=receipts) as desk:
            self.at(desk)
            yield desk
            self.tell(desk)

    @contextmanager
    def signing_desk(self) -> Iterator[Desk]:
        """The desk of a log that is to be signed: one that writes, unless there is nothing to record before."""
        from store.desk import Desk

        with Desk.open(self.place, self.season, read_only=True) as desk:
            ready = desk.can_sign()
        with self.desk(read_only=ready, receipts=self.receipts()) as desk:
            yield desk

    def receipts(self) -> Receipts:
        """Where the user's receipts are kept: for commands that write, and to verify."""
        from store.receipts import receipts_from

        return receipts_from(os.environ)

    def refused(self, refusal: GuardsRefuse, desk: Desk) -> None:
        """Keep the procedures whose words a refusal needs, while there is a desk to ask."""
        todos = (*(t for v in refusal.verdicts for t in v.todo), *(refusal.smallest or ()))
        named = dict.fromkeys(code for todo in todos for code in (*todo.any_of[:1], todo.unit))
        self.procedure = desk.workflow_of(refusal.unit)
        self.others = {code: desk.workflow_of(code) for code in named}

    def at(self, desk: Desk) -> None:
        """From here on, everything that is said is about this desk's log."""
        from reports.output import About

        self.about = About(desk.season, desk.origin, desk.today())
        if self.format in (None, "table"):  # programs get ids
            self._call(desk, spoken().language)

    def _call(self, desk: Desk, language: Language) -> None:
        """Learn what the season calls its levels and states. Where its files are damaged ids have to do: `verify` speaks even then."""
        from store.errors import Corrupt

        with suppress(Corrupt):
            self.levels = {name: text.in_language(language) for name, text in desk.levels().items()}
            self.states = _states(desk, language)

    def tell(self, desk: Desk) -> None:
        from reports import standing

        if desk.notes() and self.output.format != "json":
            self.output.message(standing.notes(desk.notes(), self.words))

    def check(self, report: Report[Any]) -> None:
        """Before anything is recorded: whether its answer can be shown."""
        self.output.check(report)

    def show(self, report: Report[T], answer: T) -> None:
        self.output.show(report, answer, self.about)


def _states(desk: Desk, language: Language) -> dict[str, str]:
    """The states in the words of the season's procedures."""
    from reports.names import begun_small

    states = (state for workflow in desk.workflows().values() for state in workflow.states)
    return {state.id: begun_small(state.text.in_language(language)) for state in states}
