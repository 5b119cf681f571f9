"""From a guard's text to its syntax tree. Only this module knows lark.

The grammar is that of the Common Expression Language (cel-spec, doc/langdef.md), all of it: what guards leave out is recognised
and named, so that the author reads a rule and not "syntax error". Nothing here recurses: 900 nested brackets are one tree like any
other, and what is too deep is refused before anything walks it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from engine.guards.operators import LEAST_INT64
from engine.guards.problems import GREATEST_DEPTH, GREATEST_LENGTH, GuardMistake, Problem
from engine.guards.strings import read_string
from engine.guards.syntax import (
    Binary,
    Call,
    Choose,
    Conjunction,
    Constant,
    Logic,
    Mistaken,
    Name,
    Node,
    Select,
    Sequence,
    Sign,
    Unary,
    walk,
)

_RESERVED: Final = frozenset(
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
        "var", "void", "while",
    }
)  # fmt: skip
_END: Final = "$END"
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_NOTHING: Final = re.compile(r"(?:\s++|//[^\r\n]*+)*+")
_MEANT: Final = {
    "&": "&&", "|": "||", "=": "==", "and": "&&", "or": "||", "not": "!", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/",
    "–": "-", "−": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "#": "//",
}  # fmt: skip
"""What people mean who come from a word processor or from another language."""

_RAW: Final = r"""[rR](?:\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|\"[^\"\r\n]*\"|'[^'\r\n]*')"""
_COOKED: Final = r"""\"{3}(?:\\[\s\S]|[^\\])*?\"{3}|'{3}(?:\\[\s\S]|[^\\])*?'{3}|\"(?:\\.|[^\\\"\r\n])*\"|'(?:\\.|[^\\'\r\n])*'"""
_GRAMMAR: Final = rf"""
?start: expr
?expr: or_ | or_ "?" or_ ":" expr                    -> choose
?or_: and_ | and_ (OR and_)+                         -> logic
?and_: relation | relation (AND relation)+           -> logic
?relation: sum | relation (RELATION | IN) sum        -> binary
?sum: product | sum (PLUS | MINUS) product           -> binary
?product: unary | product (TIMES | OVER | REST) unary -> binary
?unary: member | nots | minuses
nots: NOT (member | nots)                            -> unary
minuses: MINUS (member | minuses)                    -> unary
?member: primary
    | member "." WORD                                -> select
    | member "." WORD "(" items ")"                  -> method
    | member "." QUOTED_NAME                         -> quoted_member
    | member SQUARE expr "]"                         -> index
    | member CURLY entries "}}"                      -> message
?primary: WORD                                       -> name
    | WORD "(" items ")"                             -> call
    | DOT WORD                                       -> absolute
    | DOT WORD "(" items ")"                         -> absolute
    | QUOTED_NAME                                    -> quoted
    | "(" expr ")"                                   -> brackets
    | SQUARE elements "]"                            -> sequence
    | CURLY entries "}}"                             -> mapping
    | TRUE -> boolean | FALSE -> boolean | NULL -> null
    | INT -> integer | UINT -> uint | DOUBLE -> double | STRING -> string | BYTES -> bytes_
items: [expr ("," expr)*]
elements: [expr ("," expr)* ","?]                    -> items
entries: [expr ":" expr ("," expr ":" expr)* ","?]

OR: "||"
AND: "&&"
RELATION: "<=" | ">=" | "==" | "!=" | "<" | ">"
IN: "in"
PLUS: "+"
MINUS: "-"
TIMES: "*"
OVER: "/"
REST: "%"
NOT: "!"
SQUARE: "["
CURLY: "{{"
DOT: "."
TRUE: "true"
FALSE: "false"
NULL: "null"
WORD: /[_a-zA-Z][_a-zA-Z0-9]*/
QUOTED_NAME: /`[^`\r\n]*`/
STRING.3: /{_RAW}|{_COOKED}/
BYTES.4: /[bB](?:{_RAW}|{_COOKED})/
DOUBLE.2: /[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+\.(?![_a-zA-Z])/
UINT.1: /(?:0x[0-9a-fA-F]+|[0-9]+)[uU]/
INT: /0x[0-9a-fA-F]+|[0-9]+/
BLANK: /[\t\n\f\r ]+/
COMMENT: /\/\/[^\r\n]*/
%ignore BLANK
%ignore COMMENT
"""


def parse(expression: str) -> Node:
    """The syntax tree; what is wrong with a single word stands in it as `Mistaken`.

    Raises `GuardMistake` where there is no tree to go on with.
    """
    if len(expression) > GREATEST_LENGTH:
        raise GuardMistake((Problem("too_long", GREATEST_LENGTH + 1, str(len(expression))),))
    surrogate = _SURROGATE.search(expression)
    if surrogate is not None:
        raise GuardMistake((Problem("unexpected_character", surrogate.start() + 1, surrogate.group()),))
    try:
        tree = cast("Node", _lark().parse(expression))
    except UnexpectedInput as error:
        raise GuardMistake((_unexpected(error, expression),)) from None
    for node, depth in walk(tree):
        if depth > GREATEST_DEPTH:
            raise GuardMistake((Problem("too_deep", node.column, str(GREATEST_DEPTH)),))
    return tree


@cache
def _lark() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder(), maybe_placeholders=False)


