"""The functions of guards with the number of their arguments, and those of CEL that guards leave out, each with its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FUNCTIONS: Final[Mapping[str, int]] = {
    "date": 1,
    "days": 2,
    "workdays": 2,
    "ceil_div": 2,
    "floor_div": 2,
    "size": 1,
    "has": 1,
}

_LEFT_OUT: Final = {
    "outside_macro": ("all", "exists", "exists_one", "existsOne", "filter", "map"),
    "outside_conversion": ("bool", "bytes", "double", "dyn", "int", "string", "type", "uint"),
    "outside_string_function": ("contains", "endsWith", "matches", "startsWith"),
    "outside_time": (
        "duration",
        "timestamp",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
    ),
}

OUTSIDE_FUNCTIONS: Final[Mapping[str, str]] = {name: rule for rule, names in _LEFT_OUT.items() for name in names}
"""The functions of CEL's standard library that guards do not have, with the rule that says so."""
