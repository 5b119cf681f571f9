"""Which kind of file a file is: a procedure given where a season belongs would lack almost everything, and that is one mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from workflows.catalogue import Kind
from workflows.problems import Findings
from workflows.toml import Document

OWN_KEYS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "procedure": (
        *("states", "transitions", "initial", "guards", "extends", "version", "remove", "milestones", "facts", "documents"),
        "plan_values",
    ),
    "plan": ("issuer", "number", "values", "type", "year", "dated", "source", "calendar", "pilots"),
    "season": (
        *("levels", "board", "units", "numbered", "units_from", "rolls", "opened_on", "timezone", "plans", "blocks", "superiors"),
    ),
    "scenario": ("acts", "season", "courses", "seed", "until"),
}
"""The keys that only a file of this kind has at its top, the most telling first."""

_ENOUGH: Final = 2
"""One strange key may be a slip of the pen."""


def is_another(document: Document, wanted: Kind, findings: Findings) -> bool:
    """Whether a file has nothing of its kind and is plainly one of another; that is told, and nothing else is worth telling."""
    shared = {kind: tuple(key for key in keys if key in document.data) for kind, keys in OWN_KEYS.items()}
    found = max(shared, key=lambda kind: len(shared[kind]))
    if shared[wanted] or len(shared[found]) < _ENOUGH:
        return False
    findings.error("E-OTHER-FILE", (), kind=wanted, is_kind=found, keys=shared[found][:3], file=document.source.name)
    return True
