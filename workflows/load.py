"""Procedures: from a TOML file to the engine's `Workflow`, or to everything that is wrong with the file.

`workflow check` looks at one file's own names. What other levels offer, and what nobody reads, is known only where a season binds
levels to files (`workflows.seasons`).
"""

from __future__ import annotations

from pathlib import Path

import attrs

from engine.guards import Names
from engine.workflow import Workflow
from workflows.build import build
from workflows.catalogue import find
from workflows.expressions import Expressions, check_expressions
from workflows.extend import resolve
from workflows.forms import WorkflowForm
from workflows.graph import check_graph
from workflows.kinds import is_another
from workflows.names import check_names
from workflows.problems import FileMistakes, Findings, KeyPath, Problem, Source
from workflows.shape import UNFIT, read_form
from workflows.toml import Document, read_toml


@attrs.frozen
class LoadedWorkflow:
    """A procedure as it was read. With errors among its problems `workflow` is only good for asking about more mistakes.

    `origins`: the files that inherited parts come from; `text`: the TOML source, the files it extends below it.
    """

    workflow: Workflow
    source: Source
    origins: dict[KeyPath, Source]
    text: str
    problems: tuple[Problem, ...]
    compiled: Expressions

    @property
    def ok(self) -> bool:
        return not any(p.severity == "error" for p in self.problems)

    def raise_errors(self) -> None:
        """Refuse a file with errors; warnings alone let it pass."""
        if not self.ok:
            raise FileMistakes(self.source.name, self.problems)


def load_workflow(reference: str, beside: Path | None = None) -> Workflow:
    """A procedure by its bundled id or its path. Raises FileError, NothingOfThatName and FileMistakes."""
    loaded = check_workflow(reference, beside)
    loaded.raise_errors()
    return loaded.workflow


def check_workflow(reference: str, beside: Path | None = None) -> LoadedWorkflow:
    """The same with every mistake in hand instead of raised; raises only FileError and NothingOfThatName."""
    found = find("procedure", reference, beside)
    return check_document(read_toml(found.path, found.name))


def check_document(document: Document) -> LoadedWorkflow:
    """Check a file that was read."""
    findings = Findings(document.source)
    is_another(document, "procedure", findings)
    resolved = resolve(document, findings)
    findings.origins = resolved.origins
    # a file whose foundation is missing lacks almost everything: that is one mistake, not fifty
    form = WorkflowForm() if findings.errors else read_form(resolved.data, WorkflowForm, findings)
    workflow = build(form)
    check_names(workflow, findings)
    if not any(p.code in UNFIT and p.where.startswith(("states", "transitions")) for p in findings.problems):
        # what was cut out for its type would be missed in the graph
        check_graph(workflow, findings)
    compiled = check_expressions(workflow, form, Names(own=workflow), findings)
    text = resolved.sources[0].text + "".join(f"\n# --- {s.name} ---\n{s.text}" for s in resolved.sources[1:])
    return LoadedWorkflow(workflow, document.source, resolved.origins, text, findings.ordered, compiled)
