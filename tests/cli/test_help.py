"""`--help` in both languages, for every command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

import click
import pytest

from cli import main
from engine.leaf import SEMANTICS
from store.layout import SCHEMA
from tests.cli.conftest import Shell


def every_command(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from every_command(inner, (*path, name))


@pytest.mark.parametrize("path", [pytest.param(p, id=" ".join(p) or "daihoi") for p in every_command()])
def test_every_command_explains_itself_in_both_languages(shell: Shell, path: tuple[str, ...]) -> None:
    english, vietnamese = shell(*path, "--help", "--lang", "en"), shell("--lang", "vi", *path, "--help")

    for ran, usage in ((english, "Usage: daihoi"), (vietnamese, "Cách dùng: daihoi")):
        assert ran.code == 0
        assert ran.out.startswith(f"{usage}{''.join(f' {word}' for word in path)} [")
        for code in ("help.", "option.", "metavar.", "{"):
            assert code not in ran.out, ran.out
    assert "Show this message and exit." in english.out
    assert "Hiện hướng dẫn này rồi thoát." in vietnamese.out
    assert "Các tùy chọn:" in vietnamese.out


def test_the_first_page_lists_the_commands_in_the_order_of_the_work(shell: Shell) -> None:
    _, _, listed = shell("--help").out.partition("Commands:\n")

    commands = re.findall(r"^  (\w+)", listed, re.MULTILINE)
    assert commands[:6] == ["demo", "init", "plan", "unit", "status", "why"]
    assert commands.index("advance") < commands.index("history") < commands.index("verify") < commands.index("workflow")
    assert "Say what stands between UNIT and its next states" in listed


def test_a_commands_help_lists_its_own_options_only(shell: Shell) -> None:
    page = shell("why", "--help").out

    assert "--below" in page
    assert "--store" not in page


def test_the_language_of_help_follows_the_environment_and_the_locale(shell: Shell) -> None:
    assert shell("--help", DAIHOI_LANG="vi").out.startswith("Cách dùng:")
    assert shell("--help", DAIHOI_LANG="", LC_ALL="en_US.UTF-8").out.startswith("Usage:")
    assert shell("--help", DAIHOI_LANG="").out.startswith("Cách dùng:")


def test_the_versions_are_those_of_the_installed_program_and_of_its_log(shell: Shell) -> None:
    written = shell("--version", "--format", "json").json

    assert written == {"version": metadata.version("daihoi"), "semantics": SEMANTICS, "schema": SCHEMA}
    assert shell("--version").out == f"daihoi {written['version']} · meaning of events {SEMANTICS} · layout of stores {SCHEMA}\n"
    assert shell("--version", "--lang", "vi").out.startswith(f"daihoi {written['version']} · ngữ nghĩa sự kiện {SEMANTICS} · ")
    assert shell("--version").code == 0
    assert "--version" in shell("--help").out


@pytest.mark.parametrize("path", [("status",), ("why",), ("plan",), ("unit", "enrol"), ("record", "tay-ho")])
def test_the_versions_may_be_asked_for_behind_any_command(shell: Shell, path: tuple[str, ...]) -> None:
    assert shell(*path, "--version") == shell("--version")
    assert shell(*path, "--version", "--format", "json").json == shell("--version", "--format", "json").json
    assert "--version" not in shell(*path, "--help").out


def test_a_program_that_was_never_installed_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("reports.version.version", missing)

    assert shell("--version").out.startswith("daihoi (not installed) · ")
    assert shell("--version", "--format", "json").json["version"] is None


def test_help_loads_neither_the_store_nor_the_engine(shell: Shell) -> None:
    import subprocess
    import sys

    from tests.cli.conftest import ROOT

    code = (
        "import sys; sys.argv = ['daihoi', '--help']\nfrom cli import main\ntry:\n    main()\nfinally:\n    print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    loaded = set(done.stdout.splitlines()[-1].split())

    assert not loaded & {
        "sqlalchemy",
        "attr",
        "rich",
        "lark",
        "transitions",
        "engine",
        "store",
        "workflows",
        "cattrs",
        "importlib.metadata",
    }
