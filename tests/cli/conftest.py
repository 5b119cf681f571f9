"""The command line, run in this process or as a real one, on copies of a season that was played once."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO, Any

import attrs
import pytest

from cli import main

ROOT = Path(__file__).parents[2]


@attrs.frozen
class Ran:
    """What a run came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)["error"]


@attrs.define
class Shell:
    """A folder, and an environment that nobody else's settings reach."""

    folder: Path
    environment: dict[str, str] = attrs.field(factory=dict)

    def __call__(self, *arguments: str, **environment: str) -> Ran:
        """Run in this process: fast, and the coverage of every line."""
        out, err = io.StringIO(), io.StringIO()
        kept, where = dict(os.environ), Path.cwd()
        try:
            os.environ.clear()
            os.environ.update(self._environment(environment))
            os.chdir(self.folder)
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
                main.main(list(arguments))
        finally:
            os.chdir(where)
            os.environ.clear()
            os.environ.update(kept)
        return Ran(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def process(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdout: int | IO[Any] = subprocess.PIPE
    ) -> Ran:
        """Run as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=self.folder,
            env=self._environment(environment or {}) | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        return Ran(done.returncode, done.stdout or "", done.stderr)

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "HOME", "TMPDIR") if name in os.environ}
        return {**kept, "DAIHOI_RECEIPTS": str(self.folder / "receipts.jsonl"), "DAIHOI_LANG": "en", **self.environment, **more}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """An empty folder."""
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `daihoi scenario run two-pilots --keep` was run."""
    folder = tmp_path_factory.mktemp("played")
    ran = Shell(folder)("scenario", "run", "two-pilots", "--keep")
    assert ran.code == 0, ran
    return folder


@pytest.fixture
def pilots(played: Path, tmp_path: Path) -> Shell:
    """The season of 28/4/2021: Tây Hồ has held, Đông Anh not yet. A copy of its own for each test."""
    for file in played.iterdir():
        shutil.copy(file, tmp_path / file.name)
    return Shell(tmp_path)
