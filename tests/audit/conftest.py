"""Seasons on every kind of store, the command line on one that was played, and a passphrase."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Shell, pilots, played, shell
from tests.store.conftest import address, make, path, season, stored

__all__ = ["address", "make", "path", "pilots", "played", "season", "secret", "shell", "stored"]

PASSPHRASE = "bốn từ không liên quan"


@pytest.fixture
def secret(pilots: Shell) -> list[str]:
    """The option that gives the passphrase."""
    file = Path(pilots.folder, "passphrase.txt")
    file.write_text(f"{PASSPHRASE}\n", "utf-8")
    return ["--passphrase-file", str(file)]
