"""The views: what an auditor asks in SQL, under names and columns that stay (docs/sql-views.md).

They are declared here once; how a kind of database reads JSON is for its dialect to say. All but three say what the leaves say, whose
hashes `verify` proves, and nothing that stands beside them: `v_units` and `v_milestones` are the projections, `v_commands` the receipts.
None shows a sealed text or a person's name. Nothing in the program reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeAlias

PREFIX: Final = "v_"
"""Views of the program's begin so, those of every version: what a version does not know it drops with its own."""


class Speech(Protocol):
    """How a kind of database says what the views need. A document is JSON; a path leads into it: `payload.trigger`."""

    @property
    def leaves(self) -> str:
        """The log as `event`: season, seq, leaf_hash, the leaf as text (`written`) and as a document (`doc`)."""
        ...

    def table(self, name: str) -> str:
        """A table of the store by its name, whatever else has that name."""
        ...

    def document(self, text: str) -> str:
        """A text that is JSON."""
        ...

    def words(self, document: str, path: str) -> str:
        """A text of a document, NULL where there is none. Texts are ordered by code points."""
        ...

    def whole(self, document: str, path: str) -> str:
        """A whole number."""
        ...

    def flag(self, document: str, path: str) -> str:
        """1 for true and 0 for false."""
        ...

    def value_type(self, document: str, path: str) -> str:
        """Which kind of value (`engine.values`) stands there: bool, int, string or date."""
        ...

    def value(self, document: str, path: str) -> str:
        """The value as a text: `true`, `489`, `2021-04-02`."""
        ...

    def value_number(self, document: str, path: str) -> str:
        """The value where it is a whole number."""
        ...

    def length(self, document: str, path: str) -> str:
        """How many items a list has, 0 where there is none."""
        ...

    def each(self, document: str, path: str, item: str) -> str:
        """What joins the items of a list: `item.value` is the document."""
        ...

    def place(self, item: str) -> str:
        """Which of the list's items it is, from 1."""
        ...

    def days(self, earlier: str, later: str) -> str:
        """The days between two dates, or instants by their dates."""
        ...

    def hexadecimal(self, column: str) -> str:
        """Bytes as small hexadecimal digits."""
        ...


Columns: TypeAlias = Mapping[str, str]
_Maker: TypeAlias = Callable[[Speech], str]

_PLACE: Final[Columns] = {"season": "event.season", "seq": "event.seq"}
"""Where the row stands: what the tree of hashes is made over, and so proven with it."""


def selects(speech: Speech) -> dict[str, str]:
    """What each view selects, by its name."""
    return {name: make(speech) for name, make in _VIEWS.items()}


def _select(columns: Columns, *source: str, kinds: tuple[str, ...] = (), speech: Speech) -> str:
    chosen = ", ".join(f"{said} AS {name}" for name, said in columns.items())
    wanted = ", ".join(f"'{kind}'" for kind in kinds)
    where = f" WHERE {speech.words('event.doc', 'kind')} IN ({wanted})" if kinds else ""
    return f"SELECT {chosen} FROM {' '.join(source)}{where}"


def _of_units(speech: Speech, kinds: tuple[str, ...], columns: Columns, *lists: str) -> str:
    """One row for each event of some kinds, or for each item of a list in it."""
    unit = {"unit": speech.words("event.doc", "unit")}
    return _select({**_PLACE, **unit, **columns, **_occasion(speech)}, speech.leaves, *lists, kinds=kinds, speech=speech)


def _of_plans(speech: Speech, columns: Columns, *lists: str) -> str:
    """As `_of_units`: plans belong to the season."""
    whose = _words(speech, "event.doc", "payload.", "plan", "issuer")
    every = {**_PLACE, **whose, **columns, **_occasion(speech)}
    return _select(every, speech.leaves, *lists, kinds=("plan_issued",), speech=speech)


