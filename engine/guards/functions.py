"""The functions of guards, each with an example, and those of CEL that guards leave out, each with its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FUNCTIONS: Final[Mapping[str, str]] = {
    "date": 'date("2021-04-02")',
    "days": "days(a, b)",
    "workdays": "workdays(a, b)",
    "ceil_div": "ceil_div(a, b)",
    "floor_div": "floor_div(a, b)",
    "size": "size(a)",
    "has": "has(fact.a)",
}

ARGUMENTS: Final[Mapping[str, int]] = {name: example.count(",") + 1 for name, example in FUNCTIONS.items()}

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
