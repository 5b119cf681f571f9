"""Pipes, terminals and consoles: a real process at the other end."""

from __future__ import annotations

import csv
import io
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Shell


def on_a_terminal(shell: Shell, *arguments: str, **environment: str) -> str:
    """What a person sees who runs the command on a terminal of 100 columns."""
    leader, follower = pty.openpty()
    variables = shell._environment({"TERM": "xterm-256color", **environment}) | {"PYTHONPATH": str(ROOT)}
    import fcntl
    import struct
    import termios

    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        cwd=shell.folder,
        env=variables,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    try:
        while select.select([leader], [], [], 60)[0]:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
    finally:
        os.close(leader)
        process.wait(timeout=60)
    return seen.decode("utf-8").replace("\r\n", "\n")


def test_csv_on_a_terminal_is_for_eyes_and_has_no_mark(pilots: Shell) -> None:
    assert on_a_terminal(pilots, "--format", "csv", "unit", "list", "tay-ho").startswith("unit,name,")


def test_a_terminal_gets_colours_a_pipe_does_not(pilots: Shell) -> None:
    piped = pilots.process("why", "hoang-mai").out
    seen = on_a_terminal(pilots, "why", "hoang-mai")

    assert "\x1b[" not in piped
    assert "\x1b[1mHoàng Mai\x1b[0m" in seen
    assert "lessons-drawn" in seen
    assert "\x1b[" not in pilots.process("--color", "auto", "status").out
    assert "\x1b[" in pilots.process("--color", "always", "why", "hoang-mai").out


def test_colours_can_be_turned_off(pilots: Shell) -> None:
    for options, environment in ((("--color", "never"), {}), ((), {"NO_COLOR": "1"})):
        seen = on_a_terminal(pilots, *options, "why", "hoang-mai", **environment)
        assert "\x1b[3" not in seen
        assert "Hoàng Mai" in seen


def test_json_on_a_terminal_is_json(pilots: Shell) -> None:
    assert on_a_terminal(pilots, "--format", "json", "status").lstrip().startswith("{")


def test_a_long_history_on_a_terminal_goes_through_the_pager(pilots: Shell) -> None:
    seen = on_a_terminal(pilots, "history", "tay-ho", PAGER="head -n 3")

    assert 0 < seen.count("\n") < 20


def test_a_reader_that_has_seen_enough_is_no_error(pilots: Shell) -> None:
    environment = pilots._environment({}) | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "--format", "json", "history"],
        cwd=pilots.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=60), err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_answer_that_cannot_be_written_out_says_that_the_record_stands(pilots: Shell) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = pilots.process("--as", "hoang-mai", "record", "hoang-mai", "delegates_summoned", "250", stdout=full)

    assert ran.code == 1
    assert "Error (E-OUTPUT). The answer could not be written out" in ran.err
    assert "What the command recorded stands." in ran.err
    assert pilots("--format", "json", "status", "hoang-mai").json["facts"]["delegates_summoned"]["value"] == 250


def test_vietnamese_survives_a_pipe_whose_locale_knows_only_ascii(pilots: Shell) -> None:
    ran = pilots.process("--lang", "vi", "status", environment={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})

    assert ran.code == 0
    assert "DIỄN TẬP two-pilots" in ran.out


def test_completion_knows_commands_units_and_triggers(pilots: Shell) -> None:
    def completed(*words: str) -> list[str]:
        environment = {"_DAIHOI_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
        ran = pilots.process(environment=environment)
        return [line.partition(",")[2] for line in ran.out.splitlines() if line]

    assert "status" in completed("daihoi", "sta")
    assert "tay-ho" in completed("daihoi", "why", "tay-")
    assert completed("daihoi", "advance", "hoang-mai", "") == ["convene"]
    assert "delegates_summoned" in completed("daihoi", "record", "hoang-mai", "delegates_s")
    assert completed("daihoi", "--store", "nowhere.db", "why", "tay-") == []


def test_whoever_is_called_like_a_formula_is_named_in_excel_and_nothing_more(pilots: Shell) -> None:
    enrolled = pilots(
        "--as", "ha-noi", "unit", "enrol", "new-unit", "--name", "=1+1", "--level", "district", "--parent", "ha-noi"
    )  # fmt: skip
    assert enrolled.code == 0, enrolled
    read = csv.DictReader(io.StringIO(pilots("--format", "csv", "unit", "list", "--level", "district").out.lstrip("\ufeff")))

    assert {row["unit"]: row["name"] for row in read}["new-unit"] == "'=1+1"
    assert '"name": "=1+1"' in pilots("--format", "json", "unit", "list", "--level", "district").out
