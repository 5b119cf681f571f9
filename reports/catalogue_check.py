"""Keeps the catalogues honest: every code that the program can say is in both, and nothing else is.

A development tool: it reads the sources, and needs Babel. Codes are found where they are said (`say("why.smallest")`), those of families
(`say(f"error.{code}.what")`) where the members of the family are declared.
"""

from __future__ import annotations

import ast
import gettext
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import Final, get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from reports.catalogue import LANGUAGES, LOCALE

ROOT: Final = Path(__file__).parents[1]
SPEAKERS: Final = ("cli.py", "reports")
CATALOGUES: Final = (*((language, "daihoi") for language in LANGUAGES), ("vi", "click"))

_CODE: Final = re.compile(r"[a-z]+(\.[A-Za-z0-9_-]+)*")
_SAYING: Final = frozenset({"say", "many", "has", "heading", "flags"})


def main(arguments: list[str]) -> int:
    """`check` or `compile`. The exit code is 1 when something is wrong."""
    if arguments == ["compile"]:
        for language, domain in CATALOGUES:
            _path(language, domain, "mo").write_bytes(_compiled(language, domain))
        return 0
    if arguments != ["check"]:
        sys.stderr.write("usage: python -m reports.catalogue check|compile\n")
        return 2
    mistakes = list(check())
    for mistake in mistakes:
        sys.stderr.write(f"{mistake}\n")
    return 1 if mistakes else 0


def check() -> Iterator[str]:
    """Everything that is wrong with the catalogues."""
    texts: dict[str, dict[str, tuple[str, ...]]] = {language: _texts(language) for language in LANGUAGES}
    yield from _alike(texts)
    yield from _used(set(texts["en"]))
    yield from _click()
    for language, domain in CATALOGUES:
        if not _in_step(language, domain):
            yield f"{language}/{domain}.mo is not what {domain}.po says: python -m reports.catalogue compile"


def _alike(texts: dict[str, dict[str, tuple[str, ...]]]) -> Iterator[str]:
    """Both languages say the same codes, with the same fields, and neither leaves a text empty."""
    first, second = texts["vi"], texts["en"]
    for code in sorted(first.keys() ^ second.keys()):
        yield f"{code} is in one language only"
    for code in sorted(first.keys() & second.keys()):
        if not all(first[code]) or not all(second[code]):
            yield f"{code} has no text"
        forms = [_fields(text) for text in (*first[code], *second[code])]
        if any(fields != forms[0] for fields in forms) and not _differs_on_purpose(forms):
            yield f"{code} takes other fields in the other language: {', '.join(sorted(set().union(*forms)))}"


def _differs_on_purpose(forms: list[frozenset[str]]) -> bool:
    """A singular may leave its number out."""
    return len({fields - {"count"} for fields in forms}) == 1


def _fields(text: str) -> frozenset[str]:
    return frozenset(re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name)


def _used(known: set[str]) -> Iterator[str]:
    """Codes that are said are known, and codes that are known are said."""
    said, mentioned, patterns = _said()
    needed = said | set(_families())
    for code in sorted(needed - known):
        yield f"{code} is said and in no catalogue"
    for code in sorted(known - needed - mentioned):
        if not any(pattern.fullmatch(code) for pattern in patterns):
            yield f"{code} is in the catalogues and never said"


def _said() -> tuple[set[str], set[str], list[re.Pattern[str]]]:
    """The codes that are said, those only written down somewhere, and the patterns of those that are put together."""
    said: set[str] = set()
    mentioned: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in _sources(SPEAKERS):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                mentioned.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                patterns.extend(_pattern(node))
            elif isinstance(node, ast.Call) and _name(node.func) in _SAYING:
                said.update(_written_out(node))
    return said, mentioned, patterns


def _pattern(node: ast.JoinedStr) -> Iterator[re.Pattern[str]]:
    """`f"error.{code}.what"` as a pattern; one that begins with a field would fit everything."""
    parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[A-Za-z0-9_.-]*" for p in node.values]
    if re.match(r"[a-z]+\\?\.", parts[0]):
        yield re.compile("".join(parts))


