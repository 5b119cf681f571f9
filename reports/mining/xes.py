"""XES (IEEE 1849-2016): a trace is a unit, an event what was recorded of it. What belongs to the season alone is in no trace."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from engine.case import Case
from engine.desk import Progress
from reports.catalogue import Words
from reports.mining.entries import Entries, Entry, text
from reports.mining.exported import Counted
from store.questions.courses import Courses

_EXTENSIONS: Final = ("Concept", "Time", "Lifecycle", "Organizational")
_PREFIX: Final = {"Organizational": "org"}

_EVENT_KEYS: Final = (
    "seq", "version", "on", "recorded_at", "late", "activity_name", "kind", "stands", "state_before", "state", "state_name",
    "attempt", "subject", "value", "number", "about", "awards", "revokes", "clears", "waived", "advised",
)  # fmt: skip
"""What of an entry is an attribute under its own name; the others are keys of the extensions."""

_ALWAYS: Final = (
    ("string", "concept:name", "none"),
    ("date", "time:timestamp", "1970-01-01T00:00:00.000+00:00"),
    ("string", "lifecycle:transition", "complete"),
    ("string", "org:resource", "none"),
    ("string", "org:group", "none"),
    ("int", "seq", "0"),
    ("string", "on", "1970-01-01"),
    ("date", "recorded_at", "1970-01-01T00:00:00.000+00:00"),
    ("string", "kind", "none"),
    ("boolean", "stands", "true"),
    ("string", "state", "none"),
    ("int", "attempt", "1"),
)
"""What every event has, as XES wants it declared: with a value of that kind."""

_CLASSIFIERS: Final = (("Activity", "concept:name"), ("Activity and state", "concept:name state"), ("Kind of event", "kind"))

_ENTITIES: Final = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xes(courses: Courses, path: Path, words: Words, hear: Progress, *, name: str) -> Counted:
    """All units' traces, one after the other. `name`: of the log."""
    entries = Entries(words)
    traces = events = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_head(name))
        for course in courses.all(hear):
            if course.case is None:
                continue
            workflow = None if course.workflow is None else course.workflow.id
            file.writelines(_trace(course.case, workflow, entries.of(course)))
            traces += 1
            events += len(course.happenings)
        file.write("</log>\n")
    return Counted(events=events, units=traces)


def _head(name: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for extension in _EXTENSIONS:
        short = _PREFIX.get(extension, extension.lower())
        address = f"http://www.xes-standard.org/{short}.xesext"
        yield f'<extension name="{extension}" prefix="{short}" uri="{address}"/>\n'
    yield '<global scope="trace">\n'
    yield _attribute("string", "concept:name", "none")
    yield '</global>\n<global scope="event">\n'
    yield from (_attribute(*declared) for declared in _ALWAYS)
    yield "</global>\n"
    for classifier, keys in _CLASSIFIERS:
        yield f'<classifier name="{classifier}" keys="{keys}"/>\n'
    yield _attribute("string", "concept:name", name)
    yield _attribute("string", "lifecycle:model", "standard")


def _trace(case: Case, workflow: str | None, entries: Iterable[Entry]) -> Iterator[str]:
    unit = case.unit
    yield "<trace>\n"
    yield _attribute("string", "concept:name", unit.code)
    yield from _attributes(
        ("unit_name", unit.name),
        ("level", unit.level),
        ("parent", unit.parent),
        ("block", unit.block),
        ("pilot", unit.pilot_of is not None),
        ("pilot_of", unit.pilot_of),
        ("workflow", workflow),
        ("workflow_digest", case.workflow),
    )
    for one in entries:
        yield from _event(one)
    yield "</trace>\n"


def _event(one: Entry) -> Iterator[str]:
    yield "<event>\n"
    yield _attribute("string", "concept:name", one.activity)
    yield _attribute("date", "time:timestamp", one.time)
    yield _attribute("string", "lifecycle:transition", "complete")
    yield _attribute("string", "org:resource", one.person or one.actor)
    yield _attribute("string", "org:group", one.actor)
    yield from _attributes(*((key, getattr(one, key)) for key in _EVENT_KEYS))
    yield "</event>\n"


def _attributes(*given: tuple[str, Any]) -> Iterable[str]:
    """What is known. A value is a text in all events, whatever it is of: no key has two kinds."""
    for key, value in given:
        if value is None:
            continue
        if key == "value":
            yield _attribute("string", key, text(value))
        elif isinstance(value, bool):
            yield _attribute("boolean", key, text(value))
        elif isinstance(value, int):
            yield _attribute("int", key, str(value))
        else:
            yield _attribute("date" if key == "recorded_at" else "string", key, value)


def _attribute(kind: str, key: str, value: str) -> str:
    if kind == "date":
        value = value.replace("Z", "+00:00")
    said = escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value), _ENTITIES)
    return f'<{kind} key="{key}" value="{said}"/>\n'
