"""From TOML data to a form, with every mistake of shape at once: unknown keys, wrong types, what is missing.

cattrs says where the data does not fit a form; what does not fit is cut out and the rest is read again, so that one wrong type
does not hide the mistakes behind it. cattrs is imported only when a file is read: `status` never needs it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs

from engine.values import GREATEST_RECORDED, Value, nfc
from engine.workflow import Role
from workflows.forms import Day, Roles, SelectForm, TextForm, Units, Words, is_required, key_of
from workflows.problems import Findings, KeyPath, prefixes

F = TypeVar("F")

_TYPE_NAMES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "bool"),
    (int, "int"),
    (float, "float"),
    (str, "string"),
    (datetime, "datetime"),
    (date, "date"),
    (time, "time"),
    (list, "list"),
    (dict, "table"),
)

_PLAIN_CONTROLS: Final = "\n\t"

LANGUAGES: Final = ("vi", "en")

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""A day outside is a slip of the pen (0202 for 2020)."""

UNFIT: Final = ("E-TYPE", "E-CHOICE", "E-INTEGER", "E-CONTROL", "E-YEAR")
"""The mistakes for which a value is left out."""


class Unfit(Exception):
    """A value that does not fit its place in a form. `near`: the words that fit; `key`: the place inside the value."""

    def __init__(self, code: str, *, near: Iterable[str] = (), key: int | None = None, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.near = near
        self.key = key
        self.fields = fields


def read_form(data: Mapping[str, Any], form: type[F], findings: Findings, at: KeyPath = ()) -> F:
    """The data as a form; what does not fit is told to `findings` and left out. `at`: where the data hangs in its file."""
    from cattrs import BaseValidationError

    rest = copy.deepcopy(dict(data))
    cut: set[KeyPath] = set()
    while True:
        try:
            read: F = _converter().structure(rest, form)
        except BaseValidationError as error:
            cut.update(_tell(error, rest, findings, at))
            continue
        for path in _missing(read, ()):
            if cut.isdisjoint(prefixes(path)):
                _tell_missing(path, findings, at)
        return read


def type_name(value: Any) -> str:
    """The type of a TOML value, as its file would call it."""
    return next(name for kind, name in _TYPE_NAMES if isinstance(value, kind))


def _tell(error: Exception, data: dict[str, Any], findings: Findings, at: KeyPath) -> Iterator[KeyPath]:
    """Tell every mistake in a cattrs error, cut its place out of the data, and give the places."""
    for path, unfit in list(_leaves(error, ())):
        whole = path if unfit.key is None else (*path, unfit.key)
        written = str(unfit.fields.get("found", whole[-1] if whole else ""))
        findings.error(unfit.code, (*at, *whole), guess=findings.guess(written, unfit.near), **unfit.fields)
        yield _cut(data, path, table=unfit.fields.get("expected") == "table")


def _leaves(error: BaseException, path: KeyPath) -> Iterator[tuple[KeyPath, Unfit]]:
    from cattrs import ClassValidationError, ForbiddenExtraKeysError, IterableValidationError

    if isinstance(error, ClassValidationError):
        named, bare = error.group_exceptions()
        for inner, field in named:
            yield from _leaves(inner, (*path, key_of(getattr(attrs.fields(error.cl), field.name))))
        for inner in bare:
            yield from _leaves(inner, path)
    elif isinstance(error, IterableValidationError):
        for inner, item in error.group_exceptions()[0]:
            yield from _leaves(inner, (*path, item.index))
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [key_of(a) for a in attrs.fields(error.cl)]
        for key in sorted(error.extra_fields):
            yield (*path, key), Unfit("E-KEY-UNKNOWN", near=known, name=key[:60], known=tuple(known))
    elif isinstance(error, Unfit):
        yield path, error
    else:
        raise error


def _cut(data: dict[str, Any], path: KeyPath, *, table: bool) -> KeyPath:
    """Take out what stands at a path. `table`: where a table belongs; in a list of them an empty one is left, so that the others keep
    their numbers. A list of values goes as a whole; a second mistake in it finds it gone.
    """
    around: Any = data
    for end, step in enumerate(path[:-1], 1):
        if isinstance(around, dict) and step not in around:
            return path[:end]
        around = around[step]
    if isinstance(around, dict):
        around.pop(path[-1], None)
        return path
    if table:
        around[path[-1]] = {}
        return path
    return _cut(data, path[:-1], table=False)


def _missing(form: Any, path: KeyPath) -> Iterator[KeyPath]:
    """The required fields that a form lacks, at any depth."""
    for attribute in attrs.fields(type(form)):
        value = getattr(form, attribute.name)
        here = (*path, key_of(attribute))
        if value is None or (isinstance(value, str) and not value.strip()):
            if is_required(attribute):
                yield here
        elif isinstance(value, TextForm):
            yield from _missing_words(value, here)
        elif attrs.has(type(value)):
            yield from _missing(value, here)
        elif isinstance(value, (Mapping, tuple)):
            items = value.items() if isinstance(value, Mapping) else enumerate(value)
            for key, item in items:
                if attrs.has(type(item)):
                    yield from _missing(item, (*here, key))


def _missing_words(text: TextForm, path: KeyPath) -> Iterator[KeyPath]:
    lacking = [language for language in LANGUAGES if not (getattr(text, language) or "").strip()]
    yield from (path,) if lacking == list(LANGUAGES) else ((*path, language) for language in lacking)


def _tell_missing(path: KeyPath, findings: Findings, at: KeyPath) -> None:
    if path[-1] in ("text", "todo"):
        findings.error("E-TEXT-MISSING", (*at, *path), languages=LANGUAGES)
    elif path[-1] in LANGUAGES:
        findings.error("E-TEXT-MISSING", (*at, *path), languages=(path[-1],))
    else:
        findings.error("E-KEY-MISSING", (*at, *path), key=path[-1])


def _expect(value: Any, expected: str) -> None:
    if type_name(value) != expected:
        raise Unfit("E-TYPE", expected=expected, found=type_name(value))


def _string(value: Any, _: Any = None) -> str:
    _expect(value, "string")
    control = next((c for c in value if (c < " " and c not in _PLAIN_CONTROLS) or c == "\x7f"), None)
    if control is not None:
        raise Unfit("E-CONTROL", character=f"U+{ord(control):04X}")
    return nfc(value)


def _bool(value: Any, _: Any = None) -> bool:
    _expect(value, "bool")
    return bool(value)


def _int(value: Any, _: Any = None) -> int:
    _expect(value, "int")
    if abs(value) > GREATEST_RECORDED:
        raise Unfit("E-INTEGER", limit=GREATEST_RECORDED)
    return int(value)


def _date(value: Any, _: Any = None) -> date:
    _expect(value, "date")
    day: date = value
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unfit("E-YEAR", year=day.year, first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _value(value: Any, _: Any = None) -> Value:
    """A value as a fact or a plan may hold it."""
    read = _VALUES.get(type_name(value))
    if read is None:
        raise Unfit("E-TYPE", expected="value", found=type_name(value))
    return read(value)


_VALUES: Final[dict[str, Callable[[Any], Value]]] = {"bool": _bool, "int": _int, "string": _string, "date": _date}


def _choice(value: Any, hint: Any) -> str:
    word, choices = _string(value), get_args(hint)
    if word not in choices:
        raise Unfit("E-CHOICE", near=choices, found=word[:60], choices=choices)
    return word


def _words(value: Any, _: Any = None) -> tuple[str, ...]:
    return tuple(_each(value, _string))


def _roles(value: Any, _: Any = None) -> tuple[str, ...]:
    return tuple(_each(value, lambda item: _choice(item, Role)))


def _day(value: Any, _: Any = None) -> date | int:
    return _date(value) if type_name(value) == "date" else _int(value)


def _each(value: Any, read: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield read(value)
        return
    if not isinstance(value, list):
        raise Unfit("E-TYPE", expected="words", found=type_name(value))
    for index, item in enumerate(value):
        try:
            yield read(item)
        except Unfit as unfit:
            raise Unfit(unfit.code, near=unfit.near, key=index, **unfit.fields) from None


@cache
def _converter() -> Any:
    """The converter for every form: strict types, no unknown keys, all mistakes in one error."""
    from cattrs import Converter, override
    from cattrs.gen import make_dict_structure_fn, make_mapping_structure_fn

    converter = Converter(detailed_validation=True, forbid_extra_keys=True)

    def form_hook(form: type) -> Any:
        renamed = {a.name: override(rename=key_of(a)) for a in attrs.fields(attrs.resolve_types(form)) if key_of(a) != a.name}
        return _table_only(make_dict_structure_fn(form, converter, **renamed))  # type: ignore[arg-type]

    converter.register_structure_hook_factory(attrs.has, form_hook)
    converter.register_structure_hook_factory(
        _is_mapping, lambda hint: _table_only(make_mapping_structure_fn(hint, converter, dict))
    )
    converter.register_structure_hook_factory(_is_tuple, lambda hint: _list_only(hint, converter))
    converter.register_structure_hook_func(_is_literal, _choice)
    converter.register_structure_hook_func(lambda hint: hint in (Value, Value | None), _value)
    converter.register_structure_hook_func(lambda hint: hint in (Day, Day | None), _day)
    converter.register_structure_hook_func(lambda hint: hint in (Units, Units | None), lambda value, _: _units(value, converter))
    for hint, hook in _HOOKS:
        converter.register_structure_hook(hint, hook)
    return converter


_HOOKS: Final[tuple[tuple[Any, Callable[[Any, Any], Any]], ...]] = (
    (str, _string),
    (bool, _bool),
    (int, _int),
    (date, _date),
    (Words, _words),
    (Roles, _roles),
)


def _units(value: Any, converter: Any) -> Any:
    return converter.structure(value, SelectForm) if isinstance(value, dict) else _words(value)


def _is_mapping(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_literal(hint: Any) -> bool:
    origin: Any = get_origin(hint)
    return origin is Literal


def _is_tuple(hint: Any) -> bool:
    return get_origin(hint) is tuple


def _table_only(structure: Any) -> Any:
    def read(value: Any, hint: Any) -> Any:
        _expect(value, "table")
        return structure(value, hint)

    return read


def _list_only(hint: Any, converter: Any) -> Any:
    structure = converter.get_structure_hook(list[get_args(hint)[0]])  # type: ignore[misc]

    def read(value: Any, _: Any) -> Any:
        _expect(value, "list")
        return tuple(structure(value, list))

    return read
