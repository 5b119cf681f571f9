"""What the shell may complete, beside units: the names that a unit's procedure declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from engine.values import Text
from engine.workflow import Workflow
from reports.catalogue import Words

if TYPE_CHECKING:
    from store.desk import Desk


def names(kind: str, desk: Desk, unit: str, incomplete: str, words: Words) -> list[CompletionItem]:
    """Triggers that lead on from where the unit stands, or all its facts, documents or guards; each with its words."""
    workflow = desk.workflow_of(unit)
    texts = _texts(kind, workflow, words)
    wanted = desk.status_of(unit).next if kind == "trigger" else tuple(texts)
    return [CompletionItem(name, help=texts.get(name, "")) for name in wanted if name.startswith(incomplete)]


def _texts(kind: str, workflow: Workflow, words: Words) -> dict[str, str]:
    texts: dict[str, Text] = {
        "trigger": lambda: {t.trigger: t.text for t in reversed(workflow.transitions)},
        "fact": lambda: {f.id: f.text for f in workflow.facts},
        "document": lambda: {d.id: d.text for d in workflow.documents},
        "guard": lambda: {g.id: g.text for g in workflow.all_guards},
    }[kind]()
    return {name: text.in_language(words.language) for name, text in texts.items()}
