"""Mistakes in a person's file: each with its place, its code, typed fields and, where there is one, a guess.

A place is a key path. Positions in arrays count from 1, as people count: the third `[[transitions]]` is ``transitions[3]``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final, Literal, TypeAlias

import attrs

from engine.errors import DaihoiError

KeyPath: TypeAlias = tuple[str | int, ...]
ProblemSeverity: TypeAlias = Literal["error", "warning"]

MOST_PROBLEMS: Final = 500
MOST_GUESSES: Final = 100

_MANY: Final = 300
_STEM: Final = 3

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@attrs.frozen(kw_only=True)
class Problem:
    """One mistake. `where` is the key path as people read it, with the column of an expression; `line`: of the file, if known."""

    code: str
    where: str
    file: str
    line: int | None = None
    fields: Mapping[str, Any] = attrs.field(factory=dict)
    severity: ProblemSeverity = "error"
    guess: str | None = None


@attrs.define
class FileMistakes(DaihoiError):
    """A file that cannot be used, with everything that is wrong in it."""

    file: str
    problems: tuple[Problem, ...]

    code: ClassVar[str] = "E-FILE-MISTAKES"
    exit_code: ClassVar[int] = 2


@attrs.frozen
class Source:
    """A text that was read: its name as people know it, its text, and the line each key stands on."""

    name: str
    text: str = ""
    lines: Mapping[KeyPath, int] = attrs.field(factory=dict)

    def line(self, path: KeyPath) -> int | None:
        """The line of a key, or of the nearest table around it."""
        return next((self.lines[part] for part in prefixes(path) if part in self.lines), self.lines.get(()))


@attrs.define
class Findings:
    """Collects the mistakes of one file. `origins` says which parts were inherited from another file.

    The first 500 are kept: nobody reads more, and a hostile file could make as many as it likes.
    """

    source: Source
    origins: Mapping[KeyPath, Source] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)
    _seen: set[tuple[str, str, str, int | None]] = attrs.field(factory=set)

    def beside(self, source: Source, origins: Mapping[KeyPath, Source] | None = None) -> Findings:
        """The same collection, for mistakes in another file that this one leads to."""
        return Findings(source, origins or {}, self.problems, self._seen)

    def error(self, code: str, path: KeyPath, *, column: int | None = None, guess: str | None = None, **fields: Any) -> None:
        self._add(code, path, column, guess, "error", fields)

    def warn(self, code: str, path: KeyPath, *, column: int | None = None, guess: str | None = None, **fields: Any) -> None:
        self._add(code, path, column, guess, "warning", fields)

    def take(self, problems: Iterable[Problem]) -> None:
        """Add what was found elsewhere, with its own places."""
        for problem in problems:
            self._keep(problem)

    def guess(self, name: str, known: Iterable[str]) -> str | None:
        """The name that was probably meant, for the first hundred mistakes: guessing takes its time, and nobody reads on."""
        return nearest(name, known) if len(self.problems) < MOST_GUESSES else None

    @property
    def errors(self) -> bool:
        return any(p.severity == "error" for p in self.problems)

    def raise_errors(self) -> None:
        """Refuse the file when anything in it is wrong; warnings alone let it pass."""
        if self.errors:
            raise FileMistakes(self.source.name, self.ordered)

    @property
    def ordered(self) -> tuple[Problem, ...]:
        """Everything found: errors first, then file by file and line by line."""
        files = list(dict.fromkeys(p.file for p in self.problems))
        return tuple(sorted(self.problems, key=lambda p: (p.severity, files.index(p.file), p.line or 0)))

    def _add(
        self,
        code: str,
        path: KeyPath,
        column: int | None,
        guess: str | None,
        severity: ProblemSeverity,
        fields: dict[str, Any],
    ) -> None:
        source = next((self.origins[part] for part in prefixes(path) if part in self.origins), self.source)
        where = shown(path) if column is None else f"{shown(path)}, column {column}"
        problem = Problem(
            code=code,
            where=where,
            file=source.name,
            line=source.line(path),
            fields=fields,
            severity=severity,
            guess=guess,
        )
        self._keep(problem)

    def _keep(self, problem: Problem) -> None:
        key = (problem.code, problem.where, problem.file, problem.line)
        if key not in self._seen and len(self.problems) < MOST_PROBLEMS:
            self._seen.add(key)
            self.problems.append(problem)


def prefixes(path: KeyPath) -> Iterator[KeyPath]:
    """A path, then everything around it."""
    for end in range(len(path), 0, -1):
        yield path[:end]


def shown(path: KeyPath) -> str:
    """A key path as people read it."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            key = part if _BARE_KEY.fullmatch(part) else f'"{part[:60]}"'
            text += f".{key}" if text else key
    return text


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    names = list(known)
    if len(names) > _MANY:
        # comparing is slow: of a city's thousands of units only those that look alike at once are compared
        names = [n for n in names if n[:2] == name[:2] and abs(len(n) - len(name)) <= 1][:_MANY]
    folded = {_folded(n): n for n in names}
    if _folded(name) in folded:
        return folded[_folded(name)]
    close = difflib.get_close_matches(name[:80], names, n=1, cutoff=0.65)
    longer = [n for n in names if len(n) >= _STEM and name.startswith(n)]  # "integer" for "int"
    return next(iter((*close, *longer)), None)


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")