def _written_out(call: ast.Call) -> Iterator[str]:
    """The codes that stand in the first argument of a call."""
    for argument in call.args[:1]:
        for node in ast.walk(argument):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "." in node.value
                and _CODE.fullmatch(node.value)
            ):
                yield node.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _sources(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = ROOT / name
        found = [path] if path.is_file() else path.rglob("*.py")
        yield from (p for p in found if p.name != Path(__file__).name)


_IN_FORMS: Final = ("E-ACT-VERBS", "E-ACT-UNITS", "E-ACT-REF", "E-OTHER-FILE")
"""Mistakes that are told in several forms (`reports.problems`)."""

# Families: codes that are put together, and where their members are declared


def _families() -> Iterator[str]:
    from engine import leaf
    from engine.tlog.malformed import Form
    from engine.verdicts import Deed

    yield from (f"error.{code}.what" for code in _error_codes() if code.startswith("E-"))
    yield from (f"problem.{code}" for code in _problem_codes() if code not in _IN_FORMS)
    yield from (f"event.{kind}" for kind in leaf.EVENTS)
    yield from (f"happened.{kind}" for kind in leaf.EVENTS)
    yield from (f"todo.{deed}" for deed in get_args(Deed))
    yield from (f"note.{code}" for code in (*_named_codes("Note", "code"), *_first_codes("note")))
    yield from (f"verify.problem.{code}" for code in _first_codes("problem"))
    yield from (f"malformed.{code}" for code in _faults())
    yield from (f"form.{form}" for form in get_args(Form))
    yield from (f"pattern.{name}" for name in ("name", "code", "word"))
    yield from _help_codes()


def _error_codes() -> Iterator[str]:
    """The code of every error class."""
    for path in _sources(("engine", "store", "workflows", "reports")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "code" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)


def _problem_codes() -> Iterator[str]:
    """The code of every mistake that a file may have."""
    from engine.guards.problems import CODES

    yield from CODES
    for path in _sources(("workflows",)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("error", "warn", "_add") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def _named_codes(cls: str, field: str) -> Iterator[str]:
    """The codes with which a class of answers is made."""
    for path in _sources(("engine", "store")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == cls:
                given = (k.value for k in node.keywords if k.arg == field)
                yield from (v.value for v in given if isinstance(v, ast.Constant) and isinstance(v.value, str))


def _first_codes(method: str) -> Iterator[str]:
    """The codes that `verify` hands to its findings."""
    for path in _sources(("store",)):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == method and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _faults() -> Iterator[str]:
    """What may be wrong with a file of the public formats."""
    for path in _sources(("engine/tlog", "store/audit")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == "Malformed" and len(node.args) > 1:
                fault = node.args[1]
                if isinstance(fault, ast.Constant):
                    yield str(fault.value)


def _help_codes() -> Iterator[str]:
    """A help for each command, option and placeholder of the command line."""
    import importlib

    main_group = importlib.import_module("cli").main
    yield "help"
    yield from _help_of(main_group, "")


def _help_of(command: object, place: str) -> Iterator[str]:
    if place:
        yield f"help.{place}"
    for name, inner in getattr(command, "commands", {}).items():
        yield from _help_of(inner, f"{place}.{name}".lstrip("."))


# Files


def _path(language: str, domain: str, ending: str) -> Path:
    return Path(LOCALE, language, "LC_MESSAGES", f"{domain}.{ending}")


def _catalogue(language: str, domain: str) -> Catalog:
    with _path(language, domain, "po").open("rb") as file:
        return read_po(file, locale=language, domain=domain, abort_invalid=True)


def _texts(language: str) -> dict[str, tuple[str, ...]]:
    """The forms of each text, by code."""
    found: dict[str, tuple[str, ...]] = {}
    for message in _catalogue(language, "daihoi"):
        if message.id:
            code = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            found[code] = message.string if isinstance(message.string, tuple) else (str(message.string),)
    return found


def _compiled(language: str, domain: str) -> bytes:
    from io import BytesIO

    out = BytesIO()
    write_mo(out, _catalogue(language, domain))
    return out.getvalue()


def _in_step(language: str, domain: str) -> bool:
    """Whether the compiled file says what the text file says; its bytes may differ between versions of Babel."""
    from io import BytesIO

    path = _path(language, domain, "mo")
    if not path.exists():
        return False
    with path.open("rb") as file:
        found = gettext.GNUTranslations(file)
    wanted = gettext.GNUTranslations(BytesIO(_compiled(language, domain)))
    return _contents(found) == _contents(wanted)


def _contents(found: gettext.GNUTranslations) -> dict[object, str]:
    return {key: text for key, text in vars(found)["_catalog"].items() if key != ""}


def _click() -> Iterator[str]:
    """Every text of the click that is installed has its Vietnamese."""
    import click
    from babel.messages.extract import extract_from_dir

    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    known = {_first(m.id) for m in _catalogue("vi", "click") if m.id}
    folder = Path(click.__file__).parent
    for _, _, text, _, _ in extract_from_dir(folder, method_map=[("**.py", "python")], keywords=keywords):
        if _first(text) not in known:
            yield f"click says {_first(text)!r}, which is not in vi/click.po"


def _first(text: object) -> str:
    return str(text[0]) if isinstance(text, (list, tuple)) else str(text)
