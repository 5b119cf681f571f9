"""Whether a value holds what its class declares: whole numbers where there are to be numbers, words where words.

JSON's `true` equals 1 in Python, and whatever stands in a leaf goes into an event as it is (`engine.codec` reads millions of them). Who
has to vouch for a leaf asks here. The shapes are read off the attrs classes once.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

import attrs

Check = Callable[[Any], bool]


def fits(value: Any) -> bool:
    """Whether every field of an attrs value, and of those inside it, is of exactly the type that is declared."""
    kind: Any = type(value)
    return _object(kind)(value)


@cache
def _object(cls: Any) -> Check:
    """The check of a class, made once."""
    hints = typing.get_type_hints(cls)
    checks = [(a.name, _check(hints[a.name])) for a in attrs.fields(cls)]
    return lambda value: all(check(getattr(value, name)) for name, check in checks)


@cache
def _check(hint: Any) -> Check:
    if hint is Any:
        return lambda value: True
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return lambda value: type(value) is str and value in arguments
    if origin is tuple:
        return _tuple(arguments)
    if origin in (typing.Union, types.UnionType):
        return _any_of(arguments)
    if attrs.has(hint):
        return lambda value: type(value) is hint and fits(value)
    plain = origin or hint
    return lambda value: type(value) is plain


def _tuple(arguments: tuple[Any, ...]) -> Check:
    if arguments[-1] is Ellipsis:
        one = _check(arguments[0])
        return lambda value: type(value) is tuple and all(map(one, value))
    each = [_check(a) for a in arguments]
    return lambda value: type(value) is tuple and len(value) == len(each) and all(c(v) for c, v in zip(each, value, strict=True))


def _any_of(arguments: tuple[Any, ...]) -> Check:
    """One of several: classes of ours are told apart by what the value is, so that no other's fields are gone through."""
    classes = frozenset(a for a in arguments if attrs.has(a))
    others = [_check(a) for a in arguments if a not in classes]
    return lambda value: fits(value) if type(value) in classes else any(check(value) for check in others)
