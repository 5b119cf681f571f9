"""A board pays for what it says and no more: what only writers, judges and tables need is not loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.seasons import opened

HEAVY = ("alembic", "cattrs", "lark", "platformdirs", "rich", "transitions", "click", "uuid", "difflib")


@pytest.mark.parametrize(
    "question", ["desk.status()", "desk.status(under='city', blocked=True)", "list(desk.history())", "desk.codes()"]
)
def test_a_question_loads_neither_the_kernel_nor_a_parser(tmp_path: Path, question: str) -> None:
    path = tmp_path / "season.db"
    opened(path).desk.close()
    script = f"""
import sys
from store.desk import Desk
with Desk.open({str(path)!r}, read_only=True) as desk:
    {question}
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""

    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
