"""Tries command lines on throw-away seasons. A program of its own, because it changes its folder, its environment and its limits.

Lines come in runs on one folder: what was recorded by one line is there for the next. ``python -m tests.fuzz.lines SEED 40 80`` tries the
second run of a seed again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import attrs
from click.testing import CliRunner

from cli import main as daihoi
from store.desk import Desk
from tests.fuzz.arguments import Line, line
from tests.fuzz.limits import TooLong, within
from tests.workflows.files import PLAN, SEASON, edited, write_season

ROOT: Final = Path(__file__).parents[2]
RUN: Final = 40
"""Lines on one folder."""

PROCESSES: Final = 50
"""One line in so many is a process of its own, with real streams and a real environment."""

PATIENCE: Final = 20.0
"""Seconds of CPU for one line: the demo plays a whole season."""

STORES: Final = ("season.db", "rehearsal.db")
_LOG: Final = "SELECT season, count(*), max(hex(leaf_hash)), group_concat(hex(leaf_hash)) FROM log GROUP BY season"
_HEAD: Final = re.compile(r"^(?:Error|Refused|Lỗi|Từ chối) \(E-[A-Z-]+\)\. ", re.MULTILINE)
_STYLE: Final = re.compile(r"\x1b\[\d+(?:;\d+)*m")
_WITHIN_ANOTHER: Final = "E-SCENARIO"


@attrs.frozen
class Ended:
    """How a line ended."""

    code: int
    out: str
    err: str


class Fuzz:
    """Tries one line after another. `seen`: what became of them."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.folder = folder
        self.seed = seed
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._here = folder / "here"
        self._pristine = folder / "pristine"
        self._clean = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self._prepare()

    def _prepare(self) -> None:
        """A folder as somebody could have it: two seasons, their files, and what has nothing to do with them."""
        self._pristine.mkdir()
        write_season(self._pristine)
        (self._pristine / "plan-2.toml").write_text(edited(PLAN, 'id = "plan-1"', 'id = "plan-2"'), "utf-8")
        (self._pristine / "two.toml").write_text(edited(SEASON, 'id = "season-1"', 'id = "season-2"'), "utf-8")
        (self._pristine / "broken.toml").write_bytes(b"id = \xff\n[[")
        (self._pristine / "report.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
        (self._pristine / "units.csv").write_text("code;name;level\na;A;group\n", "utf-8")
        (self._pristine / "empty.db").touch()
        (self._pristine / "folder").mkdir()
        other = sqlite3.connect(self._pristine / "other.db")
        other.execute("CREATE TABLE addresses (name TEXT)")
        other.commit()
        other.close()
        shutil.copytree(self._pristine, self._here)
        for words in (
            ("--store", "season.db", "init", "season.toml"),
            ("--store", "rehearsal.db", "scenario", "run", "scenario.toml", "--keep"),
        ):
            ended = self._in_process(words, {})
            assert ended.code == 0, ended
        shutil.rmtree(self._pristine)
        shutil.move(self._here, self._pristine)

    def run(self, number: int, end: int) -> None:
        """One run of lines, and whether what they left is whole."""
        if self._here.exists():
            shutil.rmtree(self._here)
        shutil.copytree(self._pristine, self._here)
        for one in range(number, end):
            self.one(one)
        for name in STORES:
            with Desk.open(self._here / name, "season-1", read_only=True) as desk:
                answer = desk.verify()
                if not answer.ok:
                    self.wrong.append(f"lines {number} to {end}: {name} does not verify: {answer.problems}")

    def one(self, number: int) -> None:
        chance = Random(f"{self.seed} {number}")
        given = line(chance)
        environment = {
            "DAIHOI_STORE": chance.choice((*STORES, "season.db")),
            "DAIHOI_RECEIPTS": "receipts.jsonl",
            **given.environment,
        }
        before = self._logs()
        try:
            if number % PROCESSES == 0:
                ended = self._as_a_process(given.words, environment)
                self.seen["processes"] += 1
            else:
                ended = within(PATIENCE, lambda: self._in_process(given.words, environment))
            self._check(given, ended)
            assert self._logs() == before or (given.writes and ended.code == 0 and not given.dry), "the log changed"
        except (Exception, TooLong) as error:  # noqa: BLE001 - every error is what is looked for
            where = "".join(traceback.format_tb(error.__traceback__)[-2:])
            said = f"line {number}: {given.words!r} with {environment!r}"
            self.wrong.append(f"{said}: {type(error).__name__}: {str(error)[:1500]}\n{where}")
        self.seen["recorded"] += self._logs() != before

    def _in_process(self, words: tuple[str, ...], environment: dict[str, str]) -> Ended:
        kept, where = dict(os.environ), Path.cwd()
        try:
            os.environ.clear()
            os.environ.update(self._clean | environment)
            os.chdir(self._here)
            result = CliRunner().invoke(daihoi, list(words))
        finally:
            os.chdir(where)
            os.environ.clear()
            os.environ.update(kept)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    def _as_a_process(self, words: tuple[str, ...], environment: dict[str, str]) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=self._here,
            env=self._clean | environment | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def _check(self, given: Line, ended: Ended) -> None:
        """Bad input gets one clear message and an exit code, and nothing that looks like a program that fell over."""
        self.seen[f"exit {ended.code}"] += 1
        assert 0 <= ended.code <= 7, ended
        for text in (ended.out, ended.err):
            assert "Traceback" not in text, ended
            assert "E-INTERNAL" not in text, ended
            assert "\x1b]" not in text, ended
        if ended.code == 0 or (ended.code in (2, 3) and ended.out):
            return  # an answer: what a check or a verification found stands on stdout
        assert ended.out == "" or given.words[0:1] == ("demo",), ended
        if ended.err.lstrip().startswith("{"):
            told = json.loads(ended.err)
            assert list(told) == ["error"], ended
            assert told["error"]["code"].startswith("E-"), ended
            assert told["error"]["message"], ended
            assert ended.err.count("\n") == 1, ended
            self.seen["as json"] += 1
            return
        assert not _wants_json(given.words), ended
        heads = _HEAD.findall(_STYLE.sub("", ended.err))
        assert len(heads) == 1 or (heads and _WITHIN_ANOTHER in heads[0]), ended

    def _logs(self) -> dict[str, object]:
        """What stands in the logs, read past the program."""
        found: dict[str, object] = {}
        for name in STORES:
            raw = sqlite3.connect(f"file:{self._here / name}?mode=ro", uri=True)
            found[name] = raw.execute(_LOG).fetchall()
            raw.close()
        return found


def _wants_json(words: tuple[str, ...]) -> bool:
    """Whether JSON was asked for, and nothing else that could be meant."""
    options = [place for place, word in enumerate(words) if word.startswith("--format")]
    return "--" not in words and len(options) == 1 and words[options[0] : options[0] + 2] == ("--format", "json")


def main(seed: str, first: str, end: str) -> None:
    start = int(first) - int(first) % RUN
    with TemporaryDirectory(prefix="daihoi-fuzz-") as folder:
        fuzz = Fuzz(Path(folder), seed)
        for number in range(start, int(end), RUN):
            fuzz.run(number, min(number + RUN, int(end)))
    sys.stdout.write(json.dumps({"seen": fuzz.seen, "wrong": fuzz.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
