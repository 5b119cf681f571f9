"""Where fuzzed files come from: whole seasons that are right, each in a folder of its own with every file that it names."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

import attrs

from tests.fuzz import trees
from tests.workflows.files import write_season
from workflows.catalogue import DATA

Kind: TypeAlias = Literal["procedure", "plan", "season", "scenario", "units"]

ROOT: Final = Path(__file__).parents[2]
_NAMED: Final = re.compile(r"\b(workflow|extends|season|plans?) = .*$", re.MULTILINE)
_QUOTED: Final = re.compile(r'"([a-z0-9-]+)"')


@attrs.frozen(kw_only=True)
class House:
    """A season with everything that belongs to it. `files`: by name, what is right; `played`: whether its scenarios are short."""

    folder: Path
    files: dict[str, bytes]
    kinds: dict[str, Kind]
    trees: dict[str, trees.Table]
    played: bool

    @property
    def season(self) -> str:
        return next(name for name, kind in self.kinds.items() if kind == "season")

    def lay(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)


def houses(folder: Path) -> tuple[House, ...]:
    """Every season of the repository, copied, the small ones first."""
    return (
        _house(_small(folder / "small"), played=True),
        _house(_copied(ROOT / "docs/examples/hoa-binh", folder / "hoa-binh"), played=True),
        _house(_copied(ROOT / "docs/examples/housing", folder / "housing"), played=True),
        _house(_copied(ROOT / "tests/newcomer/norland-chess", folder / "norland-chess"), played=True),
        _house(_bundled("mong-cai-2021", folder), played=False),
        _house(_bundled("hanoi-2021", folder), played=False),
    )


def _small(folder: Path) -> Path:
    folder.mkdir()
    write_season(folder)
    return folder


def _copied(source: Path, folder: Path) -> Path:
    """A folder whose files name each other; procedures of ours that they name come along."""
    shutil.copytree(source, folder)
    _with_procedures(folder)
    return folder


def _bundled(season: str, folder: Path) -> Path:
    """A bundled season as somebody would copy it to change it: files beside each other, named by their paths."""
    target = folder / season
    shutil.copytree(DATA / "seasons" / season, target)
    (target / "season.toml").rename(target / f"{season}.toml")
    for path in (DATA / "plans").glob("*.toml"):
        shutil.copy(path, target)
    for path in (DATA / "scenarios").glob("*.toml"):
        if f'season = "{season}"' in path.read_text("utf-8"):
            shutil.copy(path, target / f"scenario-{path.name}")
    _with_procedures(target)
    return target


def _with_procedures(folder: Path) -> None:
    for path in (DATA / "procedures").glob("*.toml"):
        if any(f'"{path.stem}"' in file.read_text("utf-8") for file in folder.glob("*.toml")):
            shutil.copy(path, folder)
    if (folder / "base-congress.toml").exists():
        shutil.copy(DATA / "procedures/congress.toml", folder)
    known = {path.stem for path in folder.glob("*.toml")}
    for path in folder.glob("*.toml"):
        text = path.read_text("utf-8")
        path.write_text(_NAMED.sub(lambda line: _by_path(line[0], known), text), "utf-8")


def _by_path(line: str, known: set[str]) -> str:
    return _QUOTED.sub(lambda name: f'"{name[1]}.toml"' if name[1] in known else name[0], line)


def _house(folder: Path, *, played: bool) -> House:
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".toml", ".csv")}
    kinds = {name: _kind(name, content.decode()) for name, content in files.items()}
    read = {name: trees.read(content.decode()) for name, content in files.items() if name.endswith(".toml")}
    return House(folder=folder, files=files, kinds=kinds, trees=read, played=played)


def _kind(name: str, text: str) -> Kind:
    if name.endswith(".csv"):
        return "units"
    signs: Iterator[tuple[str, Kind]] = iter([("[[acts]]", "scenario"), ("board = ", "season"), ("issuer = ", "plan")])
    return next((kind for sign, kind in signs if sign in text), "procedure")
