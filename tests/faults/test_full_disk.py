"""A disk that is really full, and files that may not grow, through the command line in both languages.

Each time the answer is one message and exit code 5, the message tells the truth about what was recorded, and with room again the same
command is recorded once.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell
from tests.trials import Trial

ROOT = Path(__file__).parents[2]
SMALL_DISK = "mount -t tmpfs -o size=8m daihoi {folder} && exec {command}"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3_600),
    pytest.mark.skipif(sys.platform == "win32", reason="limits as on Unix"),
]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A season that stands."""
    folder = tmp_path_factory.mktemp("start")
    shell = Shell(folder, {"DAIHOI_STORE": "season.db", "DAIHOI_RECEIPTS": str(folder / "receipts.jsonl")})
    assert shell("init", "hanoi-2021", "--on", "2020-10-01").code == 0
    return folder / "season.db"


def filled(*command: str) -> Any:
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def may_mount() -> bool:
    """Whether a small file system can be had here, in a name space of our own."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    tried = subprocess.run(
        [unshare, "--map-root-user", "--mount", "mount", "-t", "tmpfs", "daihoi", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.trial("full")
def test_a_full_disk_is_told_in_both_languages_and_nothing_is_half_done(tmp_path: Path, start: Path, trial: Trial) -> None:
    if not may_mount():
        pytest.skip("NOT TRIED: no small file system can be mounted here (unshare --map-root-user --mount)")
    command = f"{sys.executable} -m tests.faults.filling full {tmp_path} {start} {trial.size}"

    seen = filled("unshare", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK.format(folder=tmp_path, command=command))

    assert seen["wrong"] == []
    assert set(seen["told"]) == {"done", "E-DISK-FULL"}
    assert seen["messages"] == {
        "E-DISK-FULL en": (
            "Error (E-DISK-FULL). There is no room left for season.db. Nothing was recorded.\nMake room, then repeat the command.\n"
        ),
        "E-DISK-FULL vi": (
            "Lỗi (E-DISK-FULL). Hết chỗ cho season.db. Chưa ghi gì vào nhật ký.\nGiải phóng chỗ trống rồi thực hiện lại lệnh.\n"
        ),
    }
    trial.report(trial.size, refused=seen["told"]["E-DISK-FULL"])


@pytest.mark.trial("full")
def test_a_file_that_may_not_grow_is_told_in_both_languages_and_nothing_is_half_done(
    tmp_path: Path, start: Path, trial: Trial
) -> None:
    seen = filled(sys.executable, "-m", "tests.faults.filling", "limit", str(tmp_path), str(start), str(trial.size))

    assert seen["wrong"] == []
    assert set(seen["told"]) == {"done", "E-DISK"}
    assert "The disk reports an error with season.db (SQLITE_IOERR_" in seen["messages"]["E-DISK en"]
    assert "Ổ đĩa báo lỗi khi đọc, ghi season.db (SQLITE_IOERR_" in seen["messages"]["E-DISK vi"]
    trial.report(trial.size, refused=seen["told"]["E-DISK"])
