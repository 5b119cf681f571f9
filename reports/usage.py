"""Mistakes at the command line that are no one else's: codes and typed fields, as everywhere."""

from __future__ import annotations

from typing import ClassVar

import attrs

from engine.errors import DaihoiError


@attrs.define(kw_only=True)
class NoActor(DaihoiError):
    """A command that writes does not know who acts."""

    code: ClassVar[str] = "E-ACTOR"
    exit_code: ClassVar[int] = 2


@attrs.define(kw_only=True)
class WhichStep(DaihoiError):
    """The trigger was left out, and not exactly one step leads on."""

    code: ClassVar[str] = "E-TRIGGER"
    exit_code: ClassVar[int] = 2

    unit: str
    possible: tuple[str, ...]


@attrs.define(kw_only=True)
class NoTable(DaihoiError):
    """An answer that is no table was asked for as one."""

    code: ClassVar[str] = "E-FORMAT"
    exit_code: ClassVar[int] = 2

    format: str


@attrs.define(kw_only=True)
class KeptAlready(DaihoiError):
    """There is something where a rehearsal was to be kept."""

    code: ClassVar[str] = "E-KEPT"
    exit_code: ClassVar[int] = 5

    place: str


@attrs.define(kw_only=True)
class AnswerLost(DaihoiError):
    """The answer could not be written out. What the command recorded stands."""

    code: ClassVar[str] = "E-OUTPUT"
    recorded: ClassVar[bool | None] = None

    reason: str


@attrs.define(kw_only=True)
class Mistaken(DaihoiError):
    """The command line itself cannot be understood. `words`: click's, in the reader's language; `command`: whose help to read."""

    code: ClassVar[str] = "E-USAGE"
    exit_code: ClassVar[int] = 2

    words: str
    command: str


@attrs.define(kw_only=True)
class Interrupted(DaihoiError):
    """Somebody stopped the program. Whether its last act was recorded, the log alone knows."""

    code: ClassVar[str] = "E-INTERRUPTED"
    recorded: ClassVar[bool | None] = None


@attrs.define(kw_only=True)
class Internal(DaihoiError):
    """The program is wrong somewhere. Whether its last act was recorded, the log alone knows."""

    code: ClassVar[str] = "E-INTERNAL"
    recorded: ClassVar[bool | None] = None

    detail: str
