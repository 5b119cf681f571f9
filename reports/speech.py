"""The command line in the reader's language: click's classes with their texts from the catalogue.

A command's help has the code `help.COMMAND`, an option's `option.NAME` (or `option.COMMAND.NAME`), a placeholder's `metavar.NAME`. They are
looked up when they are shown, so that the language can be decided from the command line itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from reports import language
from reports.catalogue import Words, words


def spoken() -> Words:
    """The words of the language that was decided for this run."""
    return words(language.spoken())


class _Text:
    """A parameter that takes text: bytes that are none (an old terminal's, a broken name) are refused before anything is looked up."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        if not isinstance(self.type, click.Path):  # type: ignore[attr-defined]  # of click's parameter; a file may be called anything
            for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
                _check_text(text, ctx, self)
        return super().type_cast_value(ctx, value)  # type: ignore[misc]  # as above


def _check_text(text: Any, ctx: click.Context, parameter: Any) -> None:
    """Python hands over bytes that are not UTF-8 as lone surrogates, which no database and no JSON takes."""
    if not isinstance(text, str) or text.isprintable():
        return
    from engine.values import is_whole

    if not is_whole(text):
        raise click.BadParameter(spoken().say("usage.not_text", text=text), ctx, parameter)


class Option(_Text, click.Option):
    """An option whose help is looked up when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        if not self.hidden:
            self.help = self._text(ctx)
        return super().get_help_record(ctx)

    def make_metavar(self, *args: Any, **kwargs: Any) -> str:
        return _placeholder(self.metavar) if self.metavar else super().make_metavar(*args, **kwargs)

    def _text(self, ctx: click.Context) -> str:
        said = spoken()
        own = f"option.{code_of(ctx.command)}.{self.name}"
        return said.say(own if said.has(own) else f"option.{self.name}")


class Argument(_Text, click.Argument):
    """An argument whose placeholder is in the reader's language."""

    def make_metavar(self, *args: Any, **kwargs: Any) -> str:  # noqa: ARG002 - click hands a context over, or does not, by its version
        name = _placeholder(self.metavar or self.name or "")
        name = name if self.required else f"[{name}]"
        return name if self.nargs == 1 else f"{name}..."


def _placeholder(name: str) -> str:
    code = f"metavar.{name.lower()}"
    return spoken().say(code) if spoken().has(code) else name


def code_of(command: click.Command) -> str:
    """The command's place: `document.file`; nothing for the program itself."""
    return getattr(command, "place", "")


class SpokenCommand(click.Command):
    """A command whose help is looked up when it is shown."""

    place = ""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.help = self._help()
        super().format_help(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - the first line is as long as it has to be
        return self._help().partition("\n")[0]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option that shows the help; click makes it once, with the words of the language of that moment."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = spoken().say("option.help")
        return found

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = [spoken().say("metavar.options"), *(piece for p in self.get_params(ctx) for piece in p.get_usage_pieces(ctx))]
        return [*pieces, spoken().say("metavar.command")] if isinstance(self, click.Group) else pieces

    def _help(self) -> str:
        return spoken().say(f"help.{self.place}" if self.place else "help")


class SpokenGroup(SpokenCommand, click.Group):
    """Commands under one word. It names the nearest command when there is none of the name given."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        super().add_command(cmd, name)
        if isinstance(cmd, SpokenCommand):
            cmd.place = f"{self.place}.{name or cmd.name}".lstrip(".")

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order in which they are told of, not that of the alphabet."""
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing and args[0][:1] != "-":
            ctx.fail(_no_command(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


def _no_command(name: str, known: Sequence[str]) -> str:
    from reports.guess import near

    found = near(name, known)
    guess = spoken().say("error.guess", near=found) if found else spoken().say("error.no_guess")
    return spoken().say("usage.no_command", name=name, guess=guess)
