"""What can go wrong with keys, checkpoints and proofs. Codes and typed fields only; the words are made in `reports`."""

from __future__ import annotations

from typing import ClassVar

import attrs

from engine.errors import DaihoiError
from engine.tlog.malformed import Form


@attrs.define(kw_only=True)
class FileFailed(DaihoiError):
    """A file beside the store cannot be used.

    `why`: it is to be made and `exists`, or is the store's `own`; or the system refused to `read` or `write` it.
    """

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


@attrs.define(kw_only=True)
class NotWhole(DaihoiError):
    """The log is not what its head says, so it is not signed. `found`: how many problems; `seq`: where the first is, if that is known."""

    code: ClassVar[str] = "E-NOT-WHOLE"
    exit_code: ClassVar[int] = 3

    found: int
    seq: int | None


@attrs.define(kw_only=True)
class ChangedMeanwhile(DaihoiError):
    """While a log was being signed, somebody changed what had been read back. `seq`: the event that was appended for the checkpoint."""

    code: ClassVar[str] = "E-CHANGED"
    exit_code: ClassVar[int] = 3
    recorded: ClassVar[bool | None] = True

    seq: int


@attrs.define(kw_only=True)
class NotContinued(DaihoiError):
    """A log does not go on from an earlier checkpoint. `why`: that is of another log (`other_log`), `longer`, or of another `past`."""

    code: ClassVar[str] = "E-PAST"
    exit_code: ClassVar[int] = 3

    why: str
    log: str
    other: str
    size: int
    kept: int


@attrs.define(kw_only=True)
class NotVouched(DaihoiError):
    """A checkpoint is not signed by whom it should be.

    `why`: `nobody` who is known did, or a signature is `wrong`; `name`: whose. Or too few witnesses for the `quorum` of that name.
    """

    code: ClassVar[str] = "E-SIGNATURE"
    exit_code: ClassVar[int] = 3

    why: str
    name: str


@attrs.define(kw_only=True)
class NotCosigned(DaihoiError):
    """A witness does not cosign. `kept`: the size it cosigned last; `size`: the checkpoint's.

    `why`: the log is `unknown` to it, or known by `other_key`; the checkpoint is `older`, of the same size with another root (`forked`),
    comes without a proof (`no_proof`), with one for another checkpoint (`other_proof`) or from another size (`other_size`), or is no
    continuation (`past`); or somebody else used the record meanwhile (`busy`).
    """

    code: ClassVar[str] = "E-WITNESS"
    exit_code: ClassVar[int] = 3

    why: str
    log: str
    size: int
    kept: int = 0


@attrs.define(kw_only=True)
class NotInside(DaihoiError):
    """A checkpoint of so many events (`size`) does not speak of an event. `asked`: the number or the unit that was asked for."""

    code: ClassVar[str] = "E-BEYOND"
    exit_code: ClassVar[int] = 2

    asked: str
    size: int


@attrs.define(kw_only=True)
class NoHeads(DaihoiError):
    """A checkpoint does not end with every unit's last event on record: nobody could see whether something of a unit was left out."""

    code: ClassVar[str] = "E-HEADS"
    exit_code: ClassVar[int] = 2

    unit: str
    size: int


@attrs.define(kw_only=True)
class NeedsProof(DaihoiError):
    """Of two logs the newer one is known by its checkpoint alone: without a proof nobody sees that it goes on from the older."""

    code: ClassVar[str] = "E-NO-PROOF"
    exit_code: ClassVar[int] = 2

    file: str
    size: int
    kept: int


@attrs.define(kw_only=True)
class NoSuchCommand(DaihoiError):
    """No command with this id was accepted."""

    code: ClassVar[str] = "E-COMMAND"
    exit_code: ClassVar[int] = 2

    command_id: str


@attrs.define(kw_only=True)
class NotReceipted(DaihoiError):
    """A receipt that the store keeps is not given. `why`: it is `missing`, `damaged`, or says something `other` than the log."""

    code: ClassVar[str] = "E-RECEIPT"
    exit_code: ClassVar[int] = 3

    command_id: str
    why: str
