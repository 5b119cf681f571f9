"""Reading the files that a file names: a season its procedures and plans, a scenario its season and plans."""

from __future__ import annotations

from pathlib import Path

from workflows.catalogue import Kind, NothingOfThatName, find
from workflows.problems import Findings, KeyPath
from workflows.toml import Document, FileError, read_toml


def named_document(kind: Kind, reference: str, folder: Path, path: KeyPath, findings: Findings) -> Document | None:
    """The file that an id or a path means, or nothing, and a mistake at the place where it is named."""
    try:
        found = find(kind, reference, folder)
        return read_toml(found.path, found.name)
    except NothingOfThatName as error:
        findings.error("E-FILE-UNKNOWN", path, guess=error.guess, kind=kind, name=reference[:60], known=error.known)
    except FileError as error:
        findings.error("E-FILE-NAMED", path, name=reference[:60], error=error.code, details=error.fields())
    return None
