"""Where a store's file lies: whether it is there, whether it may be written, and on what kind of drive.

SQLite's locks do not hold on network drives; two clerks would overwrite each other without an error, so such a place is refused at open.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from store.errors import Corrupt, NetworkFileSystem, NoStore, NotReadable, ReadOnlyPlace

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ncpfs", "ceph", "glusterfs", "lustre", "davfs"}
)
# Local all the same: an NTFS disk mounted by a driver in user space, and the layered root of a container.
_LOCAL_FUSE = frozenset({"fuseblk", "fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.ext4"})
_NEEDED = 65_536  # bytes: SQLite's index of a short log takes half of it
_REMOTE_DRIVE = 4  # Windows: DRIVE_REMOTE


def check_existing(path: Path, *, read_only: bool) -> None:
    """Refuse a file that is missing, on a network drive, or not to be read (or written, where it has to be)."""
    if not is_there(path):
        raise NoStore(place=str(path))
    if path.is_dir():
        raise Corrupt(place=str(path), detail="directory")
    refuse_network(path)
    if not os.access(path, os.R_OK):
        raise NotReadable(place=str(path))
    if not read_only and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise ReadOnlyPlace(place=str(path))


def check_new(path: Path) -> None:
    """Refuse a place where no file can be made."""
    if is_there(path):
        check_existing(path, read_only=False)
        return
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ReadOnlyPlace(place=str(path))
    refuse_network(path)


def is_there(path: Path) -> bool:
    """Whether there is something at a path. Raises NotReadable where the system does not even look: the name is too long, say."""
    try:
        return path.exists()
    except OSError:
        raise NotReadable(place=str(path)) from None


def folder_is_writable(path: Path) -> bool:
    return os.access(path.parent, os.W_OK)


def is_full(path: Path) -> bool:
    """Whether there is not even room beside a file for what a store needs there."""
    import shutil  # a full disk is rare, and what this loads is not little

    try:
        return shutil.disk_usage(path.parent).free < _NEEDED
    except OSError:
        return False


def refuse_network(path: Path) -> None:
    """Refuse a file on a network drive."""
    found = network_file_system(path)
    if found is not None:
        raise NetworkFileSystem(place=str(path), file_system=found)


def network_file_system(path: Path) -> str | None:
    """The kind of network drive that a file lies on, or None for a local one (or where the system does not say)."""
    if sys.platform == "win32":
        return _windows_drive(path)
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    kind = file_system_of(Path(os.path.realpath(path.parent)), mounts)
    return kind if is_network(kind) else None


def is_network(kind: str) -> bool:
    return kind in _NETWORK or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)


def file_system_of(folder: Path, mounts: str) -> str:
    """The file system of the mount that a folder lies in, from the text of /proc/mounts; the later of two on one point hides the first."""
    kind, longest = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:  # noqa: PLR2004  # device, mount point, file system
            continue
        point = Path(_unescaped(fields[1]))
        depth = len(point.parts)
        if depth >= longest and folder.is_relative_to(point):
            kind, longest = fields[2], depth
    return kind


def _unescaped(point: str) -> str:
    """A mount point as it is: the kernel writes spaces, tabs, line ends and backslashes as octal numbers."""
    for code in ("040", "011", "012", "134"):
        point = point.replace(f"\\{code}", chr(int(code, 8)))
    return point


def _windows_drive(path: Path) -> str | None:
    """A UNC path, or a letter that stands for one."""
    full = str(path.absolute())
    if full.startswith("\\\\"):
        return "UNC"
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # the name exists on Windows alone
    return "UNC" if kernel.GetDriveTypeW(path.absolute().anchor) == _REMOTE_DRIVE else None
