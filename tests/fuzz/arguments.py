"""Command lines that somebody half knows how to type: made from the tree of commands itself, so that a new command is fuzzed at once."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import attrs
import click

from cli import main
from engine.check_code import CheckCode
from tests.fuzz import hostile

UNITS: Final = ("top", "group-a", "group-b", "Nhóm A", "nhom b", "hoi", "group-c", "season", "outside", "nobody")
ACTORS: Final = ("top", "group-a", "group-b", "outside", "top/NV-1", "nobody", "/", "group-a/", "top/Đỗ Thị Lan")
DAYS: Final = (
    *("2026-02-10", "15/2/2026", "2026-03-01", "01/3/2026", "2026-03-20", "2026-01-10", "2026-01-09", "2021-02-30", "1900-01-01"),
    *(
        "2199-12-31",
        "9999-12-31",
        "0001-01-01",
        "0000-00-00",
        "31/4/2026",
        "2026-2-3",
        " 2026-02-11 ",
        "٢٠٢٦-٠٢-١٠",
        "today",
        "1",
    ),
)
NUMBERS: Final = (
    "1",
    "2",
    "5",
    "9",
    "12",
    "15",
    "0",
    "-1",
    "99999",
    "9" * 30,
    "1.5",
    "1e3",
    "０",
    "٣",
    "+7",
    "0x1",
    " 7 ",
    "true",
)
CODES: Final = tuple(str(CheckCode.of(size, bytes(32))) for size in (1, 7, 99999))
UUIDS: Final = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002", "{}", "urn:uuid:" + "0" * 32, "7")
STORES: Final = (
    *(
        "season.db",
        "season.db",
        "rehearsal.db",
        "missing.db",
        "folder",
        "other.db",
        "report.pdf",
        "empty.db",
        "folder/x.db",
        "no/x.db",
    ),
    *(
        "sqlite://",
        "sqlite:///season.db",
        "sqlite:///:memory:",
        "sqlite:///folder",
        "mysql://u:secret@127.0.0.1:1/x",
        "://",
        "x://",
    ),
    *("sqlite:///season.db?mode=ro&cache=shared", "sqlite+nonsense:///x", "file:season.db?mode=rwc", "season.db/", "x" * 300),
)
FILES: Final = (
    *(
        "report.pdf",
        "season.toml",
        "scenario.toml",
        "meeting.toml",
        "union.toml",
        "plan-1.toml",
        "broken.toml",
        "other.db",
        "folder",
    ),
    *("missing.toml", "receipts.jsonl", "units.csv", "meeting", "hanoi-2021", "congress", "congres", "", ".", "/dev/null", "/"),
)
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "unit": UNITS,
    "under": UNITS,
    "parent": UNITS,
    "pilot_of": UNITS,
    "name": (*UNITS, "plan-1", *FILES),
    "code": ("group-c", "group-d", "group-e", "group-a", "Group D", "season", "board"),
    "actor": ACTORS,
    "season": ("season-1", "season-1", "season-1", "season-2", "hanoi-2021"),
    "store": STORES,
    "keep": ("kept.db", "season.db", "folder", "no/kept.db", "sqlite:///kept-too.db", "folder/kept.db"),
    "file": FILES,
    "path": FILES,
    "evidence": FILES,
    "receipts": ("receipts.jsonl", *FILES),
    "folder": ("folder", "meeting", ".", "report.pdf", "missing"),
    "what": ("1", "top", "7", *NUMBERS, *UUIDS),
    "fact": ("present", "present", "present", "presnt", "absent"),
    "value": ("7", "300", "5", "-3", "có", "false", "2026-02-10", "xin chào", *NUMBERS),
    "document": ("report", "report", "report", "raport"),
    "trigger": ("meet", "meet", "put_off", "met"),
    "guard": ("quorum", "report-filed", "groups-met", "quorom"),
    "level": ("group", "group", "union", "grup"),
    "state": ("preparing", "done", "preparing", "prepared"),
    "reason": ("biên bản họp", "danh sách ký tên", "nhầm", " "),
    "basis": ("1/QĐ", "ý kiến cấp trên", "2/QĐ", ""),
    "decision": ("1/QĐ", "2/QĐ", "3/QĐ", ""),
    "changes": ("sửa mục II", "bỏ đoạn 3", "sửa"),
    "block": ("north", "north", "north", "nothing"),
    "tags": ("small", "big"),
    "command_id": UUIDS,
    "codes": (*CODES, CODES[0].replace("-", " "), CODES[1].lower(), CODES[0][:-1], *NUMBERS),
}

ENVIRONMENT: Final[dict[str, tuple[str, ...]]] = {
    "DAIHOI_LANG": ("vi", "en", "xx", "", "vi_VN.UTF-8"),
    "DAIHOI_STORE": STORES,
    "DAIHOI_ACTOR": ACTORS,
    "DAIHOI_RECEIPTS": ("receipts.jsonl", "folder", "folder/", "report.pdf", "no/such/receipts", "/dev/full", "", "x" * 300),
    "LANG": ("C", "vi_VN.UTF-8", "xx_YY", "POSIX", "tr_TR"),
    "LC_ALL": ("C", "", "en_GB.UTF-8"),
    "LANGUAGE": ("fr:de", "../../x", ""),
    "NO_COLOR": ("1", ""),
    "TERM": ("dumb", "xterm-256color", "nonsense"),
    "COLUMNS": ("1", "0", "-5", "many", "999999"),
    "TZ": ("Nowhere/Else", "UTC+99", ""),
    "HOME": ("/nonexistent", ""),
    "XDG_DATA_HOME": ("/nonexistent", "report.pdf", ""),
    "TMPDIR": ("/nonexistent",),
    "PAGER": ("false",),
}

FILES_OF: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("init",): ("season.toml", "season.toml", "two.toml", *FILES),
    ("plan", "issue"): ("plan-2.toml", "plan-2.toml", "plan-1.toml", *FILES),
    ("scenario", "run"): ("scenario.toml", "scenario.toml", "scenario.toml", *FILES),
    ("season", "check"): ("season.toml", "season.toml", "two.toml", *FILES),
    ("workflow", "show"): ("meeting.toml", "union.toml", "congress", *FILES),
    ("workflow", "check"): ("meeting.toml", "union.toml", "congress", *FILES),
    ("workflow", "diagram"): ("meeting.toml", "union.toml", "congress", *FILES),
    ("plan", "show"): ("plan-1", "plan-2", "group-a", *FILES),
}
"""What the commands take that take a file first."""

OPTIONS: Final = ("--", "-", "--help", "--lang", "--format", "--lang=xx", "--store=", "--version", "-h", "-x1")

RIGHT: Final = 3
"""The first values of each kind are right, somewhere."""


@attrs.frozen(kw_only=True)
class Line:
    """A command line. `writes`: a command that may add to the log when it ends with 0; `dry`: it says that it must not."""

    words: tuple[str, ...]
    environment: dict[str, str]
    writes: bool
    dry: bool


@attrs.frozen
class Leaf:
    """A command with the words that lead to it."""

    path: tuple[str, ...]
    command: click.Command

    @property
    def writes(self) -> bool:
        return any(parameter.name == "command_id" for parameter in self.command.params)


def leaves(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every command there is."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield Leaf((*path, name), command)


LEAVES: Final = tuple(leaves())
SLOW: Final = frozenset({("demo",)})


def line(chance: Random) -> Line:
    """One command line."""
    leaf = _leaf(chance)
    words = [*_global(chance, 0.08), *leaf.path, *_parameters(leaf, chance), *_global(chance, 0.04)]
    dry = leaf.writes and chance.random() < 0.1
    if dry:
        words.insert(len(words) - len(words[words.index(leaf.path[-1]) + 1 :]), "--dry-run")
    broken = chance.random() < 0.2
    for _ in range(chance.choice((1, 1, 2)) if broken else 0):
        words = _slip(words, chance)
    environment = {
        name: _word(values, chance)
        for name, values in ENVIRONMENT.items()
        if chance.random() < (0.3 if chance.random() < 0.1 else 0.01)
    }
    return Line(
        words=tuple(map(_possible, words)),
        environment={name: _possible(value) for name, value in environment.items()},
        writes=leaf.writes,
        dry=dry and not broken,
    )


def _leaf(chance: Random) -> Leaf:
    """Commands that write are more than half of what is typed; the long ones come seldom."""
    while True:
        leaf = chance.choice([one for one in LEAVES if one.writes] if chance.random() < 0.5 else LEAVES)
        if leaf.path not in SLOW or chance.random() < 0.02:
            return leaf


def _global(chance: Random, often: float) -> Iterator[str]:
    for parameter in main.params:
        if isinstance(parameter, click.Option) and chance.random() < often * (
            0.5 if parameter.name in ("store", "season") else 1
        ):
            yield from _option(parameter, chance)


def _parameters(leaf: Leaf, chance: Random) -> Iterator[str]:
    arguments = [p for p in leaf.command.params if isinstance(p, click.Argument)]
    options = [p for p in leaf.command.params if isinstance(p, click.Option)]
    about = "top"
    for argument in arguments:
        if argument.required or chance.random() < 0.5:
            files = FILES_OF.get(leaf.path) if argument is arguments[0] else None
            value = _word(files, chance) if files else _value(argument, chance)
            about = value if argument.name == "unit" else about
            yield value
    if leaf.writes and chance.random() < 0.9:
        yield from ("--as", about if chance.random() < 0.5 else chance.choice(ACTORS[:4]))
    for option in options:
        if option.name in ("dry_run", "command_id", "expect"):
            often = 0.0 if option.name == "dry_run" else 0.08
        else:
            often = 0.95 if option.required else 0.5 if option.name in ("on", "reason") else 0.2
        if chance.random() < often:
            yield from _option(option, chance)


def _option(option: click.Option, chance: Random) -> Iterator[str]:
    name = chance.choice(option.opts)
    if option.is_flag or (option.name == "keep" and chance.random() < 0.3):
        yield name
    elif chance.random() < 0.2:
        yield f"{name}={_value(option, chance)}"
    else:
        yield from (name, _value(option, chance))


def _value(parameter: click.Parameter, chance: Random) -> str:
    kind: Any = parameter.type
    if isinstance(kind, click.Choice):
        values = tuple(map(str, kind.choices))
    elif kind.name == "date":
        values = DAYS
    elif kind.name == "at":
        values = (*DAYS, *NUMBERS)
    elif kind.name.startswith("integer"):
        values = NUMBERS
    else:
        values = WORDS.get(parameter.name or "", UNITS)
    return _word(values, chance)


def _word(values: tuple[str, ...], chance: Random) -> str:
    """A value that is right somewhere; less often any that is listed, one misspelt, or anything."""
    kind = chance.random()
    if kind < 0.85:
        return chance.choice(values[:RIGHT])
    if kind < 0.93:
        return chance.choice(values)
    return hostile.respelled(chance.choice(values), chance) if kind < 0.96 else hostile.word(chance)


def _slip(words: list[str], chance: Random) -> list[str]:
    """One slip of the hand on the whole line."""
    at = chance.randint(0, max(0, len(words) - 1))
    kind = chance.randrange(7)
    if kind == 0:
        return words[:at] + words[at + 1 :]
    if kind == 1:
        return [*words[:at], hostile.word(chance), *words[at:]]
    if kind == 2:
        return [*words[:at], chance.choice(OPTIONS), *words[at:]]
    if kind == 3:
        return [*words[:at], *(hostile.respelled(word, chance) for word in words[at : at + 1]), *words[at + 1 :]]
    if kind == 4:
        return [*words[:at], *words[at : at + 1], *words[at:]]
    if kind == 5:
        return words[:at]
    return [*words[at:], *words[:at]]


def _possible(word: str) -> str:
    """The word as an operating system can hand it over: no NUL, and what is not UTF-8 as bytes."""
    text = word.replace("\x00", "")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        text = "".join(c for c in text if unicodedata.category(c) != "Cs")
    return text.lstrip("/") if text.startswith("//") else text