def _unexpected(error: UnexpectedInput, expression: str) -> Problem:
    position: int | None = getattr(error, "pos_in_stream", None)
    column = (len(expression) if position is None else position) + 1
    if isinstance(error, UnexpectedCharacters):
        character = expression[column - 1]
        code = "unclosed_string" if character in "\"'" else "unexpected_character"
        return Problem(code, column, character, _MEANT.get(character))
    token = error.token if isinstance(error, UnexpectedToken) else None
    if token is None or token.type == _END:
        return Problem("empty" if _NOTHING.fullmatch(expression) else "unexpected_end", len(expression) + 1)
    return Problem("unexpected_word", column, str(token), _MEANT.get(str(token).lower()))


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _outside(rule: str, column: int, text: str) -> Mistaken:
    return Mistaken(column, text, (Problem(rule, column, text),))


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds our nodes while lark reduces, so that no tree of lark's is ever walked."""

    def choose(self, condition: Node, yes: Node, no: Node) -> Node:
        return Choose(condition.column, condition, yes, no)

    def logic(self, first: Node, *rest: Node | Token) -> Node:
        operator = cast("Token", rest[0])
        return Logic(_column(operator), cast("Conjunction", str(operator)), (first, *cast("tuple[Node, ...]", rest[1::2])))

    def binary(self, left: Node, operator: Token, right: Node) -> Node:
        return Binary(_column(operator), str(operator), left, right)

    def unary(self, operator: Token, operand: Node) -> Node:
        return Unary(_column(operator), cast("Sign", str(operator)), operand)

    def select(self, target: Node, name: Token) -> Node:
        return Select(_column(name), target, str(name))

    def method(self, target: Node, name: Token, arguments: tuple[Node, ...]) -> Node:
        return Call(_column(name), target, str(name), arguments)

    def call(self, name: Token, arguments: tuple[Node, ...]) -> Node:
        return _not_reserved(name) or Call(_column(name), None, str(name), arguments)

    def name(self, name: Token) -> Node:
        return _not_reserved(name) or Name(_column(name), str(name))

    def brackets(self, inside: Node) -> Node:
        """``-(9223372036854775808)`` is out of range, ``-9223372036854775808`` is not: brackets end a literal."""
        return _too_large(inside) if isinstance(inside, Constant) and inside.value == -LEAST_INT64 else inside

    def sequence(self, opening: Token, items: tuple[Node, ...]) -> Node:
        return Sequence(_column(opening), items)

    def items(self, *items: Node) -> tuple[Node, ...]:
        return items

    def entries(self, *_entries: Node) -> tuple[()]:
        return ()

    def boolean(self, word: Token) -> Node:
        return Constant(_column(word), str(word) == "true", str(word))

    def integer(self, digits: Token) -> Node:
        constant = Constant(_column(digits), int(digits, 16 if digits.startswith("0x") else 10), str(digits))
        return constant if cast("int", constant.value) <= -LEAST_INT64 else _too_large(constant)

    def string(self, literal: Token) -> Node:
        value, problems = read_string(str(literal), _column(literal))
        return (
            Mistaken(_column(literal), str(literal), tuple(problems))
            if problems
            else Constant(_column(literal), value, str(literal))
        )

    def null(self, word: Token) -> Node:
        return _outside("outside_null", _column(word), str(word))

    def uint(self, word: Token) -> Node:
        return _outside("outside_uint", _column(word), str(word))

    def double(self, word: Token) -> Node:
        return _outside("outside_double", _column(word), str(word))

    def bytes_(self, word: Token) -> Node:
        return _outside("outside_bytes", _column(word), str(word))

    def absolute(self, dot: Token, name: Token, _arguments: tuple[Node, ...] = ()) -> Node:
        return _outside("outside_absolute_name", _column(dot), f".{name}")

    def quoted(self, word: Token) -> Node:
        return _outside("outside_quoted_name", _column(word), str(word))

    def quoted_member(self, _target: Node, word: Token) -> Node:
        return self.quoted(word)

    def index(self, _target: Node, opening: Token, _index: Node) -> Node:
        return _outside("outside_index", _column(opening), "[]")

    def message(self, _target: Node, opening: Token, _entries: tuple[()]) -> Node:
        return _outside("outside_message", _column(opening), "{}")

    def mapping(self, opening: Token, _entries: tuple[()]) -> Node:
        return _outside("outside_map", _column(opening), "{}")


def _not_reserved(name: Token) -> Mistaken | None:
    return _outside("reserved_word", _column(name), str(name)) if name in _RESERVED else None


def _too_large(constant: Constant) -> Mistaken:
    return _outside("number_too_large", constant.column, constant.text)
