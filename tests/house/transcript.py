"""Transcripts in the documents, run for real: every `$ daihoi …` of a page in order, in one folder, with what it prints beside it.

A page's ``console`` blocks are the script. What follows a command is what it prints; ``…`` on a line of its own stands for any lines
that are not worth showing, ``$ echo $?`` asks for the exit code (0 is expected where nobody asks). Hashes, check codes, ids and times of
recording differ from run to run and are not compared.

``python -m tests.house.transcript PAGE …`` writes into the pages what the commands print today.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
ANY = "…"

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_VARYING = re.compile(
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"  # an id
    r"|\b[0-9a-f]{8,}\b"  # a hash
    r"|\b[0-9]+(-[0-9A-Z]{4}){4}-[0-9A-Z]{2}\b"  # a check code
    r"|\b\d\d:\d\d(:\d\d)?(\.\d+)?Z?\b"  # a time of day
    r"|\d+([.,]\d+)? ?m?s\b"  # how long it took
)


@attrs.define
class Command:
    """One line of a transcript, and what is said to follow it. `code`: the exit code the page says, None where it says nothing."""

    line: str
    printed: list[str] = attrs.field(factory=list)
    code: int | None = None


def commands(block: str) -> Iterator[Command]:
    """The commands of one block."""
    current: Command | None = None
    asked = False
    for line in block.splitlines():
        if line == "$ echo $?":
            asked = True
        elif line.startswith("$ "):
            if current:
                yield current
            current, asked = Command(line[2:]), False
        elif asked and current:
            current.code, asked = int(line), False
        elif current:
            current.printed.append(line)
    if current:
        yield current


def script(page: str) -> list[Command]:
    """Every command of a page."""
    return [command for block in _BLOCK.findall(page) for command in commands(block)]


class Session:
    """A folder with the examples in it, in which a page's commands are run."""

    def __init__(self, folder: Path, language: str) -> None:
        self.folder = folder
        (folder / "examples").symlink_to(EXAMPLES)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DAIHOI_")},
            "DAIHOI_LANG": language,
            "DAIHOI_RECEIPTS": str(folder / "receipts"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "110",
        }

    def run(self, line: str) -> tuple[int, list[str]]:
        """A command's exit code and what it prints, on both channels. `export NAME=VALUE` holds for what follows."""
        if line.startswith("export "):
            name, _, value = shlex.split(line)[1].partition("=")
            self.environment[name] = value
            return 0, []
        done = subprocess.run(
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, [printed.rstrip() for printed in done.stdout.rstrip().splitlines()]


def agrees(said: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether what a page says is what was printed, but for what varies and what the page leaves out."""
    pattern = "".join(_pattern(line) for line in _trimmed(said))
    return re.fullmatch(pattern, _steady("".join(f"{line}\n" for line in _trimmed(printed)))) is not None


def _pattern(line: str) -> str:
    """`…` alone is any lines; at the end of a line it is the rest of it."""
    if line.strip() == ANY:
        return r"(?:.*\n)*?"
    if line.endswith(ANY):
        return re.escape(_steady(line.removesuffix(ANY).rstrip())) + r".*\n"
    return re.escape(_steady(line)) + r"\n"


def differences(page: Path, folder: Path) -> list[str]:
    """What in a page is not so."""
    session = Session(folder, "vi" if page.parent.name == "vi" else "en")
    found = []
    for command in script(page.read_text(encoding="utf-8")):
        code, printed = session.run(command.line)
        if code != (command.code or 0):
            found.append(f"$ {command.line}\nexits with {code}:\n" + "\n".join(printed))
        elif not agrees(command.printed, printed):
            found.append(f"$ {command.line}\nprints:\n" + "\n".join(printed))
    return found


def renewed(page: str, session: Session) -> str:
    """The page with what its commands print today. Where it left something out, that is put in, to be cut again by hand."""

    def rewrite(match: re.Match[str]) -> str:
        lines = []
        for command in commands(match[1]):
            code, printed = session.run(command.line)
            kept = command.printed if agrees(command.printed, printed) else [*printed, ""]
            lines += [f"$ {command.line}", *kept]
            lines += ["$ echo $?", str(code)] if code or command.code is not None else []
        return "```console\n" + "\n".join(lines).rstrip() + "\n```"

    return _BLOCK.sub(rewrite, page)


def _trimmed(lines: Sequence[str]) -> list[str]:
    return "\n".join(line.rstrip() for line in lines).rstrip().splitlines()


def _steady(text: str) -> str:
    return _VARYING.sub("#", text)


def main(pages: Sequence[str]) -> None:
    for name in pages:
        page = Path(name).resolve()
        with tempfile.TemporaryDirectory() as folder:
            session = Session(Path(folder), "vi" if page.parent.name == "vi" else "en")
            page.write_text(renewed(page.read_text(encoding="utf-8"), session), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
