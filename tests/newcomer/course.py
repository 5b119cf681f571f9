"""An auditor who knows the page alone: its commands are typed as they stand there, in an office's folder and in one at home."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import attrs

from tests.audit.insider import rewrite
from tests.audit.rows import Leaf
from tests.cli.conftest import ROOT, Ran, Shell

PAGES = {"en": ROOT / "docs" / "audit.md", "vi": ROOT / "docs" / "vi" / "kiem-toan.md"}
PASSPHRASE = "bốn từ không liên quan"

_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@attrs.define
class Course:
    """`office`: where the season's file lies. `home`: the auditor's machine, with what came there on the stick."""

    language: str
    office: Shell
    home: Shell
    log: str = ""
    code: str = ""
    heard: dict[str, Ran] = attrs.field(factory=dict)

    @property
    def page(self) -> str:
        return PAGES[self.language].read_text("utf-8")

    def line(self, begins: str) -> list[str]:
        """The words of the page's first command that begins so, with this log's key where the page has one to fill in."""
        lines = [line for block in _BLOCK.findall(self.page) for line in block.splitlines() if line.startswith(begins)]
        assert lines, begins
        return [self.log if word.endswith("/live/…") else word for word in shlex.split(lines[0])]

    def type(self, at: Shell, begins: str, *more: str) -> Ran:
        """Type a command of the page. A passphrase is asked for only where a key signs."""
        words = self.line(begins)
        secret = ["--passphrase-file", "../passphrase"] if "--key" in words else []
        return at("--lang", self.language, *words[1:], *more, *secret)

    def other(self, at: Shell, *words: str) -> Ran:
        """A command that the page tells in its text."""
        return at("--lang", self.language, *words)

    def hand_over(self, *names: str) -> None:
        """On the stick, from the office to the auditor's machine."""
        for name in names:
            (self.home.folder / name).write_bytes((self.office.folder / name).read_bytes())

    def carry_copy(self, name: str) -> None:
        (self.home.folder / name).write_bytes((self.office.folder / "daihoi.db").read_bytes())

    @property
    def copies(self) -> tuple[str, str]:
        """What the page calls the two copies of the file."""
        *_, old, new = self.line("daihoi audit diff")
        return old, new

    def verifier(self, *more: str, begins: str = "python3 verify.py") -> Ran:
        """The verifier that was taken from the first bundle, without anything of ours around it."""
        words = [*self.line(begins)[1:], *more]
        if "--lang" not in words:
            words += ["--lang", self.language]
        return run_verifier(self.home.folder, *words)

    # The visits

    def first_visit(self) -> None:
        office, home = self.office, self.home
        (office.folder.parent / "passphrase").write_text(PASSPHRASE + "\n", "utf-8")
        secret = ("--passphrase-file", "../passphrase")
        self.log = office("--format", "json", "key", "new", *secret).json["key"]["public"]
        papers = office.folder / self.line("daihoi evidence check")[-1]
        papers.mkdir()
        (papers / "delegates.txt").write_text("250 đại biểu", "utf-8")
        done(
            office(
                "--as",
                "hoang-mai",
                "record",
                "hoang-mai",
                "delegates_summoned",
                "250",
                "--evidence",
                str(papers / "delegates.txt"),
            )
        )
        done(office("--as", "hoang-mai", "document", "file", "hoang-mai", "political_report"))
        done(self.type(office, "daihoi checkpoint --key daihoi.key --out"))
        self.code = office("--format", "json", "status").json["check_code"]
        mine = home("--format", "json", "key", "new", "--witness", "audit.example/committee", *secret).json["key"]["public"]
        (home.folder / "policy").write_text(f"log {self.log}\nwitness me {mine}\nquorum me\n", "utf-8")
        self.hand_over("2021-04.checkpoint")
        done(self.type(home, "daihoi witness 2021-04.checkpoint"))
        (office.folder / "2021-04.cosigned").write_bytes((home.folder / "2021-04.cosigned").read_bytes())
        done(office("receipt", "500", "--out", "500.receipt"))
        done(office("receipt", "597", "--out", "597.receipt"))
        done(office("audit", "bundle", "2021-04.zip", "--checkpoint", "2021-04.cosigned"))
        self.hand_over("500.receipt", "597.receipt", "2021-04.zip")
        self.carry_copy(self.copies[0])
        with ZipFile(home.folder / "2021-04.zip") as bundle:
            (home.folder / "verify.py").write_bytes(bundle.read("verify.py"))

    def work_goes_on(self) -> None:
        done(self.office("--as", "dong-anh", "record", "dong-anh", "delegates_summoned", "200"))
        done(self.office("--as", "dong-anh", "schedule", "dong-anh", "2021-05-20"))

    def somebody_rewrites(self) -> None:
        """One unit's fact, with its paper, and everything in the file made to fit; the receipts in the office too."""
        paper = self.office.folder / self.line("daihoi evidence check")[-1] / "delegates.txt"
        paper.write_text("255 đại biểu", "utf-8")

        def past(leaves: list[Leaf]) -> None:
            fact = next(leaf for leaf in leaves if leaf["payload"].get("evidence"))
            fact["payload"].update(value=255, evidence=sha256(paper.read_bytes()).hexdigest())

        rewrite(self.office.folder / "daihoi.db", past)
        (self.office.folder / "receipts.jsonl").unlink()

    def office_signs_all_the_same(self) -> None:
        """Without --since nothing stands against it."""
        done(
            self.office("checkpoint", "--key", "daihoi.key", "--out", "2021-10.checkpoint", "--passphrase-file", "../passphrase")
        )
        done(self.office("audit", "bundle", "2021-10.zip", "--checkpoint", "2021-10.checkpoint"))
        self.hand_over("2021-10.checkpoint", "2021-10.zip")
        self.carry_copy(self.copies[1])


def done(ran: Ran) -> Ran:
    assert ran.code == 0, ran
    return ran


def run_verifier(folder: Path, *words: str) -> Ran:
    ran = subprocess.run(
        [sys.executable, "-I", *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def begun(language: str, folder: Path, played: Path, after: Callable[[Course], object] = lambda _: None) -> Course:
    """A course up to the second visit. `after`: what happened in the office since the first."""
    office, home = folder / "office", folder / "home"
    for place in (office, home):
        place.mkdir(parents=True)
    for file in played.iterdir():
        (office / file.name).write_bytes(file.read_bytes())
    course = Course(language, Shell(office), Shell(home))
    course.first_visit()
    course.work_goes_on()
    after(course)
    return course
