"""From the text of an expression to its parts, or to what is wrong with it and where."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from chatflows.expressions import effort, values
from chatflows.expressions.errors import ExpressionError
from chatflows.expressions.functions import FUNCTIONS
from chatflows.expressions.syntax import (
    Conditional,
    Either,
    Expression,
    Item,
    Items,
    Literal,
    Name,
    Operation,
)
from chatflows.expressions.values import UnfitError
from common.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable

# Characters of one expression, its parts, and how deep they may stand in each other.
LONGEST, MOST_PARTS, DEEPEST = 2000, 256, 32

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": values.are_equal,
    "===": values.are_equal,
    "!=": lambda left, right: not values.are_equal(left, right),
    "!==": lambda left, right: not values.are_equal(left, right),
    "<": values.is_less,
    ">": lambda left, right: values.is_less(right, left),
    "<=": lambda left, right: values.are_equal(left, right) or values.is_less(left, right),
    ">=": lambda left, right: values.are_equal(left, right) or values.is_less(right, left),
    "in": values.is_in,
}
ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": values.added,
    "-": values.subtracted,
    "*": values.multiplied,
    "/": values.divided,
    "%": values.remainder,
}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
_ESCAPE = re.compile(r"\\(u(?!d[89a-f])[0-9a-f]{4}|.)", re.DOTALL | re.IGNORECASE)
CONSTANTS = {"true": True, "false": False, "null": None, "none": None}


# By their texts, whose characters together say how much is kept: the parts of an expression take
# two hundred times as much.
_read: Memory[str, Expression] = Memory(500_000, lambda text, _expression: len(text))


def parse(text: str) -> Expression:
    """The expression that ``text`` is; raises ``ExpressionError``."""
    return _read.get_or(text, lambda: _parsed(text))


def _parsed(text: str) -> Expression:
    if len(text) > LONGEST:
        raise ExpressionError(f"An expression has at most {LONGEST:,} characters.", LONGEST + 1)
    if not text.strip():
        raise ExpressionError("There is no expression.")
    # One takes some milliseconds, and there may be hundreds in a text.
    effort.check()
    try:
        tree = _grammar.parse(text)
        _refuse_depth(tree)
        found: Expression = _Builder().transform(tree)
    except UnexpectedInput as error:
        raise _unexpected(error, text) from None
    except VisitError as error:
        raise error.orig_exc from None
    return found


def _refuse_depth(tree: Any) -> None:
    """Raise ``ExpressionError`` for what would take long to work out, however it is nested."""
    count, level = 0, [tree]
    for depth in range(DEEPEST + 1):
        level = [child for each in level for child in getattr(each, "children", ())]
        count += len(level)
        if count > MOST_PARTS:
            raise ExpressionError(f"An expression has at most {MOST_PARTS} parts.")
        if not level:
            return
        del depth
    raise ExpressionError(f"An expression is nested at most {DEEPEST} deep.")


def _unexpected(error: UnexpectedInput, text: str) -> ExpressionError:
    """What was found where something else was needed."""
    # The reader's own columns begin anew with each line.
    at = error.pos_in_stream or 0
    column = at + 1
    if isinstance(error, UnexpectedCharacters):
        found = text[at]
        if found in "'\"":
            return ExpressionError(f"The text that begins with {found} has no end.", column)
        if found == "=":
            return ExpressionError("A single = compares nothing: write ==.", column)
        return ExpressionError(f"{found} is not expected here.", column)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        if error.token.type == "COMPARE":
            words = "Only two values are compared at a time: join comparisons with and."
            return ExpressionError(words, column)
        return ExpressionError(f"{error.token} is not expected here.", column)
    return ExpressionError("The expression ends too early.", len(text) + 1)


@v_args(inline=True)
class _Builder(Transformer[Token, Expression]):
    """The parts of what the grammar found; each method is one of its rules."""

    def name(self, token: Token) -> Expression:
        return Name(_column(token), str(token))

    def number(self, token: Token) -> Expression:
        return Literal(_column(token), _number(token))

    def string(self, token: Token) -> Expression:
        return Literal(_column(token), _unquoted(token))

    def constant(self, token: Token) -> Expression:
        return Literal(_column(token), CONSTANTS[token.lower()])

    def list(self, *items: Expression) -> Expression:
        return Items(items[0].column if items else 1, items)

    def member(self, of: Expression, key: Token) -> Expression:
        return Item(of.column, of, Literal(_column(key), str(key)))

    def item(self, of: Expression, at: Expression) -> Expression:
        return Item(of.column, of, at)

    def call(self, name: Token, *given: Expression) -> Expression:
        return _called(name, given)

    def pipe(self, piped: Expression, name: Token, *given: Expression) -> Expression:
        return _called(name, (piped, *given))

    def signed(self, sign: Token, of: Expression) -> Expression:
        return Operation(_column(sign), str(sign), ARITHMETIC[sign], (Literal(of.column, 0), of))

    def sum(self, first: Expression, *rest: Any) -> Expression:
        return _in_turn(first, rest)

    def product(self, first: Expression, *rest: Any) -> Expression:
        return _in_turn(first, rest)

    def compared(self, left: Expression, sign: Token, right: Expression) -> Expression:
        return Operation(_column(sign), str(sign), COMPARISONS[sign], (left, right))

    def not_in(self, left: Expression, _not: Token, sign: Token, right: Expression) -> Expression:
        return _negated(Operation(_column(sign), "not in", values.is_in, (left, right)))

    def negated(self, _not: Token, of: Expression) -> Expression:
        return _negated(of)

    def negated_tightly(self, of: Expression) -> Expression:
        return _negated(of)

    def fallback(self, *operands: Expression) -> Expression:
        return Either(operands[0].column, lambda value: value is not None, operands)

    def conjunction(self, *operands: Any) -> Expression:
        found = _expressions(operands)
        return Either(found[0].column, lambda value: not values.is_true(value), found)

    def disjunction(self, *operands: Any) -> Expression:
        found = _expressions(operands)
        return Either(found[0].column, values.is_true, found)

    def conditional(
        self, condition: Expression, then: Expression, otherwise: Expression
    ) -> Expression:
        return Conditional(condition.column, condition, then, otherwise)


def _called(name: Token, given: tuple[Expression, ...]) -> Expression:
    function = FUNCTIONS.get(name)
    if function is None:
        raise ExpressionError(f"There is no function {name}.", _column(name))
    if not function.takes(len(given)):
        words = f"{name} takes {function.arity}, not {len(given)}: {function.example}."
        raise ExpressionError(words, _column(name))
    return Operation(_column(name), str(name), function.call, given)


def _in_turn(first: Expression, rest: tuple[Any, ...]) -> Expression:
    """Operations of equal rank, from left to right."""
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return reduce(
        lambda left, pair: Operation(
            _column(pair[0]), str(pair[0]), ARITHMETIC[pair[0]], (left, pair[1])
        ),
        pairs,
        first,
    )


def _negated(of: Expression) -> Expression:
    return Operation(of.column, "not", lambda value: not values.is_true(value), (of,))


def _expressions(operands: tuple[Any, ...]) -> tuple[Expression, ...]:
    """Without the words between them."""
    return tuple(each for each in operands if isinstance(each, Expression))


def _number(token: Token) -> int | float:
    try:
        return values.plain(values.as_number(str(token)))
    except UnfitError:
        raise ExpressionError(f"{token} is too large a number.", _column(token)) from None


def _unquoted(token: Token) -> str:
    """A text without its quotes. A backslash before a letter that means nothing stays, as patterns
    want it: ``"\\d"``."""
    return _ESCAPE.sub(lambda found: _unescaped(found[1]), token[1:-1])


def _unescaped(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return ESCAPES.get(escape, f"\\{escape}")


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


_grammar = Lark(
    (Path(__file__).parent / "grammar.lark").read_text(),
    parser="lalr",
    maybe_placeholders=False,
)
