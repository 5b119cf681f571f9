"""OCEL 2.0 as JSON. The standard's schema wants every value as a text; of which type it is, the types at the end say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from reports.mining.entries import Entry, text
from reports.mining.objects import Link, Thing
from reports.mining.ocel import event_id

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class JsonFile:
    """Events go straight into the file; objects wait in a second one until the events are through, because a list stands in one piece."""

    def __init__(self, out: IO[str], waiting: IO[str]) -> None:
        self._out = out
        self._waiting = waiting
        self._event_types: dict[str, Mapping[str, str]] = {}
        self._object_types: dict[str, Mapping[str, str]] = {}
        self._any_events = self._any_objects = False
        out.write('{"events":[')

    def event(self, entry: Entry, attributes: Mapping[str, str], links: Sequence[Link]) -> None:
        self._event_types.setdefault(entry.activity, attributes)
        known = ((name, getattr(entry, name)) for name in attributes)
        written = {
            "id": event_id(entry.seq),
            "type": entry.activity,
            "time": entry.time,
            "attributes": [{"name": name, "value": text(value)} for name, value in known if value is not None],
            "relationships": _links(links),
        }
        self._out.write((",\n" if self._any_events else "\n") + _encode(written))
        self._any_events = True

    def thing(self, thing: Thing, attributes: Mapping[str, str]) -> None:
        self._object_types.setdefault(thing.type, attributes)
        written = {
            "id": thing.id,
            "type": thing.type,
            "attributes": [{"name": said.name, "value": text(said.value), "time": said.time} for said in thing.said],
            "relationships": _links(thing.links),
        }
        self._waiting.write((",\n" if self._any_objects else "\n") + _encode(written))
        self._any_objects = True

    def end(self) -> None:
        self._out.write('\n],\n"objects":[')
        self._waiting.seek(0)
        shutil.copyfileobj(self._waiting, self._out)
        self._out.write(f'\n],\n"eventTypes":{_types(self._event_types)},\n"objectTypes":{_types(self._object_types)}}}\n')


def _links(links: Sequence[Link]) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": qualifier} for name, qualifier in links]


def _types(types: Mapping[str, Mapping[str, str]]) -> str:
    written: list[dict[str, Any]] = [
        {"name": name, "attributes": [{"name": n, "type": t} for n, t in attributes.items()]}
        for name, attributes in types.items()
    ]
    return _encode(written)


@contextmanager
def json_file(path: Path) -> Iterator[JsonFile]:
    with (
        path.open("w", encoding="utf-8", newline="\n") as out,
        TemporaryFile("w+", encoding="utf-8", newline="\n", dir=path.parent) as waiting,
    ):
        yield JsonFile(out, waiting)
