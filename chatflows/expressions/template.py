"""Texts in which ``{{…}}`` stands for the value of an expression.

One pass: what is written into the text is never read as a template again. What an expression does
not find is written as nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatflows.expressions.errors import ExpressionError
from chatflows.expressions.parsing import LONGEST, parse
from chatflows.expressions.syntax import Reference, references
from chatflows.expressions.values import UnfitError, as_text
from common.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chatflows.expressions.syntax import Expression

    Written = Callable[[object, str], str]

BEGIN, END = "{{", "}}"
MOST_EXPRESSIONS = 200
# Characters of what it comes to.
LONGEST_WRITTEN = 1024 * 1024


@dataclass(frozen=True)
class Placed:
    """An expression of a template; ``offset`` is where its text begins, counted from 0."""

    expression: Expression
    offset: int


@dataclass(frozen=True)
class Template:
    """Pieces of text and expressions, in their order."""

    pieces: tuple[str | Placed, ...]

    def text(self, known: Mapping[str, Any], written: Written | None = None) -> str:
        """The whole as a text. ``written`` makes of a value, and of all the text before it, what is
        written there. Raises ``ExpressionError``."""
        text = ""
        for piece in self.pieces:
            if isinstance(piece, str):
                text += piece
            else:
                text += _written(piece, _value(piece, known), text, written)
            if len(text) > LONGEST_WRITTEN:
                raise ExpressionError(
                    f"The text becomes longer than {LONGEST_WRITTEN:,} characters."
                )
        return text

    def value(self, known: Mapping[str, Any]) -> Any:
        """The value itself where the template is one expression and nothing else, so that a list
        stays a list; else the text. Raises ``ExpressionError``."""
        one = self.pieces[0] if len(self.pieces) == 1 else None
        return self.text(known) if one is None or isinstance(one, str) else _value(one, known)

    def references(self) -> Iterator[Reference]:
        """The paths that it reads, with the columns of its text."""
        for piece in self.pieces:
            if isinstance(piece, Placed):
                for each in references(piece.expression):
                    yield Reference(each.path, each.column + piece.offset)


def _weight(text: str, template: Template) -> int:
    """How much of what is kept a template takes; nearly all of it are the parts of expressions."""
    plain = sum(len(piece) for piece in template.pieces if isinstance(piece, str))
    return len(text) + 20 * (len(text) - plain)


_read: Memory[str, Template] = Memory(10_000_000, _weight)


def parse_template(text: str) -> Template:
    """The template that ``text`` is; raises ``ExpressionError``."""
    return _read.get_or(text, lambda: _parsed(text))


def _parsed(text: str) -> Template:
    pieces: list[str | Placed] = []
    at, count = 0, 0
    while (start := text.find(BEGIN, at)) >= 0:
        count += 1
        if count > MOST_EXPRESSIONS:
            raise ExpressionError(f"A text has at most {MOST_EXPRESSIONS} expressions.", start + 1)
        if start > at:
            pieces.append(text[at:start])
        end = _end(text, start + 2)
        pieces.append(_placed(text[start + 2 : end], start + 2))
        at = end + 2
    if at < len(text):
        pieces.append(text[at:])
    return Template(tuple(pieces))


def _placed(inside: str, offset: int) -> Placed:
    try:
        return Placed(parse(inside), offset)
    except ExpressionError as error:
        raise error.moved(offset) from None


def _end(text: str, start: int) -> int:
    """Where the expression that begins at ``start`` ends: at the first ``}}`` outside of a text in
    quotes."""
    at, quote = start, ""
    while at < len(text) and at - start <= LONGEST:
        letter = text[at]
        if quote:
            at += 2 if letter == "\\" else 1
            quote = "" if letter == quote else quote
            continue
        if text.startswith(END, at):
            return at
        quote = letter if letter in "'\"" else ""
        at += 1
    raise ExpressionError("{{ has no }} behind it.", start - 1)


def _written(placed: Placed, value: Any, before: str, written: Written | None) -> str:
    try:
        return written(value, before) if written else as_text(value)
    except UnfitError as error:
        raise ExpressionError(f"This cannot be written: {error}.", placed.offset + 1) from None


def _value(placed: Placed, known: Mapping[str, Any]) -> Any:
    try:
        return placed.expression.value(known)
    except ExpressionError as error:
        raise error.moved(placed.offset) from None
