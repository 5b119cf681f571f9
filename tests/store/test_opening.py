"""What is refused at the door, each with its own word, and what is only told."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine import commands as cmd
from engine.desk import Accepted
from engine.errors import DaihoiError
from store import places
from store.connection import Lent
from store.desk import Desk, seasons
from store.errors import (
    Corrupt,
    DiskFailed,
    DiskFull,
    Locked,
    NetworkFileSystem,
    NewerSchema,
    NoStore,
    NotOurs,
    NotReadable,
    OlderSchema,
    ReadOnlyPlace,
    TriggersMissing,
    UnknownStore,
    WhichSeason,
)
from store.layout import STAMP
from store.receipts import Receipts
from tests import sample
from tests.store.seasons import Maker, StoredSeason, act, fact, opened, reopened


def forge(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as raw:
        for statement in statements:
            raw.execute(statement)
    raw.close()


def closed(path: Path) -> Path:
    opened(path).desk.close()
    return path


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, read_only: bool) -> None:
    with pytest.raises(NoStore) as error:
        Desk.open(tmp_path / "season.db", read_only=read_only)

    assert error.value.place == str(tmp_path / "season.db")
    assert error.value.exit_code == 5
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_store_yet(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    path.touch()

    with pytest.raises(NoStore):
        Desk.open(path)
    assert closed(path).stat().st_size > 0


@pytest.mark.parametrize("statement", ["CREATE TABLE notes (text)", "PRAGMA user_version = 3", "PRAGMA application_id = 77"])
@pytest.mark.parametrize("opener", [Desk.open, opened])
def test_another_programs_file_is_refused_and_not_touched(tmp_path: Path, statement: str, opener: object) -> None:
    path = tmp_path / "other.db"
    forge(path, statement)
    before = path.read_bytes()

    with pytest.raises(NotOurs):
        opener(path)  # type: ignore[operator]
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "season.db"
    path.write_text("Kế hoạch số 71" * 1000, encoding="utf-8")

    with pytest.raises(Corrupt) as error:
        Desk.open(path)
    assert "NOTADB" in error.value.detail


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(Corrupt):
        Desk.open(tmp_path)


def test_a_damaged_page_is_told_as_such(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\x5a" * (len(raw) - 4096)
    path.write_bytes(raw)

    with pytest.raises(Corrupt):
        Desk.open(path).status()


def test_a_leaf_that_cannot_be_read_is_told_as_damage(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    forge(path, "DROP TRIGGER log_no_update", "UPDATE log SET leaf = x'00' WHERE seq = 1")

    with Desk.open(path, read_only=True) as desk, pytest.raises(Corrupt):
        desk.why("east")


@pytest.mark.parametrize("read_only", [True, False])
def test_a_newer_programs_store_is_refused(tmp_path: Path, read_only: bool) -> None:
    path = closed(tmp_path / "season.db")
    forge(path, f"PRAGMA user_version = {STAMP + 1000}")

    with pytest.raises(NewerSchema) as error:
        Desk.open(path, read_only=read_only)
    assert (error.value.found, error.value.known) == (2, 1)


def test_a_reader_does_not_bring_an_older_store_up_to_date(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    forge(path, "PRAGMA user_version = 7")

    with pytest.raises(OlderSchema):
        Desk.open(path, read_only=True)


@pytest.mark.parametrize(
    ("mounts", "folder", "kind"),
    [
        ("/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/share nfs4 rw 0 0\n", "/mnt/share/congress", "nfs4"),
        ("/dev/sda1 / ext4 rw 0 0\n//pc/x /mnt/may\\040chu cifs rw 0 0\n", "/mnt/may chu", "cifs"),
        ("/dev/sda1 / ext4 rw 0 0\nC: /mnt/c 9p rw 0 0\n", "/mnt/c/Users", "9p"),
        ("/dev/sda1 / ext4 rw 0 0\nme@host:/ /mnt/s fuse.sshfs rw 0 0\n", "/mnt/s", "fuse.sshfs"),
        ("server:/x / nfs rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n", "/home", "nfs"),
    ],
)
def test_a_network_drive_is_recognised_by_the_mount_that_holds_the_folder(mounts: str, folder: str, kind: str) -> None:
    found = places.file_system_of(Path(folder), mounts)

    assert found == kind
    assert places.is_network(found)


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "tmpfs", "overlay", "fuseblk", "fuse.fuse-overlayfs", ""])
def test_a_drive_of_this_machine_is_none(kind: str) -> None:
    assert not places.is_network(kind)


def test_a_mount_next_door_does_not_count() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/share nfs rw 0 0\n/dev/sdb1 /mnt/share/local xfs rw 0 0\n"

    assert places.file_system_of(Path("/mnt/shared"), mounts) == "ext4"
    assert places.file_system_of(Path("/mnt/share/local/a"), mounts) == "xfs"


@pytest.mark.parametrize("opener", [Desk.open, opened])
def test_a_store_on_a_network_drive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opener: object) -> None:
    path = tmp_path / "season.db"
    if opener == Desk.open:
        closed(path)
    monkeypatch.setattr(places, "network_file_system", lambda path: "cifs")

    with pytest.raises(NetworkFileSystem) as error:
        opener(path)  # type: ignore[operator]
    assert error.value.file_system == "cifs"


OPEN = """
import os, shutil, sys
from store.desk import Desk
from engine.desk import Accepted
from engine.errors import DaihoiError

