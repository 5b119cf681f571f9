"""What holds for every test: a busy machine is no failure, and the user's own season, language and receipts are out of reach.

In CI generated examples are the same every time, so that nothing fails there by chance; at home they are new ones.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

pytest_plugins = ["tests.trials.plugin"]

settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

for _name in [name for name in os.environ if name.startswith("DAIHOI_")]:
    del os.environ[_name]
_users_data = tempfile.TemporaryDirectory(prefix="daihoi-tests-")
os.environ["XDG_DATA_HOME"] = _users_data.name
os.environ["XDG_RUNTIME_DIR"] = _users_data.name  # the wheel of PostgreSQL keeps its lock there


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """A real PostgreSQL that does not wait for the disk."""
    with postgres.server() as running:
        running.hurry()
        yield running
