"""Guards: the conditions that stand before a transition.

A guard is an expression in a strict subset of CEL, three-valued: what nobody has recorded is not yet known, not false. Compiled once,
it is judged against readings, and the verdict carries its numbers, so that words are made from the verdict and never the other way
round. It reads only what it is given, not the clock, not the store: a replay gets the same answer.

The parser is loaded when the first guard is compiled, not when this package is.
"""

from __future__ import annotations

from engine.guards.explain import judge, outcome
from engine.guards.inputs import Roles
from engine.guards.names import Names
from engine.guards.problems import GuardMistake, Problem
from engine.guards.program import Program, compile_guard, holds
from engine.guards.smallest import smallest

__all__ = ["GuardMistake", "Names", "Problem", "Program", "Roles", "compile_guard", "holds", "judge", "outcome", "smallest"]
