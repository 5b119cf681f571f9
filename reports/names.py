"""What things are called: levels, states, facts, documents, milestones, in the reader's language.

The words of the procedure come first, the id, which is what a command takes, beside them. Only `why` and refusals say ids alone in
English (`typed`): there they stand among expressions that say the same ids.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from reports.catalogue import Words

if TYPE_CHECKING:  # a board needs none of these at run time
    from engine.readings import Path
    from engine.values import Text
    from engine.workflow import Workflow


def level(name: str, words: Words) -> str:
    """A level: the season's own word, else ours for the four that everybody knows, else its id."""
    code = f"level.{name}"
    return words.levels.get(name) or (words.say(code) if words.has(code) else name)


def state(workflow: Workflow, name: str, words: Words, *, typed: bool = False) -> str:
    declared = workflow.state_by_id.get(name)
    return _named(None if declared is None else declared.text, name, words, typed=typed)


def short_state(name: str, words: Words) -> str:
    """A state where there is no room for more, or no procedure at hand: a short word of ours, else the season's own, else its id."""
    code = f"state.{name}"
    return words.say(code) if words.has(code) else words.states.get(name, name)


def trigger(workflow: Workflow, name: str, words: Words) -> str:
    declared = next((t for t in workflow.transitions if t.trigger == name), None)
    return _named(None if declared is None else declared.text, name, words)


def fact(workflow: Workflow, name: str, words: Words, *, typed: bool = False) -> str:
    declared = workflow.fact_by_id.get(name)
    return _named(None if declared is None else declared.text, name, words, typed=typed)


def document(workflow: Workflow, name: str, words: Words, *, typed: bool = False) -> str:
    declared = workflow.document_by_id.get(name)
    return _named(None if declared is None else declared.text, name, words, typed=typed)


def plan_value(workflow: Workflow, name: str, words: Words, *, typed: bool = False) -> str:
    declared = workflow.plan_value_by_id.get(name)
    return _named(None if declared is None else declared.text, name, words, typed=typed)


def milestone(workflow: Workflow | None, name: str, words: Words) -> str:
    """A milestone: by its words in both languages, because it is only ever read, never typed."""
    declared = None if workflow is None else workflow.milestone_by_id.get(name)
    return name if declared is None else declared.text.in_language(words.language)


def _named(text: Text | None, name: str, words: Words, *, typed: bool = False) -> str:
    if text is None or (typed and words.language == "en"):
        return name
    said = text.in_language(words.language)
    return name if said == name else words.say("name.with_id", text=said, id=name)


def quantities(workflow: Workflow, first: Path, second: Path | None, words: Words) -> tuple[str, str]:
    """What two compared inputs are called. English drops what both names begin with: delegates_present, delegates_summoned."""
    if words.language == "vi":
        return quantity(workflow, first, words), "" if second is None else quantity(workflow, second, words)
    names = first[-1], "" if second is None else second[-1]
    shared = os.path.commonprefix(names).rpartition("_")[0] if second is not None else ""  # noqa: RUF071 - of names, not of paths
    return _spoken(names[0], shared), _spoken(names[1], shared)


def quantity(workflow: Workflow, path: Path, words: Words) -> str:
    """What an input is called: a declared one by its words, one of the language by ours."""
    facts, values = workflow.fact_by_id, workflow.plan_value_by_id
    declared = facts.get(path[-1]) if path[0] == "fact" else values.get(path[-1]) if path[0] == "plan" else None
    if declared is not None:
        return declared.text.in_language(words.language)
    code = f"path.{path[0]}.{path[1]}" if path[0] in ("children", "pilots", "unit") and len(path) > 1 else f"path.{path[0]}"
    return words.say(code) if words.has(code) else ".".join(path)


def counted(name: str) -> str:
    """What stands behind a number: "489 đại biểu được triệu tập" of "Số đại biểu được triệu tập"."""
    return begun_small(name.removeprefix("Số "))


def begun_small(said: str) -> str:
    """A text as it stands in the middle of a sentence."""
    return said[:1].lower() + said[1:]


def _spoken(name: str, shared: str) -> str:
    return name.removeprefix(f"{shared}_").replace("_", " ")
