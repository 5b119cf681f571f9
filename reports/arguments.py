"""What stands on a command line: days, positions, files, units, the step that is meant, and what the shell may complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from reports.session import Session
from reports.speech import Argument, Option, spoken

if TYPE_CHECKING:
    from datetime import date

    from engine.actors import Actor
    from engine.answers import WhyAnswer
    from engine.events import Recorded
    from engine.tlog.notes import VerifierKey
    from store.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])


if TYPE_CHECKING:
    _Kind = click.ParamType[date | int]
    _KeyKind = click.ParamType[VerifierKey]
else:  # older versions of click know no kind of kinds
    _Kind = _KeyKind = click.ParamType


class _Typed(_Kind):
    """What `reports.typed` makes of a text; it is loaded when somebody types one. `said`: how a text is told that means nothing."""

    def __init__(self, name: str, reader: str, said: str) -> None:
        self.name = name
        self._reader = reader
        self._said = said

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | int:
        from reports import typed

        found = getattr(typed, self._reader)(value) if isinstance(value, str) else value
        if found is None:
            self.fail(spoken().say(self._said, text=value), param, ctx)
        return cast("date | int", found)


class _Whole(click.IntRange):
    """A whole number from some least one on, as large as a log can hold."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from engine.values import GREATEST_RECORDED

        found: int = super().convert(value, param, ctx)
        if found > GREATEST_RECORDED:
            self.fail(spoken().say("usage.too_large", text=value), param, ctx)
        return found


class _VerifierKey(_KeyKind):
    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VerifierKey:
        from engine.tlog.malformed import Malformed
        from engine.tlog.notes import read_key

        try:
            found = read_key(value) if isinstance(value, str) else value
        except Malformed as error:
            said = spoken()
            self.fail(said.say("usage.verifier_key", text=value, fault=said.say(f"malformed.{error.fault}")), param, ctx)
        return found


DAY: Final = _Typed("date", "day", "usage.day")
AT: Final = _Typed("at", "position", "usage.at")
INSTANT: Final = _Typed("instant", "instant", "usage.instant")
VERIFIER_KEY: Final = _VerifierKey()
POSITION: Final = _Whole(min=1)
COUNT: Final = _Whole(min=0)
FILE: Final = click.Path(exists=True, dir_okay=False, readable=True)
FOLDER: Final = click.Path(exists=True, file_okay=False, readable=True)


def actor(text: str | None) -> Actor:
    """Who acts: a unit's code, with a person behind a slash. Raises NoActor."""
    from engine.actors import Actor
    from reports.usage import NoActor

    code, _, person = (text or "").strip().partition("/")
    if not code:
        raise NoActor
    return Actor(unit=code, person=person or None)


@contextmanager
def kept_in(place: str | None) -> Iterator[str]:
    """Where a rehearsal runs: a new store at a place, taken away again if it fails; without one, a folder that does not stay.

    Raises KeptAlready: a rehearsal never writes over anything.
    """
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from reports.usage import KeptAlready
    from store.places import is_there

    if place is None:
        with TemporaryDirectory(prefix="daihoi-", ignore_cleanup_errors=True) as folder:
            yield str(Path(folder, "rehearsal.db"))
        return
    if "://" not in place and is_there(Path(place)):
        raise KeptAlready(place=place)
    try:
        yield place
    except BaseException:
        for ending in ("", "-wal", "-shm") if "://" not in place else ():
            Path(place + ending).unlink(missing_ok=True)
        raise


def digest(path: str | None) -> str | None:
    """The SHA-256 of a file, in hex. The file itself is never kept."""
    if path is None:
        return None
    from hashlib import file_digest

    try:
        with open(path, "rb") as file:  # noqa: PTH123 - one open does not need pathlib
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise click.FileError(path, error.strerror) from error


def only_step(answer: WhyAnswer) -> str:
    """The step that is meant when none is named: the only one that leads on. Raises WhichStep."""
    from reports.usage import WhichStep

    leading = tuple(way.transition.trigger for way in answer.ways if way.transition.leads_on)
    if len(leading) != 1:
        raise WhichStep(unit=answer.unit.code, possible=leading)
    return leading[0]


def check_moments(unit: str | None, first: date | int | None, step: int | None, **moment: date | int | None) -> None:
    """Which moments of a replay go together: one, two, or one step of a unit."""
    if (first is None and moment["last"] is not None) or (first is not None and moment["at"] is not None):
        raise click.UsageError(spoken().say("usage.from_to"))
    if step is not None and (unit is None or first is not None or any(given is not None for given in moment.values())):
        raise click.UsageError(spoken().say("usage.step"))


def fact_of(recorded: Recorded) -> str | None:
    """The fact that an event is about, if it is about one."""
    from engine import events as ev

    event = recorded.event
    if isinstance(event, ev.FactRecorded):
        return event.fact
    return event.name if isinstance(event, ev.Corrected) and event.what == ev.FactRecorded.kind else None


def unit_argument(*, required: bool = True) -> Callable[[F], F]:
    return click.argument("unit", cls=Argument, required=required, shell_complete=complete_units)


def argument(name: str, **fields: Any) -> Callable[[F], F]:
    return click.argument(name, cls=Argument, **fields)


def option(*names: str, **fields: Any) -> Callable[[F], F]:
    return click.option(*names, cls=Option, **fields)


def _read_only_desk(ctx: click.Context) -> Desk:
    from store.desk import Desk

    session = ctx.find_object(Session) or Session()
    return Desk.open(session.place, session.season, read_only=True)


def complete_units(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Unit codes for the shell. A completion never complains."""
    from click.shell_completion import CompletionItem

    try:
        with _read_only_desk(ctx) as desk:
            return [CompletionItem(code) for code in desk.codes() if code.startswith(incomplete)]
    except Exception:  # noqa: BLE001 - whatever it is, the shell gets no words in between
        return []


def complete_names(kind: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Names that the unit's procedure declares, for the shell: triggers, facts, documents, guards."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from reports.completion import names

        try:
            with _read_only_desk(ctx) as desk:
                return names(kind, desk, desk.find_unit(ctx.params["unit"]), incomplete, spoken())
        except Exception:  # noqa: BLE001 - as above
            return []

    return complete
