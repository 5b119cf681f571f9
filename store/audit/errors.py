"""What can go wrong with keys, checkpoints and proofs. Codes and typed fields only; the words are made in `reports`."""

from __future__ import annotations

from typing import ClassVar

import attrs

from engine.errors import DaihoiError
from engine.tlog.malformed import Form


@attrs.define(kw_only=True)
class PackageMissing(DaihoiError):
    """The package that makes and checks signatures is not installed here."""

    code: ClassVar[str] = "E-PACKAGE"
    exit_code: ClassVar[int] = 5

    package: str
    detail: str


@attrs.define(kw_only=True)
class FileFailed(DaihoiError):
    """A file beside the store cannot be used. `why`: it is to be made and `exists`, or the system refused to `read` or `write` it."""

    code: ClassVar[str] = "E-FILE"
    exit_code: ClassVar[int] = 5

    file: str
    why: str
    detail: str = ""


@attrs.define(kw_only=True)
class BadFile(DaihoiError):
    """A file is not of the format that it should be. `fault`, `line`: as `engine.tlog.malformed` says."""

    code: ClassVar[str] = "E-AUDIT-FILE"
    exit_code: ClassVar[int] = 2

    file: str
    form: Form
    fault: str
    line: int | None = None


@attrs.define(kw_only=True)
class Passphrase(DaihoiError):
    """A key cannot be locked or unlocked. `why`: nobody could be asked (`missing`), it is too `short` for a new key, or `wrong`."""

    code: ClassVar[str] = "E-PASSPHRASE"
    exit_code: ClassVar[int] = 2

    why: str
    least: int = 0


@attrs.define(kw_only=True)
class WrongKey(DaihoiError):
    """A key is for something else. `why`: of another log (`other_log`), not a log's (`not_log`), not a witness's (`not_witness`)."""

    code: ClassVar[str] = "E-KEY"
    exit_code: ClassVar[int] = 2

    name: str
    why: str
    log: str = ""
