"""Checks of names: their pattern, those that are reserved, those declared twice, and those that nothing declares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from engine.workflow import SAME_STATE, WAIVE, Document, Transition, Workflow, document_guards
from workflows.problems import Findings, KeyPath

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""What guards read: states, triggers, milestones, facts, documents, plan values."""

CODE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""What they do not: units, workflows, guards, plans."""

WORD: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
"""Words of a season's own: levels, blocks, tags."""

# The kernel gives its cursor a method for each trigger (`submit`, `may_submit`), one for each state (`is_held`), and keeps `state`,
# `trigger` and `may_trigger` for itself; the other families are what it looks up on its machine or model by name.
RESERVED_TRIGGERS: Final = frozenset(
    {"state", "states", "trigger", "model", "models", "initial", "events", "open", "taken", WAIVE}
)
RESERVED_PREFIXES: Final = (
    "is_",
    "to_",
    "may_",
    "add_",
    "get_",
    "set_",
    "remove_",
    "on_enter_",
    "on_exit_",
    "on_final",
    "on_exception",
    "before_",
    "after_",
    "prepare_",
    "finalize_",
)
RESERVED_STATES: Final = frozenset({"trigger", "state", "initial", "model"})

# Words of the guard language (CEL's reserved ones): after a dot they would not be a name.
RESERVED_IN_GUARDS: Final = frozenset(
    (
        *("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let"),
        *("loop", "package", "namespace", "return", "var", "void", "while"),
    )
)


def check_names(workflow: Workflow, findings: Findings) -> None:
    _check_declared(workflow, findings)
    _check_twice(workflow, findings)
    _check_states(workflow, findings)
    for index, transition in enumerate(workflow.transitions):
        _check_transition(workflow, transition, index, findings)
    for document in workflow.documents:
        _check_document(workflow, document, findings)
    for guard in workflow.guards:
        _check_used(guard.before, workflow.triggers, "trigger", ("guards", guard.id, "before"), findings)


def check_pattern(name: str, pattern: re.Pattern[str], path: KeyPath, findings: Findings) -> None:
    """Whether a name may be written so. An empty one was told as missing."""
    if name and pattern.fullmatch(name) is None:
        findings.error("E-ID", path, guess=_as_pattern(name, pattern), name=name[:80], pattern=_PATTERNS[pattern])


def check_used(name: str, known: Collection[str], kind: str, path: KeyPath, findings: Findings) -> bool:
    """Whether a name that is used is declared. An empty one was told as missing."""
    if not name or name in known:
        return True
    findings.error("E-NAME", path, guess=findings.guess(name, known), kind=kind, name=name[:80])
    return False


def check_each_once(names: Iterable[str], path: KeyPath, findings: Findings) -> None:
    """Whether a list names everything only once."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            findings.error("E-LISTED-TWICE", (*path, index), name=name)
        seen.add(name)


_PATTERNS: Final = {NAME: "name", CODE: "code", WORD: "word"}


def _as_pattern(name: str, pattern: re.Pattern[str]) -> str | None:
    """The name as it could be written."""
    joint = "-" if pattern is CODE else "_"
    letters = unicodedata.normalize("NFD", name.lower()[:60].replace("đ", "d"))
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    written = re.sub(r"[^a-z0-9]+", joint, plain).strip(joint)
    return written if pattern.fullmatch(written) else None


def _declared(workflow: Workflow) -> Iterator[tuple[str, str, KeyPath]]:
    """Every name that guards read, with its kind and place."""
    for kind, table, items in (
        ("state", "states", workflow.states),
        ("milestone", "milestones", workflow.milestones),
        ("fact", "facts", workflow.facts),
        ("document", "documents", workflow.documents),
        ("plan_value", "plan_values", workflow.plan_values),
    ):
        for item in items:
            yield kind, item.id, (table, item.id)
    for index, transition in enumerate(workflow.transitions):
        yield "trigger", transition.trigger, ("transitions", index, "trigger")


def _check_declared(workflow: Workflow, findings: Findings) -> None:
    check_pattern(workflow.id, CODE, ("id",), findings)
    for guard in workflow.guards:
        check_pattern(guard.id, CODE, ("guards", guard.id), findings)
    for kind, name, path in _declared(workflow):
        check_pattern(name, NAME, path, findings)
        if _is_reserved(kind, name):
            findings.error("E-RESERVED", path, kind=kind, name=name)


def _is_reserved(kind: str, name: str) -> bool:
    if kind == "trigger":
        return name in RESERVED_TRIGGERS or name.startswith(RESERVED_PREFIXES)
    if kind == "state":
        return name in RESERVED_STATES
    return kind != "milestone" and name in RESERVED_IN_GUARDS


def _check_twice(workflow: Workflow, findings: Findings) -> None:
    """TOML refuses the same table twice; these are the names that two tables share."""
    for name in workflow.fact_by_id.keys() & workflow.document_by_id.keys():
        findings.error("E-ID-TWICE", ("documents", name), kind="fact", name=name, other=f"facts.{name}")
    derived = {guard.id: document.id for document in workflow.documents for guard in document_guards(document)}
    for guard in workflow.guards:
        if guard.id in derived:
            findings.error(
                "E-ID-TWICE", ("guards", guard.id), kind="guard", name=guard.id, other=f"documents.{derived[guard.id]}"
            )


def _check_states(workflow: Workflow, findings: Findings) -> None:
    check_used(workflow.initial, workflow.state_by_id, "state", ("initial",), findings)
    for state in workflow.states:
        path = ("states", state.id, "due")
        if state.due is None or not check_used(state.due, workflow.plan_value_by_id, "plan_value", path, findings):
            continue
        found = workflow.plan_value_by_id[state.due].type if state.due else "date"
        if found != "date":
            findings.error("E-DUE-TYPE", path, name=state.due, found=found)


def _check_transition(workflow: Workflow, transition: Transition, index: int, findings: Findings) -> None:
    at: KeyPath = ("transitions", index)
    _check_used(transition.sources, workflow.state_by_id, "state", (*at, "from"), findings)
    if transition.target != SAME_STATE:
        check_used(transition.target, workflow.state_by_id, "state", (*at, "to"), findings)
    _check_used(transition.awards, workflow.milestone_by_id, "milestone", (*at, "awards"), findings)
    _check_used(transition.revokes, workflow.milestone_by_id, "milestone", (*at, "revokes"), findings)
    clearable = (*workflow.fact_by_id, *workflow.document_by_id)
    _check_used(transition.clears, clearable, "fact_or_document", (*at, "clears"), findings)


def _check_document(workflow: Workflow, document: Document, findings: Findings) -> None:
    for key in ("needed_before", "approved_before", "settled_before"):
        triggers: tuple[str, ...] = getattr(document, key)
        _check_used(triggers, workflow.triggers, "trigger", ("documents", document.id, key), findings)


def _check_used(names: Sequence[str], known: Collection[str], kind: str, path: KeyPath, findings: Findings) -> None:
    check_each_once(names, path, findings)
    for index, name in enumerate(names):
        check_used(name, known, kind, (*path, index), findings)
