"""How the program runs: the language first, then click, then every error as words and an exit code.

Commands take the global options too, behind their name; a command that writes gets an `Act`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reports import language
from reports.arguments import COUNT, DAY, actor, complete_units, option
from reports.catalogue import LANGUAGES
from reports.session import Session
from reports.speech import Option, SpokenCommand, SpokenGroup

if TYPE_CHECKING:
    from datetime import date

    from engine.commands import AnyCommand
    from engine.values import Value
    from store.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])

pass_session = click.make_pass_decorator(Session)


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Keep a global option; one behind the command wins over one before it."""
    session = ctx.find_object(Session)
    if value is not None and session is not None and param.name is not None:
        setattr(session, param.name, value)
    return value


def version_option(*, hidden: bool = False) -> click.Parameter:
    """Tells the versions and ends the run. It is read after `--format` and `--lang`, which say how."""
    return Option(("--version",), is_flag=True, hidden=hidden, expose_value=False, callback=_tell_version)


def _tell_version(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    session = ctx.find_object(Session)
    if not value or session is None or ctx.resilient_parsing:
        return
    from reports import version

    session.show(version.REPORT, version.versions())
    ctx.exit()


def global_options(*, hidden: bool) -> list[click.Parameter]:
    """The options of every command. Only those before the command read the environment, so that the command line wins."""

    def made(*names: str, environment: str | None = None, **fields: Any) -> Option:
        envvar = None if hidden else environment
        return Option(
            names, hidden=hidden, envvar=envvar, show_envvar=True, expose_value=False, callback=_remember, is_eager=True, **fields
        )

    return [
        made("--store", environment="DAIHOI_STORE", metavar="STORE"),
        made("--season", metavar="SEASON_ID"),
        made("--as", "actor", environment="DAIHOI_ACTOR", metavar="ACTOR", shell_complete=complete_units),
        made("--lang", environment="DAIHOI_LANG", type=click.Choice(LANGUAGES)),
        made("--format", type=click.Choice(("table", "json", "csv"))),
        made("--color", type=click.Choice(("auto", "always", "never"))),
        made("--yes", is_flag=True, default=None),
    ]


class Command(SpokenCommand):
    """A command. It takes the global options, which its help does not list again."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *_behind_the_command()]


@cache
def _behind_the_command() -> list[click.Parameter]:
    """One set for all commands, made when the first is run: thirty sets would cost every start four milliseconds."""
    return [*global_options(hidden=True), version_option(hidden=True)]


class Group(SpokenGroup):
    """Commands under one word."""

    command_class = Command

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *_behind_the_command()]


Group.group_class = Group


class Program(SpokenGroup):
    """The whole command line: it decides the language first, and turns every error into words and an exit code."""

    command_class = Command
    group_class = Group

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run. click's own ways to end are ours: the name is always `daihoi`, and errors are words."""
        arguments_given = list(sys.argv[1:] if args is None else args)
        language.speak(language.decide(arguments_given, os.environ))
        extra = {name: value for name, value in extra.items() if name not in ("prog_name", "standalone_mode")}
        sys.exit(self._run(arguments_given, extra))

    def _run(self, given: list[str], extra: dict[str, Any]) -> int:
        session = Session()
        try:
            found = super().main(given, "daihoi", standalone_mode=False, obj=session, **extra)
        except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a person
            from reports.failure import explain

            session.format = session.format or language.given(given, "--format")
            return explain(error, session.output, session.about, session.procedure, session.others)
        return found if isinstance(found, int) else 0  # click hands over the code that a command asked for


class Act:
    """A command that writes, being put together: who, when, why, and what it was decided on."""

    def __init__(self, session: Session, desk: Desk, given: dict[str, Any]) -> None:
        self.session = session
        self.desk = desk
        self.on: date | None = given["on"]
        self._reason: str | None = given["reason"]
        self._how: dict[str, Any] = {name: given[name] for name in ("expect", "dry_run", "command_id")}

    def about(self, unit: str, *, on: bool = True) -> dict[str, Any]:
        """What every command has."""
        who = actor(self.session.actor)
        return {"unit": unit, "actor": who, "on": self.on if on else None, "reason": self._reason}

    def unit(self, text: str) -> str:
        return self.desk.find_unit(text)

    def typed(self, unit: str, fact: str, text: str) -> Value:
        """A value as the fact's type means it; of a fact that is not declared the desk will speak."""
        from reports import typed

        declared = self.desk.workflow_of(unit).fact_by_id.get(fact)
        return text if declared is None else typed.value(text, declared.type, fact, declared.choices)

    def submit(self, command: AnyCommand, **more: Any) -> None:
        """Record it, and print the receipt."""
        from engine.refusals import GuardsRefuse
        from reports import accepted

        self.session.check(accepted.REPORT)
        try:
            answer = self.desk.submit(command, **self._how, **more)
        except GuardsRefuse as refusal:
            self.session.refused(refusal, self.desk)
            raise
        self.session.at(self.desk)
        self.session.show(accepted.REPORT, answer)


def writes(command: F) -> F:
    """A command that writes: it takes `--on`, `--reason`, `--expect`, `--dry-run` and `--command-id`, and gets an Act."""

    @option("--on", type=DAY, metavar="DATE")
    @option("--reason", metavar="TEXT")
    @option("--expect", type=COUNT, metavar="N")
    @option("--dry-run", is_flag=True)
    @option(
        "--command-id",
        type=click.UUID,
        metavar="UUID",
        callback=lambda _ctx, _param, value: None if value is None else str(value),
    )
    @pass_session
    @wraps(command)
    def wrapped(session: Session, /, **given: Any) -> None:
        common = {name: given.pop(name) for name in ("on", "reason", "expect", "dry_run", "command_id")}
        with session.desk(read_only=False, receipts=session.receipts()) as desk:
            command(Act(session, desk, common), **given)

    return wrapped  # type: ignore[return-value]  # click looks only at the parameters that were attached