def _occasion(speech: Speech) -> Columns:
    named = {"effective_on": "on", "recorded_at": "at", "actor_unit": "actor.unit"}
    return {name: speech.words("event.doc", path) for name, path in named.items()}


def _words(speech: Speech, document: str, before: str, *names: str, **renamed: str) -> Columns:
    """Texts of a document, under their own names or others."""
    paths = {**dict(zip(names, names, strict=True)), **renamed}
    return {name: speech.words(document, f"{before}{path}") for name, path in paths.items()}


def _value(speech: Speech, document: str, path: str) -> Columns:
    return {
        "value": speech.value(document, path),
        "value_type": speech.value_type(document, path),
        "value_number": speech.value_number(document, path),
    }


def _no(said: str) -> str:
    """What is absent means false."""
    return f"coalesce({said}, 0)"


def _seasons(speech: Speech) -> str:
    columns = {
        "season": "event.season",
        **_words(speech, "event.doc", "", "origin"),
        **_words(speech, "event.doc", "payload.", "board", "timezone"),
        **_words(speech, "event.doc", "", opened_on="on", opened_at="at"),
        "genesis": speech.hexadecimal("event.leaf_hash"),
        "events": f"(SELECT count(*) FROM {speech.table('log')} AS counted WHERE counted.season = event.season)",
    }
    return _select(columns, speech.leaves, kinds=("season_opened",), speech=speech)


def _events(speech: Speech) -> str:
    columns = {
        **_PLACE,
        "unit": speech.words("event.doc", "unit"),
        "version": speech.whole("event.doc", "version"),
        **_words(speech, "event.doc", "", "command", "kind", effective_on="on", recorded_at="at"),
        "days_late_utc": speech.days(speech.words("event.doc", "on"), speech.words("event.doc", "at")),
        **_words(
            speech, "event.doc", "", "clock", "workflow", actor_unit="actor.unit", person="actor.person", reason="reason.sealed"
        ),
        "leaf": "event.written",
        "leaf_hash": speech.hexadecimal("event.leaf_hash"),
    }
    return _select(columns, speech.leaves, speech=speech)


def _steps(speech: Speech) -> str:
    columns = {
        **_words(speech, "event.doc", "", "kind"),
        **_words(speech, "event.doc", "payload.", "trigger", "source", "target"),
        "attempt": speech.whole("event.doc", "payload.attempt"),
        "annuls": speech.whole("event.doc", "payload.seq"),
    }
    return _of_units(speech, ("advanced", "annulled"), columns)


def _verdicts(speech: Speech) -> str:
    columns = {
        **_words(speech, "event.doc", "payload.", "trigger"),
        "place": speech.place("verdict"),
        **_words(speech, "verdict.value", "", "guard", "severity", "result", "error"),
        "waiver": speech.whole("verdict.value", "waiver"),
    }
    return _of_units(speech, ("advanced",), columns, speech.each("event.doc", "payload.verdicts", "verdict"))


def _readings(speech: Speech) -> str:
    columns = {
        **_words(speech, "verdict.value", "", "guard"),
        "place": speech.place("reading"),
        **_words(speech, "reading.value", "", "name", of_unit="unit"),
        **_value(speech, "reading.value", "value"),
        "said_by": speech.whole("reading.value", "seq"),
        **_words(speech, "reading.value", "", "plan", milestone="tally.milestone"),
        "reached": speech.whole("reading.value", "tally.reached"),
        "total": speech.whole("reading.value", "tally.total"),
    }
    verdicts = speech.each("event.doc", "payload.verdicts", "verdict")
    return _of_units(speech, ("advanced",), columns, verdicts, speech.each("verdict.value", "reads", "reading"))


def _facts(speech: Speech) -> str:
    columns = {
        **_words(speech, "event.doc", "payload.", "fact"),
        **_value(speech, "event.doc", "payload.value"),
        **_words(speech, "event.doc", "payload.", "evidence"),
    }
    return _of_units(speech, ("fact_recorded",), columns)


