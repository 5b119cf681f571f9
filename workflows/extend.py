"""`extends`: a procedure that says only how it differs from another.

The chain is read from the top down: tables merge key by key, ours over theirs; arrays and plain values are replaced; what
`remove` names goes before ours is laid over the rest. The places of inherited parts point to the file they were written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from workflows.named import named_document
from workflows.problems import Findings, KeyPath, Source, nearest, shown
from workflows.shape import type_name
from workflows.toml import Document

LONGEST_CHAIN: Final = 8


@attrs.frozen
class Resolved:
    """A file with everything it extends. `origins`: which file each part was written in; `sources`: the files, the last first."""

    data: dict[str, Any]
    origins: dict[KeyPath, Source]
    sources: tuple[Source, ...]


def resolve(document: Document, findings: Findings) -> Resolved:
    """Apply `extends` and `remove`. What cannot be followed is told to `findings`, and the file then stands alone."""
    chain = _chain(document, findings)
    data: dict[str, Any] = {}
    owners: dict[KeyPath, Source] = {}
    for link in reversed(chain):
        ours = {k: v for k, v in link.data.items() if k not in ("extends", "remove")}
        _remove(data, owners, link, findings)
        data.pop("id", None)  # a procedure's name is its own
        _lay_over(data, ours, (), link.source, owners)
    return Resolved(data, owners if len(chain) > 1 else {}, tuple(link.source for link in chain))


def _chain(document: Document, findings: Findings) -> list[Document]:
    """The file, what it extends, what that extends, and so on."""
    chain = [document]
    while "extends" in chain[-1].data:
        base = _base(chain, findings)
        if base is None:
            break
        chain.append(base)
    return chain


def _base(chain: list[Document], findings: Findings) -> Document | None:
    link = chain[-1]
    told = findings if link is chain[0] else findings.beside(link.source)
    reference = link.data["extends"]
    if not isinstance(reference, str):
        told.error("E-TYPE", ("extends",), expected="string", found=type_name(reference))
        return None
    base = named_document("procedure", reference, link.path.parent, ("extends",), told)
    if base is None:
        return None
    if _same(base.path) in [_same(d.path) for d in chain]:
        told.error("E-EXTENDS-CYCLE", ("extends",), chain=(*(d.source.name for d in chain), base.source.name))
        return None
    if len(chain) >= LONGEST_CHAIN:
        told.error("E-EXTENDS-LONG", ("extends",), limit=LONGEST_CHAIN)
        return None
    return base


def _same(path: Path) -> Path:
    """One spelling for each file, however it was reached."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links; reading it says so
        return path.absolute()


def _remove(data: dict[str, Any], owners: dict[KeyPath, Source], link: Document, findings: Findings) -> None:
    """Take out of what was inherited so far what the next file does not want."""
    wanted = link.data.get("remove", [])
    told = findings if link.source is findings.source else findings.beside(link.source)
    if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
        told.error("E-TYPE", ("remove",), expected="words", found=type_name(wanted))
        return
    for index, item in enumerate(wanted):
        path = tuple(item.split("."))
        around = _inside(data, path[:-1])
        if around is None or path[-1] not in around:
            known = [shown((*path[:-1], key)) for key in around or data]
            told.error("E-REMOVE-UNKNOWN", ("remove", index), guess=nearest(item, known), name=item[:60])
            continue
        _disown(around.pop(path[-1]), path, owners)


def _inside(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    here: Any = data
    for key in path:
        here = here.get(key) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else None


def _lay_over(data: dict[str, Any], ours: Mapping[str, Any], at: KeyPath, source: Source, owners: dict[KeyPath, Source]) -> None:
    for key, value in ours.items():
        path = (*at, key)
        theirs = data.get(key)
        if isinstance(value, dict) and isinstance(theirs, dict):
            _lay_over(theirs, value, path, source, owners)
            continue
        _disown(theirs, path, owners)
        data[key] = _owned(value, path, source, owners)


def _owned(value: Any, path: KeyPath, source: Source, owners: dict[KeyPath, Source]) -> Any:
    """A copy that later files may be laid over; each key of a table remembers its file."""
    owners[path] = source
    if not isinstance(value, dict):
        return value
    return {key: _owned(inner, (*path, key), source, owners) for key, inner in value.items()}


def _disown(value: Any, path: KeyPath, owners: dict[KeyPath, Source]) -> None:
    owners.pop(path, None)
    if isinstance(value, dict):
        for key, inner in value.items():
            _disown(inner, (*path, key), owners)
