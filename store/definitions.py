"""Definitions: the procedures, plans and seasons that a log refers to by digest, kept as canonical bytes beside their source text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import attrs

from engine import codec
from engine.plan import Plan
from engine.workflow import Workflow
from store.connection import Store, as_bytes
from store.errors import Corrupt

if TYPE_CHECKING:  # whoever only reads a definition needs no command
    from engine.commands import AnyCommand

_KEEP = "INSERT INTO definition (digest, kind, content, source) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"

Kind: TypeAlias = Literal["workflow", "plan", "season"]


class Defined(Protocol):
    """What a loader hands over: any value that says these four things."""

    @property
    def digest(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def content(self) -> bytes: ...
    @property
    def source(self) -> str | None: ...


@attrs.frozen(kw_only=True)
class Definition:
    """`digest`: of the canonical bytes `content`. `source`: the text that a person wrote (TOML), where there is one."""

    digest: str
    kind: Kind
    content: bytes
    source: str | None = None

    @classmethod
    def of_workflow(cls, workflow: Workflow, source: str | None = None) -> Definition:
        content = codec.workflow_bytes(workflow)
        return cls(digest=codec.digest(content), kind="workflow", content=content, source=source)

    @classmethod
    def of_plan(cls, plan: Plan, source: str | None = None) -> Definition:
        content = codec.plan_bytes(plan)
        return cls(digest=codec.digest(content), kind="plan", content=content, source=source)

    @classmethod
    def of_season(cls, described: dict[str, Any], source: str | None = None) -> Definition:
        """`described`: what the season's file says, as JSON."""
        content = codec.canonical(described)
        return cls(digest=codec.digest(content), kind="season", content=content, source=source)


def named_by(command: AnyCommand) -> Iterator[Defined]:
    """The definitions that a command brings along itself."""
    from engine import commands as cmd

    if isinstance(command, cmd.IssuePlan):
        yield Definition.of_plan(command.plan)
    elif isinstance(command, cmd.OpenSeason):
        for plan, _ in command.plans:
            yield Definition.of_plan(plan)


def write_definitions(store: Store, definitions: Iterable[Defined]) -> None:
    """Keep what is not kept yet. The first source text given for a digest stays.

    By digest, so that writers of two seasons who bring the same ones never wait for each other in a ring; the second keeps nothing.
    """
    for one in sorted(definitions, key=lambda one: one.digest):
        if store.row("SELECT 1 FROM definition WHERE digest = ?", (one.digest,)) is None:
            store.run(_KEEP, (one.digest, one.kind, one.content, one.source))


def read_definition(store: Store, digest: str) -> Definition | None:
    row = store.row("SELECT kind, content, source FROM definition WHERE digest = ?", (digest,))
    return None if row is None else Definition(digest=digest, kind=row[0], content=row[1], source=row[2])


def content_of(store: Store, digest: str) -> bytes:
    """The bytes that a digest in the log stands for. Raises Corrupt where they are gone, or are others now."""
    row = store.row("SELECT content FROM definition WHERE digest = ?", (digest,))
    if row is None:
        raise Corrupt(place=store.dialect.place, detail=f"definition {digest} is missing")
    content = as_bytes(row[0])
    if codec.digest(content) != digest:
        raise Corrupt(place=store.dialect.place, detail=f"definition {digest} was changed")
    return content
