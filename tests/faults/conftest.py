"""Where the faults are tried."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that costs no syncs where the system has one in memory: the faults are the disk's of these tests."""
    memory = Path("/dev/shm")  # a folder of our own in it
    made = Path(tempfile.mkdtemp(prefix="daihoi-", dir=memory if os.access(memory, os.W_OK) else None))
    yield made
    shutil.rmtree(made)
