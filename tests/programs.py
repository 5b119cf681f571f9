"""Programs that some tests run beside the project: in CI each has to be there; at home a test that misses one says so and is skipped."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def missing(words: str) -> NoReturn:
    """What a test needs is not on this machine."""
    if "CI" in os.environ:
        pytest.fail(words)
    pytest.skip(f"NOT TRIED: {words}")


def program(name: str, package: str) -> str:
    """Where a program is. `package`: Debian's, to be named where it is missing."""
    return shutil.which(name) or missing(f"{name} is missing (apt install {package})")
