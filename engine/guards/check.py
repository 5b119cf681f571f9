"""Looks up every name of a guard and checks every type, so that a guard that loads cannot fail for either.

All problems are collected, each with its column and a guess. What it gives is a term even where there are problems: the
conformance cases of CEL that are marked unchecked run it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from engine.guards.functions import ARGUMENTS, FUNCTIONS, OUTSIDE_FUNCTIONS
from engine.guards.names import Entry, Leaf, Method, Scope, Type
from engine.guards.operators import COMPARISONS, LEAST_INT64, OPERATORS, fitting
from engine.guards.problems import WARNINGS, Grade, Problem
from engine.guards.syntax import (
    Binary,
    Call,
    Choose,
    Constant,
    Logic,
    Mistaken,
    Name,
    Node,
    Select,
    Sequence,
    Unary,
    parts_of,
    spell,
)
from engine.guards.terms import Apply, Broken, Const, Has, OneOf, Read, Term
from engine.guards.terms import Choose as ChooseTerm
from engine.guards.terms import Logic as LogicTerm
from engine.readings import Path
from engine.values import nfc, type_of

_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Checker:
    """One check of one guard. `problems` fills up while `term` walks the tree."""

    def __init__(self, scope: Scope, *, unit_only: bool = False) -> None:
        self._scope = scope
        self._unit_only = unit_only
        self.problems: list[Problem] = []

    def term(self, node: Node) -> Term:  # noqa: C901, PLR0911 - one case for each kind of node
        match node:
            case Constant():
                return self._constant(node)
            case Mistaken():
                self.problems.extend(node.problems)
                return Broken(node, "mistaken")
            case Name() | Select():
                return self._read(node)
            case Call():
                return self._call(node)
            case Unary():
                return self._unary(node)
            case Binary(operator="in"):
                return self._one_of(node)
            case Binary():
                return self._apply(node, node.operator, (node.left, node.right))
            case Logic():
                return self._logic(node)
            case Choose():
                return self._choose(node)
            case Sequence():
                self._report("outside_list", node, "[]")
                return Broken(node, "mistaken")

    # Literals and operators

    def _constant(self, node: Constant) -> Term:
        if node.value == -LEAST_INT64:
            self._report("number_too_large", node, node.text)
            return Broken(node, "mistaken")
        if isinstance(node.value, str) and nfc(node.value) != node.value:
            self._report("not_composed", node, node.text, guess=nfc(node.text))
        return Const(node, type_of(node.value), node.value)

    def _unary(self, node: Unary) -> Term:
        literal = node.operand.value if isinstance(node.operand, Constant) else None
        if node.operator == "-" and type(literal) is int:
            return Const(node, "int", -literal)
        return self._apply(node, "negate" if node.operator == "-" else "!", (node.operand,))

    def _apply(self, node: Node, operator: str, operands: tuple[Node, ...]) -> Term:
        return self._applied(node, operator, tuple(self.term(operand) for operand in operands))

    def _applied(self, node: Node, operator: str, terms: tuple[Term, ...]) -> Term:
        types = tuple(term.type for term in terms)
        overloads = fitting(operator, types)
        if not overloads:
            self._report("type_mismatch", node, _shown(operator), guess=_rather(operator, types), types=types)
        elif operator in COMPARISONS:
            self._check_choices(terms[0], terms[1:])
            self._check_choices(terms[1], terms[:1])
        gives = {o.gives for o in overloads or OPERATORS[operator]}
        return Apply(node, gives.pop() if len(gives) == 1 else "dyn", operator, terms)

    def _one_of(self, node: Binary) -> Term:
        needle = self.term(node.left)
        if not isinstance(node.right, Sequence):
            self._report("outside_list", node.right, spell(node.right))
            return Broken(node, "mistaken")
        items = tuple(self.term(item) for item in node.right.items)
        for item in items:
            if not fitting("==", (needle.type, item.type)):
                self._report("type_mismatch", item.node, "in", types=(needle.type, item.type))
        self._check_choices(needle, items)
        return OneOf(node, needle, items)

    def _logic(self, node: Logic) -> Term:
        parts = tuple(self.term(part) for part in node.parts)
        for part in parts:
            if part.type not in ("bool", "dyn"):
                self._report("type_mismatch", part.node, node.operator, types=(part.type,))
        return LogicTerm(node, node.operator, parts)

    def _choose(self, node: Choose) -> Term:
        condition, yes, no = self.term(node.condition), self.term(node.yes), self.term(node.no)
        if condition.type not in ("bool", "dyn"):
            self._report("condition_not_bool", condition.node, types=(condition.type,))
        if "dyn" not in (yes.type, no.type) and yes.type != no.type:
            self._report("branches_differ", no.node, types=(yes.type, no.type))
        return ChooseTerm(node, yes.type if yes.type == no.type else "dyn", condition, yes, no)

    def _check_choices(self, term: Term, others: Iterable[Term]) -> None:
        """A word that a fact may never be is most likely a slip."""
        if isinstance(term, Read) and term.choices:
            for other in others:
                if isinstance(other, Const) and other.value not in term.choices:
                    self._report("not_a_choice", other.node, str(other.value), guess=_nearest(str(other.value), term.choices))

    # Names

    def _read(self, node: Name | Select) -> Term:
        chain = _chain(node)
        if chain is None:
            self._report("unknown_member", node, node.name)
            return self._only_checked(node)
        entry, path = self._look_up(chain)
        match entry:
            case Leaf():
                return Read(node, entry.type, path, entry.choices)
            case Method():
                self._report("needs_brackets", node, ".".join(path), guess=f'{".".join(path)}("…")')
            case Scope():
                self._report("not_a_value", node, ".".join(path), guess=_first_member(entry, path))
            case None:
                pass
        return Broken(node, "no_such_name")

    def _only_checked(self, node: Node) -> Broken:
        """What stands below is looked at for its own problems, and then given up."""
        for part in parts_of(node):
            self.term(part)
        return Broken(node, "mistaken")

    def _look_up(self, chain: tuple[Name | Select, ...]) -> tuple[Entry | None, Path]:
        """What a dotted name stands for, and its path. None: it stands for nothing, and that has been reported."""
        path = tuple(node.name for node in chain)
        if self._unit_only and path[0] != "unit" and path[0] in self._scope.members:
            self._report("only_unit", chain[0], path[0])
            return None, path
        entry: Entry = self._scope
        for node in chain:
            found = entry.find(node.name) if isinstance(entry, Scope) else None
            if found is None:
                self._report_unknown(node, node.name, entry)
                return None, path
            entry = found
        return entry, path

    def _report_unknown(self, node: Node, name: str, owner: Entry) -> None:
        if not isinstance(owner, Scope):
            self._report("unknown_member", node, name)
            return
        elsewhere = self._scope.elsewhere
        near = _nearest(name, owner.members)
        guess = elsewhere.get(name) or near or elsewhere.get(_nearest(name, elsewhere) or "")
        self._report(owner.code, node, name, guess=guess)

    # Calls

    def _call(self, node: Call) -> Term:
        if node.name in OUTSIDE_FUNCTIONS:
            self._report(OUTSIDE_FUNCTIONS[node.name], node, node.name)
            return Broken(node, "mistaken")
        if node.target is None:
            return self._function(node)
        chain = _chain(node.target)
        if chain is not None:
            owner, path = self._look_up(chain)
            if owner is None:
                return Broken(node, "no_such_function")
            if isinstance(owner, Scope):
                return self._method(node, owner, path)
        if node.name == "size" and not node.arguments:
            return self._apply(node, "size", (node.target,))
        return self._unknown_function(node)

    def _method(self, node: Call, owner: Scope, path: Path) -> Term:
        entry = owner.find(node.name)
        path = (*path, node.name)
        if not isinstance(entry, Method):
            if entry is None:
                self._report_unknown(node, node.name, owner)
            else:
                self._report("takes_no_brackets", node, ".".join(path), guess=".".join(path))
            return Broken(node, "no_such_function")
        literal = self._literal(node)
        if literal is None:
            return Broken(node, "mistaken", entry.type)
        name = str(literal.value)
        if entry.allowed is not None and name not in entry.allowed:
            self._report(entry.code, literal, name, guess=_nearest(name, entry.allowed))
        return Read(node, entry.type, (*path, name))

    def _literal(self, node: Call) -> Constant | None:
        """The one text literal that a call takes."""
        if len(node.arguments) != 1:
            self._report("argument_count", node, node.name, guess=f'{node.name}("…")')
            return None
        argument = node.arguments[0]
        if isinstance(argument, Constant) and isinstance(argument.value, str):
            return argument
        if isinstance(argument, Mistaken):
            self.problems.extend(argument.problems)
        else:
            self._report("argument_not_literal", argument, node.name)
        return None

    def _unknown_function(self, node: Call) -> Term:
        for part in parts_of(node):
            self.term(part)
        self._report("unknown_function", node, node.name, guess=_nearest(node.name, FUNCTIONS))
        return Broken(node, "no_such_function")

    def _function(self, node: Call) -> Term:
        if node.name not in FUNCTIONS:
            return self._unknown_function(node)
        if len(node.arguments) != ARGUMENTS[node.name]:
            self._report("argument_count", node, node.name, guess=FUNCTIONS[node.name])
            return Broken(node, "no_such_overload")
        match node.name:
            case "has":
                return self._has(node, node.arguments[0])
            case "date":
                return self._date(node)
            case "workdays":
                return self._workdays(node)
            case name:
                return self._apply(node, name, node.arguments)

    def _has(self, node: Call, argument: Node) -> Term:
        if not isinstance(argument, Select):
            self._report("has_needs_member", argument, spell(argument))
            return Broken(node, "mistaken", "bool")
        term = self._read(argument)
        return Has(node, term.path) if isinstance(term, Read) else Broken(node, "mistaken", "bool")

    def _date(self, node: Call) -> Term:
        literal = self._literal(node)
        if literal is None:
            return Broken(node, "mistaken", "date")
        day = _iso_date(str(literal.value))
        if day is None:
            self._report("bad_date", literal, str(literal.value))
            return Broken(node, "mistaken", "date")
        return Const(node, "date", day)

    def _workdays(self, node: Call) -> Term:
        if self._unit_only:
            self._report("only_unit", node, node.name)
        days = tuple(self.term(argument) for argument in node.arguments)
        return self._applied(node, "workdays", (*days, Read(node, "calendar", ("calendar",))))

    def _report(self, code: str, node: Node, name: str = "", *, guess: str | None = None, types: tuple[Type, ...] = ()) -> None:
        severity: Grade = "warning" if code in WARNINGS else "error"
        self.problems.append(Problem(code, node.column, name, guess, severity, types))


def _chain(node: Node) -> tuple[Name | Select, ...] | None:
    """The words of a dotted name, first to last; None when something else stands before a dot."""
    chain: list[Name | Select] = []
    while isinstance(node, Select):
        chain.append(node)
        node = node.target
    return (node, *reversed(chain)) if isinstance(node, Name) else None


def _iso_date(text: str) -> date | None:
    if _ISO_DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _nearest(name: str, candidates: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(name, list(candidates), n=1)), None)


def _first_member(scope: Scope, path: Path) -> str | None:
    """An example of what could be meant: the first value below."""
    first = next((name for name, entry in scope.members.items() if isinstance(entry, Leaf)), None)
    return None if first is None else ".".join((*path, first))


def _shown(operator: str) -> str:
    return "-" if operator == "negate" else operator


def _rather(operator: str, types: tuple[Type, ...]) -> str | None:
    """CEL cannot add days to a date; the number of days between two dates is what is meant."""
    return FUNCTIONS["days"] if operator in ("+", "-") and "date" in types else None
