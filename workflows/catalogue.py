"""What is bundled, and how a procedure, plan, season or scenario is found by its id or by the path of a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Final, Literal, TypeAlias

import attrs

from engine.errors import DaihoiError
from workflows.problems import nearest

Kind: TypeAlias = Literal["procedure", "plan", "season", "scenario"]

DATA: Final = Path(__file__).parent / "data"
KINDS: Final[tuple[Kind, ...]] = ("procedure", "plan", "season", "scenario")

_FOLDERS: Final[dict[Kind, str]] = {
    "procedure": "procedures",
    "plan": "plans",
    "season": "seasons",
    "scenario": "scenarios",
}
_ID = re.compile(r"[A-Za-z0-9_-]+")


@attrs.define
class NothingOfThatName(DaihoiError):
    """No bundled file has the id. `guess`: the id, or a file's path, that was probably meant; `is_kind`: it is one of another kind."""

    kind: Kind
    name: str
    known: tuple[str, ...]
    guess: str | None
    is_kind: Kind | None = None

    code: ClassVar[str] = "E-BUNDLED"
    exit_code: ClassVar[int] = 2


@attrs.frozen
class Found:
    """A file: where it lies, how people know it, and its id when it is bundled."""

    path: Path
    name: str
    id: str | None = None


def bundled(kind: Kind) -> tuple[str, ...]:
    """The ids of what is bundled, in the order of the alphabet."""
    folder = DATA / _FOLDERS[kind]
    if kind == "season":
        return tuple(sorted(p.parent.name for p in folder.glob("*/season.toml")))
    return tuple(sorted(p.stem for p in folder.glob("*.toml")))


def bundled_path(kind: Kind, name: str) -> Path:
    folder = DATA / _FOLDERS[kind]
    return folder / name / "season.toml" if kind == "season" else folder / f"{name}.toml"


def find(kind: Kind, reference: str, beside: Path | None = None) -> Found:
    """The file that an id or a path means. `beside`: the folder that relative paths start from. Raises NothingOfThatName.

    A word without a slash and without `.toml` is the id of something bundled; everything else is a path, which need not exist.
    """
    if _ID.fullmatch(reference) is None:
        return _file(kind, reference, beside or Path())
    path = bundled_path(kind, reference)
    known = bundled(kind)
    if reference not in known:
        guess = _guess(reference, known, beside or Path())
        raise NothingOfThatName(kind, reference, known, guess, None if _is_file(guess) else _kind_of(reference))
    return Found(path, str(path.relative_to(DATA)), reference)


def _file(kind: Kind, reference: str, beside: Path) -> Found:
    path = beside / reference
    if kind == "season" and _asked(path.is_dir):
        path /= "season.toml"
    name = str(path.relative_to(DATA)) if path.is_relative_to(DATA) else str(path)
    return Found(path, name)


def _guess(reference: str, known: tuple[str, ...], beside: Path) -> str | None:
    """A file of that name that lies there, else the nearest id."""
    file = f"{reference}.toml"
    return file if _asked((beside / file).is_file) else nearest(reference, known)


def _is_file(guess: str | None) -> bool:
    return guess is not None and guess.endswith(".toml")


def _kind_of(reference: str) -> Kind | None:
    """The kind of what is bundled under an id."""
    return next((kind for kind in KINDS if reference in bundled(kind)), None)


def _asked(question: Callable[[], bool]) -> bool:
    """What the system says of a path. Of a name that it does not even look up (too long, say), reading the file will say so."""
    try:
        return question()
    except OSError:
        return False