def ask(path, read_only):
    with Desk.open(path, read_only=read_only) as desk:
        return desk.state_of("east"), len(list(desk.history()))

shutil.copy(sys.argv[1], sys.argv[1] + ".copy")
ask(sys.argv[1] + ".copy", True)  # everything is imported while it may be read
os.remove(sys.argv[1] + ".copy")
os.chmod(os.path.dirname(sys.argv[1]), int(sys.argv[3], 8))
if os.getuid() == 0:
    os.setuid(65534)
try:
    print(*ask(sys.argv[1], sys.argv[2] == "read"))
except DaihoiError as error:
    print(type(error).__name__)
"""


def as_nobody(path: Path, what: str, folder: int) -> str:
    """What a program without rights of its own says (root may write anywhere)."""
    run = subprocess.run([sys.executable, "-c", OPEN, str(path), what, oct(folder)], capture_output=True, text=True, check=False)
    path.parent.chmod(0o755)
    return run.stdout.strip() or run.stderr


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """A folder that everybody may reach."""
    for folder in [tmp_path, *(above for above in tmp_path.parents if "pytest" in str(above))]:
        folder.chmod(0o755)
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_a_folder_that_may_not_be_written_is_refused_for_writing_and_read_all_the_same(public: Path) -> None:
    path = closed(public / "season.db")
    path.chmod(0o444)

    assert as_nobody(path, "write", 0o555) == "ReadOnlyPlace"
    assert as_nobody(path, "read", 0o555) == "preparation 19"
    assert [p.name for p in public.iterdir()] == ["season.db"]


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="needs rights to give up")
def test_a_file_that_may_not_be_read_is_refused(public: Path) -> None:
    path = closed(public / "season.db")
    path.chmod(0o600)

    assert as_nobody(path, "read", 0o755) == "NotReadable"


def test_a_new_file_is_not_made_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadOnlyPlace):
        opened(tmp_path / "missing" / "season.db")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ReadOnlyPlace):
        opened(tmp_path / "season.db")


def test_who_may_read_and_who_may_write_is_asked_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = closed(tmp_path / "season.db")
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.R_OK)
    with pytest.raises(ReadOnlyPlace):
        Desk.open(path)
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.W_OK)
    with pytest.raises(NotReadable):
        Desk.open(path)


def test_a_full_disk_takes_nothing_and_breaks_nothing(stored: StoredSeason, path: Path) -> None:
    stored.submitted("east")
    raw = stored.desk._session.store.raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")
    acts = (act(cmd.RecordFact, "east", fact="delegates_summoned", value=n, reason="lý do " * 200) for n in range(10_000))
    accepted: list[Accepted] = []
    with pytest.raises(DiskFull) as error:
        accepted.extend(map(stored.desk.submit, acts))
    assert error.value.place == str(path)

    raw.execute("PRAGMA max_page_count = 1000000")
    assert stored.size() == 22 + len(accepted)
    assert stored.desk.verify().ok
    assert stored.desk.submit(fact("west", 1)).receipt is not None


def test_a_commit_that_fails_leaves_nothing_half_done(stored: StoredSeason) -> None:
    class Failing(Lent):
        def commit(self) -> None:
            full = sqlite3.OperationalError("disk full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise full

        def rollback(self) -> None:
            raw.rollback()

    store = stored.desk._session.store
    raw = store.raw
    store.raw = Failing(raw)
    with pytest.raises(DiskFull):
        stored.desk.submit(fact("east", 1))
    store.raw = raw

    assert stored.size() == 19
    assert stored.desk.submit(fact("east", 1)).events[0].version == 3
    assert stored.desk.verify().ok


def test_a_store_that_somebody_keeps_busy_is_not_waited_for_without_end(stored: StoredSeason, path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    with Desk.open(path, wait=0.2) as desk:
        with pytest.raises(Locked) as error:
            desk.submit(fact("east", 1))
        assert error.value.seconds == 0.2
        assert desk.state_of("east") == "preparation"
        raw.execute("ROLLBACK")
        assert desk.submit(fact("east", 1)).receipt is not None
    raw.close()


def test_a_writer_does_not_start_without_the_triggers(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    forge(path, "DROP TRIGGER log_no_update", "DROP TRIGGER command_no_delete")

    with pytest.raises(TriggersMissing) as error:
        Desk.open(path)
    assert error.value.triggers == ("log_no_update", "command_no_delete")


def test_a_trigger_that_does_nothing_does_not_count(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    forge(path, "DROP TRIGGER log_no_update", "CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT 1; END")

    with pytest.raises(TriggersMissing):
        Desk.open(path)


def test_a_reader_is_told_that_triggers_are_missing_and_they_are_not_put_back(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    forge(path, "DROP TRIGGER log_no_update")

    with Desk.open(path, read_only=True) as desk:
        assert [(n.code, n.fields["triggers"]) for n in desk.notes()] == [("triggers_missing", ("log_no_update",))]
        assert "triggers_missing" in {n.code for n in desk.verify().notes}
    with pytest.raises(TriggersMissing):
        Desk.open(path)


def test_a_log_beside_the_file_that_is_not_empty_is_announced(stored: StoredSeason, path: Path, tmp_path: Path) -> None:
    stored.submitted("east")
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("season.db", "season.db-wal"):
        shutil.copy(path.parent / name, folder / name)

    with Desk.open(folder / "season.db", read_only=True) as desk:
        note = desk.notes()[0]
        assert note.code == "leftover_wal"
        assert note.fields["bytes"] > 0
        assert desk.state_of("east") == "document_approval"


def test_without_anything_beside_it_there_is_nothing_to_tell(tmp_path: Path) -> None:
    with Desk.open(closed(tmp_path / "season.db")) as desk:
        assert desk.notes() == ()


def test_a_reader_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    before = path.read_bytes()

    with Desk.open(path, read_only=True) as desk:
        desk.status()

    assert [p.name for p in tmp_path.iterdir()] == ["season.db"]
    assert path.read_bytes() == before


def test_a_reader_takes_nothing_from_whoever_writes(stored: StoredSeason, path: Path) -> None:
    with Desk.open(path, read_only=True) as desk:
        desk.status()
    stored.submitted("east")
    with Desk.open(path, read_only=True) as desk:
        assert desk.state_of("east") == "document_approval"
    stored.submitted("west")

    assert stored.desk.verify().ok


def test_read_only_is_read_only_in_the_database(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")

    with Desk.open(path, read_only=True) as desk:
        with pytest.raises(ReadOnlyPlace):
            desk.submit(fact("east", 1))
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            desk._session.store.raw.execute("DELETE FROM unit_case")


def test_a_season_is_found_by_itself_while_there_is_one(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")
    with Desk.open(path) as desk:
        assert (desk.season, desk.origin, desk.rehearsal, desk.board) == ("sample-2021", "live", False, "city")

    opened(path, origin="thử", opening=sample.opening(season="sample-2026")).desk.close()
    with pytest.raises(WhichSeason) as error:
        Desk.open(path)
    assert error.value.seasons == ("sample-2021", "sample-2026")
    with Desk.open(path, "sample-2026") as desk:
        assert desk.rehearsal
    with pytest.raises(WhichSeason) as error:
        Desk.open(path, "sample-1999")
    assert error.value.named == "sample-1999"
    assert seasons(str(path)) == {"sample-2021": "live", "sample-2026": "thử"}


@pytest.mark.parametrize(
    "address", ["oracle://host/db", "no-such-thing://x", "postgresql://me:secret@host/db?no_such=1", "mysql://me:secret@host/db"]
)
def test_a_database_that_is_not_served_is_refused_without_telling_its_password(address: str) -> None:
    with pytest.raises(UnknownStore) as error:
        Desk.open(address)
    assert "secret" not in str(error.value)


def test_a_url_names_the_same_file_as_a_path(tmp_path: Path) -> None:
    path = closed(tmp_path / "season.db")

    with Desk.open(f"sqlite:///{path}") as desk:
        assert desk.state_of("east") == "preparation"


def test_names_of_files_may_hold_anything(tmp_path: Path) -> None:
    path = closed(tmp_path / "Kỳ đại hội 100% #1?.db")

    with reopened(path) as desk:
        desk.submit(act(cmd.RecordFact, "east", "2021-03-01", fact="theme", value="unity"))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_every_error_of_the_store_has_a_code_of_its_own() -> None:
    def below(cls: type[DaihoiError]) -> set[type[DaihoiError]]:
        return {cls} | {one for child in cls.__subclasses__() for one in below(child)}

    ours = [cls for cls in below(DaihoiError) if cls.__module__ == "store.errors" and cls.__name__ != "StorageError"]

    assert len({cls.code for cls in ours}) == len(ours)
    assert all(cls.exit_code in (2, 5, 6) for cls in ours)


def test_the_receipt_of_an_opening_names_the_log_by_its_first_leaf(address: str, make: Maker, tmp_path: Path) -> None:
    receipts = Receipts(tmp_path / "receipts.jsonl")

    season = make(address, receipts=receipts)

    (kept,) = receipts.read("sample-2021", "live")
    assert kept is not None
    assert kept.log == next(iter(season.desk.history())).leaf_hash


def test_damage_that_is_met_between_two_transactions_is_told_in_our_words(stored: StoredSeason) -> None:
    class Damaged(Lent):
        def execute(self, *_: object) -> None:
            malformed = sqlite3.DatabaseError("database disk image is malformed")
            malformed.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise malformed

    store = stored.desk._session.store
    raw, store.raw = store.raw, Damaged(store.raw)
    with pytest.raises(Corrupt):
        stored.desk.today()
    with pytest.raises(Corrupt):
        stored.desk.version_of("east")
    with pytest.raises(Corrupt):
        stored.desk.definition("0")
    store.raw = raw


@pytest.mark.parametrize(
    ("code", "free", "told"),
    [
        (sqlite3.SQLITE_IOERR_SHMSIZE, 4_096, DiskFull),
        (sqlite3.SQLITE_CANTOPEN, 4_096, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, 1_000_000, DiskFailed),
        (sqlite3.SQLITE_CANTOPEN, 1_000_000, ReadOnlyPlace),
        (sqlite3.SQLITE_CORRUPT, 4_096, Corrupt),
    ],
)
def test_where_a_file_beside_the_store_finds_no_room_the_disk_is_full(
    stored: StoredSeason, monkeypatch: pytest.MonkeyPatch, code: int, free: int, told: type[DaihoiError]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code

    assert type(stored.desk._session.store.dialect.translated(error)) is told


def test_a_store_in_memory_is_on_no_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE

    with opened().desk as desk:
        assert type(desk._session.store.dialect.translated(error)) is DiskFailed
