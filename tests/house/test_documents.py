"""What the documents say is what there is: no key, name, code or command without its place in them, and no link that leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import attrs
import click
import pytest

import engine
import reports
import store
import workflows
from engine.errors import DaihoiError
from engine.guards import Names
from engine.guards.functions import FUNCTIONS, OUTSIDE_FUNCTIONS
from engine.guards.names import Entry, Method, Scope
from engine.guards.problems import CODES
from engine.leaf import EVENTS
from tests.house.transcript import ROOT
from tests.sample import CONGRESS
from workflows import names
from workflows.season_forms import SeasonForm

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
PROCEDURES = (DOCS / "procedures.md").read_text(encoding="utf-8")
PROCEDURES_VI = (DOCS / "vi" / "quy-trinh.md").read_text(encoding="utf-8")
COMMANDS = (DOCS / "commands.md").read_text(encoding="utf-8")
COMMANDS_VI = (DOCS / "vi" / "lenh.md").read_text(encoding="utf-8")
TIME = (DOCS / "time-and-log.md").read_text(encoding="utf-8")
TIME_VI = (DOCS / "vi" / "thoi-gian-va-nhat-ky.md").read_text(encoding="utf-8")


def coded(page: str) -> set[str]:
    """What a page writes as code, and the words in it."""
    found = {span for line in page.splitlines() for span in re.findall(r"`([^`]+)`", line)}
    return found | {word for span in found for word in re.findall(r"[A-Za-z0-9_-]+", span)}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in found.name:
            yield import_module(found.name)


def sources(package: ModuleType) -> str:
    return "\n".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in modules(package))


def keys(form: type) -> set[str]:
    """The TOML keys of a form."""
    return {str(attribute.metadata.get("toml_key", attribute.name)) for attribute in attrs.fields(form)}


def test_every_key_of_every_file_is_in_the_guide() -> None:
    forms = {
        thing
        for module in modules(workflows)
        for name, thing in vars(module).items()
        if name.endswith("Form") and isinstance(thing, type) and attrs.has(thing)
    }

    assert SeasonForm in forms
    assert {key for form in forms for key in keys(form)} - {"vi", "en"} <= coded(PROCEDURES)
    of_scenarios = {key for form in forms if "scenario" in form.__module__ for key in keys(form)}
    assert {key for form in forms for key in keys(form)} - {"vi", "en"} - of_scenarios <= coded(PROCEDURES_VI)


def paths(entry: Entry, before: str) -> Iterator[str]:
    """The names that a guard may write."""
    if isinstance(entry, Scope):
        for name, member in entry.members.items():
            yield from paths(member, f"{before}.{name}" if before else name)
    else:
        yield f"{before}(" if isinstance(entry, Method) else before


def test_every_name_a_guard_may_read_is_in_the_guide() -> None:
    scope = Names(own=CONGRESS, parent=CONGRESS, children=CONGRESS, pilots=CONGRESS, lead=CONGRESS).scope
    roots = set(scope.members)
    own = {path for path in paths(scope, "") if path.startswith(("on", "unit.", "children."))}
    members = {
        path.rpartition(".")[2].rstrip("(") for path in paths(scope, "") if path.startswith(("doc.", "parent.reached", "lead."))
    }

    assert roots <= coded(PROCEDURES)
    assert {path for path in own if f"`{path}" not in PROCEDURES} == set()
    assert members <= coded(PROCEDURES)


def test_every_function_is_in_the_guide_and_none_that_there_is_not() -> None:
    table = PROCEDURES[PROCEDURES.index("### Functions") : PROCEDURES.index("### Names")]

    assert set(re.findall(r"^\| `(\w+)\(", table, re.MULTILINE)) == set(FUNCTIONS)
    assert not set(OUTSIDE_FUNCTIONS) & set(FUNCTIONS)


def test_every_reserved_name_is_in_the_guide() -> None:
    reserved = names.RESERVED_TRIGGERS | set(names.RESERVED_PREFIXES) | names.RESERVED_STATES | names.RESERVED_IN_GUARDS

    assert reserved <= coded(PROCEDURES[PROCEDURES.index("### Reserved names") :])


def test_every_problem_code_is_in_the_guide() -> None:
    from_files = set(re.findall(r'"([EW]-[A-Z][A-Z-]+)"', sources(workflows)))
    page = coded(PROCEDURES)

    assert (from_files | CODES) - page - coded(COMMANDS) == set()
    assert {code for code in page if re.fullmatch(r"[EW]-[A-Z-]+", code)} <= from_files | refusals()


def refusals() -> set[str]:
    """The codes of every error class."""
    for package in (engine, store, workflows, reports):
        list(modules(package))
    found, front = set(), [DaihoiError]
    while front:
        for error in front.pop().__subclasses__():
            found.add(error.code)
            front.append(error)
    return found


@pytest.mark.parametrize("page", [COMMANDS, COMMANDS_VI], ids=["en", "vi"])
def test_every_error_code_is_in_the_commands(page: str) -> None:
    assert refusals() - coded(page) - coded(PROCEDURES) == set()


@pytest.mark.parametrize("page", [TIME, TIME_VI], ids=["en", "vi"])
def test_every_kind_of_event_is_on_the_page_about_the_log(page: str) -> None:
    assert set(EVENTS) <= coded(page)


@pytest.mark.parametrize(("english", "vietnamese"), [(COMMANDS, COMMANDS_VI), (TIME, TIME_VI)], ids=["commands", "time"])
def test_both_languages_of_a_page_speak_of_the_same_things(english: str, vietnamese: str) -> None:
    def outline(page: str) -> list[tuple[str, int]]:
        """Each part by its level, with its rows of tables and its items of lists."""
        parts = re.split(r"^(?=#)", page, flags=re.MULTILINE)[1:]
        return [(p.partition(" ")[0], len(re.findall(r"^(?:\||\* |\d\.)", p, re.MULTILINE))) for p in parts]

    def names_of_ours(page: str) -> set[str]:
        """Codes, options, variables, commands and keys: what is written alike in both."""
        return {word for word in coded(page) if re.fullmatch(r"[EW]-[A-Z-]+|--[a-z-]+|DAIHOI_[A-Z]+|[a-z]+(_[a-z]+)+", word)}

    assert outline(vietnamese) == outline(english)
    assert names_of_ours(vietnamese) == names_of_ours(english)


def every_command(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


@pytest.mark.parametrize("page", [COMMANDS, COMMANDS_VI], ids=["en", "vi"])
def test_every_command_and_option_is_on_the_page_of_commands(page: str) -> None:
    main = import_module("cli").main
    options = {
        option for _, command in every_command(main, "daihoi") for p in command.params for option in p.opts if "--" in option
    }

    assert {name for name, _ in every_command(main, "daihoi") if f"`{name}" not in page} == set()
    assert options - coded(page) - {f"{word}" for word in re.findall(r"--[a-z-]+", page)} == set()


def anchor(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http:", "https:")):
            continue
        name, _, part = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        if part:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in map(anchor, headings), target


def test_what_a_docstring_refers_to_lies_in_this_repository() -> None:
    named = []
    for package in (engine, store, workflows, reports):
        for page, heading in re.findall(r'(docs/[\w/.-]+\.md|\b[A-Z]+\.md)(?:, "([^"]+)")?', " ".join(sources(package).split())):
            named.append(page)
            assert (ROOT / page).exists(), page
            assert not heading or f"# {heading}\n" in (ROOT / page).read_text(encoding="utf-8"), heading
    assert "docs/time-and-log.md" in named


def test_the_files_of_the_example_are_the_files_in_the_guide() -> None:
    shown = dict(re.findall(r"^`([\w.-]+)`, [^\n]+:\n\n```\w+\n(.*?)^```$", PROCEDURES, re.MULTILINE | re.DOTALL))
    files = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "examples" / "housing").iterdir()}

    assert shown == files


def test_both_readmes_show_the_same_first_season() -> None:
    readmes = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.vi.md")]
    shown = [re.findall(r"^```toml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL) for readme in readmes]

    assert shown[0] == shown[1]
    assert shown[0] == [
        (DOCS / "examples" / "hoa-binh" / name).read_text(encoding="utf-8") for name in ("hoa-binh.toml", "ke-hoach.toml")
    ]
    assert len(shown[0][0].splitlines()) == 10


def test_the_locks_have_hashes_and_name_no_index() -> None:
    for lock in (ROOT / "requirements").glob("lock-*.txt"):
        text = lock.read_text(encoding="utf-8")
        pins = re.findall(r"^[^ #\n].*$", text, re.MULTILINE)
        assert [pin for pin in pins if not re.match(r"[a-z0-9-]+(\[[a-z]+\])?==\S+ .*\\$", pin)] == []
        assert text.count("--hash=sha256:") >= len(pins) > 0
        assert "://" not in text
