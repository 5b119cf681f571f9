"""Values to canonical JSON and back: procedures, plans, events and cases.

The canonical form is UTF-8, sorted keys, no spaces, NFC, no floats. An absent key means: no for a yes-or-no, empty for a list, else
none. The shapes are read off the attrs classes once, and each class gets a reader and a writer of its own, so the log's format is the
classes' fields.
"""

from __future__ import annotations

import json
import types
import typing
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final, TypeVar

import attrs

from engine import values
from engine.actors import Sealed
from engine.plan import Plan
from engine.values import Value
from engine.workflow import Workflow

T = TypeVar("T")
Writer = Callable[[Any], Any]
Reader = Callable[[Any], Any]


class NotReadable(ValueError):
    """JSON that is none of ours, or does not have the shape its class declares."""


def _no_such_number(written: str) -> Any:
    """A fraction, an exponent, NaN: the canonical form has whole numbers only, so each has one way to be written."""
    raise NotReadable(f"{written[:20]} is not a whole number")


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_scan: Final = json.JSONDecoder(parse_float=_no_such_number, parse_constant=_no_such_number).raw_decode


def canonical(value: Any) -> bytes:
    """The canonical bytes of a JSON value."""
    text = _encode(value)
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        # Not the text as a whole: an accent behind a line's end would go onto the letter of its escape.
        text = _encode(_composed(value))
    return text.encode("utf-8")


def _composed(value: Any) -> Any:
    """A JSON value with every text in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_composed(name): _composed(inner) for name, inner in value.items()}
    return [_composed(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def parse(raw: bytes) -> Any:
    """The JSON value that canonical bytes stand for: UTF-8, and not a byte before or behind. Raises NotReadable.

    It does not ask whether they are the canonical ones: who has to know that encodes the value again.
    """
    try:
        text = raw.decode()
    except (UnicodeDecodeError, AttributeError) as error:  # whoever tampers may leave anything in a column of bytes
        raise NotReadable(f"no UTF-8: {error}") from error
    return parse_text(text)


def parse_text(text: str) -> Any:
    """The JSON value that is all of a text. Raises NotReadable."""
    try:
        value, end = _scan(text)
    except NotReadable:
        raise
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"not JSON: {error}") from error
    if end != len(text):
        raise NotReadable(f"something stands behind the value, from character {end} on")
    return value


def digest(raw: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(raw).hexdigest()


def to_json(value: Any) -> dict[str, Any]:
    """An attrs value as a JSON object."""
    shape: Any = type(value)
    written: dict[str, Any] = _writer(shape)(value)
    return written


def from_json(cls: type[T], raw: Any) -> T:
    """The attrs value that `to_json` wrote. Raises NotReadable."""
    shape: Any = cls
    try:
        value: T = _reader(shape)(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotReadable(f"not a {cls.__name__}: {error}") from error
    return value


def workflow_bytes(workflow: Workflow) -> bytes:
    """The canonical bytes of a resolved procedure: what a season pins by digest."""
    return canonical(to_json(workflow))


def workflow_from_bytes(raw: bytes) -> Workflow:
    return from_json(Workflow, parse(raw))


def plan_bytes(plan: Plan) -> bytes:
    return canonical(to_json(plan))


def plan_from_bytes(raw: bytes) -> Plan:
    return from_json(Plan, parse(raw))


@lru_cache(maxsize=4096)
def day(written: str) -> date:
    """A day as the log writes it. A season has few days and very many events."""
    return date.fromisoformat(written)


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(cls)
    return tuple((a.name, hints[a.name]) for a in attrs.fields(cls))


@cache
def _writer(hint: Any) -> Writer:
    if hint == Value or hint == Value | None:
        return lambda value: None if value is None else values.to_json(value)
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            one = _writer(arguments[0])
            return lambda items: [one(item) for item in items]
        each = [_writer(a) for a in arguments]
        return lambda items: [write(item) for write, item in zip(each, items, strict=True)]
    if origin in (typing.Union, types.UnionType):
        return _optional(_writer, arguments)
    if hint is Sealed:
        return lambda sealed: {"sealed": sealed.digest}
    if hint is date:
        return date.isoformat
    if attrs.has(hint):
        return _object_writer(hint)
    return _as_it_is


def _object_writer(cls: type) -> Writer:
    """Most fields stand in JSON as they are: for those no writer is called."""
    parts = [(name, _changing(_writer(hint)), _absent(hint)) for name, hint in _fields(cls)]
    fields = _getter([name for name, _ in _fields(cls)])

    def write(value: Any) -> dict[str, Any]:
        # `is`, because 0 and a value that is false are words of their own: () and False are single objects
        found = zip(parts, fields(value), strict=True)
        return {name: field if one is None else one(field) for (name, one, absent), field in found if field is not absent}

    return write


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    # of one name, an attrgetter gives the bare value
    return lambda value: tuple(getattr(value, name) for name in names)


def _changing(one: Writer) -> Writer | None:
    """The writer, where it does something."""
    return None if one is _as_it_is else one


@cache
def _reader(hint: Any) -> Reader:
    if hint == Value or hint == Value | None:
        return lambda raw: None if raw is None else values.from_json(raw)
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            one = _reader(arguments[0])
            return lambda raw: tuple([one(item) for item in raw])
        each = [_reader(a) for a in arguments]
        return lambda raw: tuple(read(item) for read, item in zip(each, raw, strict=True))
    if origin in (typing.Union, types.UnionType):
        return _optional(_reader, arguments)
    if hint is Sealed:
        return lambda raw: Sealed(raw["sealed"])
    if hint is date:
        return day
    if attrs.has(hint):
        return _object_reader(hint)
    return _as_it_is


def _as_it_is(raw: Any) -> Any:
    return raw


def _object_reader(cls: type) -> Reader:
    """Most fields stand in JSON as they are: those pass at once, and a name that the class does not have is refused by its constructor."""
    absent = {name: _absent(hint) for name, hint in _fields(cls)}
    changed = [(name, one) for name, hint in _fields(cls) if (one := _reader(hint)) is not _as_it_is]

    def read(raw: dict[str, Any]) -> Any:
        found = {**absent, **raw}
        for name, one in changed:
            if name in raw:
                found[name] = one(raw[name])
        return cls(**found)

    return read


def _optional(maker: Callable[[Any], Callable[[Any], Any]], arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    """For ``X | None`` the maker of X; a union of plain types passes as it is (words are sealed before they come here)."""
    rest = [a for a in arguments if a is not type(None)]
    if Sealed in rest:
        return maker(Sealed)
    return maker(rest[0]) if len(rest) == 1 else _as_it_is


def _absent(hint: Any) -> Any:
    if typing.get_origin(hint) is tuple:
        return ()
    return False if hint is bool else None
