"""The two verifiers as one can ask them ten thousand times: each in one process that stays."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import attrs

from tests.programs import program

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / "reports" / "bundle" / "verify.py"
JAVASCRIPT = HERE / "verify.mjs"


@attrs.frozen
class Answer:
    """What a verifier says: the code it exits with, and the object of `--json` where there is one."""

    exit: int
    told: Mapping[str, Any] | None = None

    @property
    def code(self) -> str | None:
        """The code of what does not hold."""
        problem = self.told["problem"] if self.told else None
        return problem["code"] if problem else None

    @property
    def compared(self) -> tuple[int, Any]:
        """All that two verifiers have to agree on. Where a problem stands, each may know or not."""
        return self.exit, None if self.told is None else {**self.told, "problem": self.code}


def words(bundle: Path, asking: Mapping[str, str]) -> list[str]:
    """The command line that asks this."""
    return [str(bundle), *(word for name, value in asking.items() for word in (f"--{name}", value)), "--json"]


@cache
def in_python() -> ModuleType:
    """`verify.py` as a module, with the signatures that `openssl` has checked remembered."""
    about = importlib.util.spec_from_file_location("bundle_verify", PYTHON)
    assert about is not None
    assert about.loader is not None
    module = importlib.util.module_from_spec(about)
    sys.modules[about.name] = module
    about.loader.exec_module(module)
    module._verified = cache(module._verified)  # type: ignore[attr-defined]
    return module


def python(bundle: Path, asking: Mapping[str, str]) -> Answer:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        exit_code = in_python().main(words(bundle, asking))
    return _answer(exit_code, out.getvalue())


def command(*line: str | Path) -> Answer:
    """A verifier as people run it."""
    run = subprocess.run(list(map(str, line)), capture_output=True, encoding="utf-8", check=False)
    assert not {"Traceback", "node:internal"} & set(run.stderr.replace("(", " ").split()), run.stderr
    return _answer(run.returncode, run.stdout)


def _answer(exit_code: int, out: str) -> Answer:
    return Answer(exit_code, json.loads(out) if out else None)


class JavaScript:
    """The driver of the verifier in JavaScript."""

    def __init__(self, asked: IO[bytes], answers: IO[bytes]) -> None:
        self._asked, self._answers = asked, answers

    def __call__(self, bundle: Path, asking: Mapping[str, str]) -> Answer:
        self._asked.write(json.dumps({"bundle": str(bundle), **asking}).encode() + b"\n")
        self._asked.flush()
        found = json.loads(self._answers.readline())
        assert found["exit"] != 1, found["words"]
        return Answer(found["exit"], found.get("answer"))


@contextmanager
def javascript() -> Iterator[JavaScript]:
    line: Sequence[str] = [program("node", "nodejs"), str(HERE / "driver.mjs")]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None
        yield JavaScript(driver.stdin, driver.stdout)
        driver.stdin.close()
