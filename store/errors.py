"""What can go wrong between a desk and its store. Codes and typed fields only; the words are made in `reports`.

None of these leaves half an act behind: `recorded` is false for every error but one, where it is not known.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import attrs

from engine.desk import Receipt
from engine.errors import DaihoiError


@attrs.define(kw_only=True)
class UnitChanged(DaihoiError):
    """Somebody else's command on the unit came first.

    `expected`: the version this was decided on; `found`: the one that stands. `winner`: the receipt of the command that took the
    next version, `actor` and `person` who gave it; all None where no such version was ever taken.
    """

    code: ClassVar[str] = "E-CONFLICT"
    exit_code: ClassVar[int] = 6

    unit: str
    expected: int
    found: int
    winner: Receipt | None = None
    actor: str | None = None
    person: str | None = None


@attrs.define(kw_only=True)
class CommandReused(DaihoiError):
    """The command id already stands for another request.

    `first`: what that one got; `erased`: its words are gone, so nobody can compare.
    """

    code: ClassVar[str] = "E-COMMAND-REUSED"
    exit_code: ClassVar[int] = 6

    command_id: str
    first: Receipt
    erased: bool = False


@attrs.define(kw_only=True)
class AmbiguousUnit(DaihoiError):
    """Several units have the name. `codes` tells them apart."""

    code: ClassVar[str] = "E-AMBIGUOUS"
    exit_code: ClassVar[int] = 2

    unit: str
    codes: tuple[str, ...]


@attrs.define(kw_only=True)
class WhichSeason(DaihoiError):
    """The store holds several seasons and none was named, or the one `named` is not among them."""

    code: ClassVar[str] = "E-SEASON"
    exit_code: ClassVar[int] = 2

    seasons: tuple[str, ...]
    named: str | None = None


@attrs.define(kw_only=True)
class SeasonExists(DaihoiError):
    """The store holds this season already."""

    code: ClassVar[str] = "E-SEASON-EXISTS"
    exit_code: ClassVar[int] = 5

    season: str
    origin: str


@attrs.define(kw_only=True)
class NoSuchPosition(DaihoiError):
    """The log is not that long, or the season was opened later. `what`: it was to be looked at (`moment`), or an `event` was meant."""

    code: ClassVar[str] = "E-POSITION"
    exit_code: ClassVar[int] = 2

    at: int | date
    first: int | date
    last: int | date
    what: str = "moment"


@attrs.define(kw_only=True)
class UnknownStore(DaihoiError):
    """The address names a kind of database that is not served."""

    code: ClassVar[str] = "E-STORE-URL"
    exit_code: ClassVar[int] = 2

    url: str
    served: tuple[str, ...]


@attrs.define(kw_only=True)
class StorageError(DaihoiError):
    """The store cannot be used. `place`: its file or address."""

    code: ClassVar[str] = "E-STORAGE"
    exit_code: ClassVar[int] = 5

    place: str


@attrs.define(kw_only=True)
class DatabaseFailed(StorageError):
    """The database refused for a reason of its own; `detail` is its word for it."""

    detail: str


@attrs.define(kw_only=True)
class PackageMissing(DaihoiError):
    """A package that not everybody needs is not installed here. `why`: the extra that brings it, for a server (`postgres`) or `audit`."""

    code: ClassVar[str] = "E-PACKAGE"
    exit_code: ClassVar[int] = 5

    package: str
    why: str
    detail: str


@attrs.define(kw_only=True)
class NotConnected(StorageError):
    """The database server does not answer, does not know the database, or does not let this user in; `detail` is its word for it."""

    code: ClassVar[str] = "E-CONNECT"

    detail: str


@attrs.define(kw_only=True)
class ConnectionLost(StorageError):
    """The connection to the database broke before anything was committed."""

    code: ClassVar[str] = "E-CONNECTION"

    detail: str


@attrs.define(kw_only=True)
class NoRight(StorageError):
    """The database's role may not do this; `detail` is the server's word for it."""

    code: ClassVar[str] = "E-RIGHTS"

    detail: str


@attrs.define(kw_only=True)
class NoStore(StorageError):
    """There is no such file yet: a season has to be opened first."""

    code: ClassVar[str] = "E-NO-STORE"


@attrs.define(kw_only=True)
class NotOurs(StorageError):
    """The file belongs to another program."""

    code: ClassVar[str] = "E-NOT-OURS"


@attrs.define(kw_only=True)
class Corrupt(StorageError):
    """The file is damaged, or no database at all."""

    code: ClassVar[str] = "E-CORRUPT"

    detail: str


@attrs.define(kw_only=True)
class NewerSchema(StorageError):
    """A newer version of the program wrote the file."""

    code: ClassVar[str] = "E-NEWER"

    found: int
    known: int


@attrs.define(kw_only=True)
class OlderSchema(StorageError):
    """An older version of the program wrote the file; the next one who writes brings it up to date."""

    code: ClassVar[str] = "E-OLDER"

    found: int
    known: int


@attrs.define(kw_only=True)
class NetworkFileSystem(StorageError):
    """The file lies on a network drive, whose locks do not hold."""

    code: ClassVar[str] = "E-NETWORK-FS"

    file_system: str


@attrs.define(kw_only=True)
class ReadOnlyPlace(StorageError):
    """The file or its folder may not be written."""

    code: ClassVar[str] = "E-READ-ONLY"


@attrs.define(kw_only=True)
class NotReadable(StorageError):
    """The file may not be read."""

    code: ClassVar[str] = "E-UNREADABLE"


@attrs.define(kw_only=True)
class DiskFull(StorageError):
    """There is no room left."""

    code: ClassVar[str] = "E-DISK-FULL"


@attrs.define(kw_only=True)
class DiskFailed(StorageError):
    """The disk refused to read or to write; `detail` is the database's word for what it refused."""

    code: ClassVar[str] = "E-DISK"

    detail: str


@attrs.define(kw_only=True)
class CommitUnknown(StorageError):
    """The database failed while it was committing, and afterwards could not be asked whether it did.

    `command_ids`: by which the same commands get their first receipts, or are recorded now. `why`: what failed, as the dialect's
    `in_doubt` says. Its cause is the failure in our words.
    """

    code: ClassVar[str] = "E-COMMIT-UNKNOWN"
    recorded: ClassVar[bool | None] = None

    command_ids: tuple[str, ...]
    why: str


@attrs.define(kw_only=True)
class Locked(StorageError):
    """Another program kept the store busy for as long as we waited."""

    code: ClassVar[str] = "E-LOCKED"

    seconds: float


@attrs.define(kw_only=True)
class TriggersMissing(StorageError):
    """What protects the log against changes does not stand any more. It is not put back silently."""

    code: ClassVar[str] = "E-TRIGGERS"

    triggers: tuple[str, ...]