def _documents(speech: Speech) -> str:
    columns = {
        **_words(speech, "event.doc", "", "kind"),
        **_words(speech, "event.doc", "payload.", "document"),
        "document_version": speech.whole("event.doc", "payload.number"),
        **_words(speech, "event.doc", "payload.", "digest", "decision"),
        "open_items": speech.length("event.doc", "payload.changes"),
    }
    return _of_units(speech, ("document_filed", "document_approved", "document_returned"), columns)


def _plans(speech: Speech) -> str:
    columns = {
        **_words(speech, "event.doc", "payload.", "number", "type"),
        "year": speech.whole("event.doc", "payload.year"),
        **_words(speech, "event.doc", "payload.", "dated", "digest"),
    }
    return _of_plans(speech, columns)


def _plan_values(speech: Speech) -> str:
    columns = {
        "place": speech.place("entry"),
        **_words(speech, "entry.value", "", "name"),
        **_value(speech, "entry.value", "value"),
        "firm": _no(speech.flag("entry.value", "firm")),
        **_words(speech, "entry.value", "scope.", for_level="level", for_block="block", for_under="under"),
        "for_pilot": speech.flag("entry.value", "scope.pilot"),
        **_words(speech, "entry.value", "", "source"),
    }
    return _of_plans(speech, columns, speech.each("event.doc", "payload.values", "entry"))


def _waivers(speech: Speech) -> str:
    columns = _words(speech, "event.doc", "payload.", "guard", "until", basis="basis.sealed")
    return _of_units(speech, ("guard_waived",), columns)


def _corrections(speech: Speech) -> str:
    columns = {
        "corrects": speech.whole("event.doc", "payload.seq"),
        **_words(speech, "event.doc", "payload.", "what", "name"),
        "withdrawn": _no(speech.flag("event.doc", "payload.withdrawn")),
        **_value(speech, "event.doc", "payload.value"),
        **_words(speech, "event.doc", "", reason="reason.sealed"),
    }
    return _of_units(speech, ("corrected",), columns)


def _commands(speech: Speech) -> str:
    receipt = speech.document("accepted.receipt")
    columns = {
        "season": "accepted.season",
        "command": "accepted.id",
        "first_seq": "accepted.first_seq",
        "last_seq": "accepted.last_seq",
        **_words(speech, receipt, "", "leaf_hash"),
        "size": speech.whole(receipt, "size"),
        **_words(speech, receipt, "", "root", "state"),
    }
    return _select(columns, f"{speech.table('command')} AS accepted", speech=speech)


def _projected(speech: Speech, table: str, columns: Columns) -> str:
    return _select(
        {name: f"stood.{column}" for name, column in columns.items()}, f"{speech.table(table)} AS stood", speech=speech
    )


def _same(names: str) -> Columns:
    return {name: name for name in names.split()}


def _units(speech: Speech) -> str:
    columns = {
        "season": "season",
        "unit": "code",
        **_same("name level parent superior block pilot_of tags workflow version state since"),
        "held_on": "held",
        "recognised_on": "recognised",
        **_same("joined_on left_on roll"),
        "joined_seq": "ordinal",
    }
    return _projected(speech, "unit_case", columns)


def _milestones(speech: Speech) -> str:
    return _projected(speech, "award", {**_same("season unit milestone seq"), "reached_on": "day", "revoked_on": "until"})


_VIEWS: Final[Mapping[str, _Maker]] = {
    "v_seasons": _seasons,
    "v_events": _events,
    "v_steps": _steps,
    "v_verdicts": _verdicts,
    "v_readings": _readings,
    "v_facts": _facts,
    "v_documents": _documents,
    "v_waivers": _waivers,
    "v_corrections": _corrections,
    "v_plans": _plans,
    "v_plan_values": _plan_values,
    "v_units": _units,
    "v_milestones": _milestones,
    "v_commands": _commands,
}

NAMES: Final = tuple(_VIEWS)
