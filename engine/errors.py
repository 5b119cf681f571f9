"""The errors people can meet: one class each, with a code, an exit code and typed fields.

The words are made in `reports`, from the code and the fields, in the reader's language. Here nothing is a sentence.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs


@attrs.define
class DaihoiError(Exception):
    """What could not be done. None of them leaves half an act in the log.

    `recorded`: false, surely nothing was; None where that is not known, because somebody or something broke in on the very commit.
    """

    code: ClassVar[str] = "E-ERROR"
    exit_code: ClassVar[int] = 1
    recorded: ClassVar[bool | None] = False

    def fields(self) -> dict[str, Any]:
        """The typed fields, by name, for the catalogue and for JSON."""
        return {a.name: getattr(self, a.name) for a in attrs.fields(type(self))}

    def __str__(self) -> str:
        return f"{self.code} {self.fields()}"
