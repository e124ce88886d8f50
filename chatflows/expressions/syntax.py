"""The parts of an expression. Each works itself out from what is known.

Nothing here reaches beyond plain JSON: a step of a path is a key of an object or a place in a list,
never an attribute.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatflows.expressions import effort, values
from chatflows.expressions.errors import ExpressionError
from chatflows.expressions.values import UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Known = Mapping[str, Any]


@dataclass(frozen=True)
class Expression(ABC):
    """A part that has a value. ``column`` is where it begins in its field."""

    column: int

    @abstractmethod
    def value(self, known: Known) -> Any:
        """What it comes to; raises ``ExpressionError``."""

    def held(self, known: Known) -> Any:
        """The same where a path goes on from it."""
        return self.value(known)

    def parts(self) -> Sequence[Expression]:
        """What it is made of."""
        return ()


@dataclass(frozen=True)
class Literal(Expression):
    constant: Any

    def value(self, known: Known) -> Any:
        del known
        return self.constant


@dataclass(frozen=True)
class Name(Expression):
    """A node or a variable. What is not known is nothing; a node alone is the main thing that it
    gave."""

    name: str

    def value(self, known: Known) -> Any:
        found = known.get(self.name)
        return found.get(found.main) if isinstance(found, values.Output) else found

    def held(self, known: Known) -> Any:
        return known.get(self.name)


@dataclass(frozen=True)
class Item(Expression):
    """``of[at]`` or ``of.at``. What is not there is nothing."""

    of: Expression
    at: Expression

    def value(self, known: Known) -> Any:
        holder, at = self.of.held(known), self.at.value(known)
        if isinstance(holder, dict):
            return holder.get(values.as_text(at))
        if isinstance(holder, (list, tuple)) and (place := _place(at)) is not None:
            return holder[place] if -len(holder) <= place < len(holder) else None
        return None

    def parts(self) -> Sequence[Expression]:
        return (self.of, self.at)


@dataclass(frozen=True)
class Items(Expression):
    """``[first, second, …]``"""

    items: tuple[Expression, ...]

    def value(self, known: Known) -> Any:
        try:
            return values.bounded([item.value(known) for item in self.items])
        except UnfitError as error:
            raise ExpressionError(f"[…]: {error}.", self.column) from None

    def parts(self) -> Sequence[Expression]:
        return self.items


@dataclass(frozen=True)
class Operation(Expression):
    """Something done with values that are all worked out before: a comparison, a sum, a function.
    ``label`` is what it is called in the text."""

    label: str
    operation: Callable[..., Any]
    operands: tuple[Expression, ...]

    def value(self, known: Known) -> Any:
        given = [operand.value(known) for operand in self.operands]
        effort.check()
        try:
            return self.operation(*given)
        except UnfitError as error:
            raise ExpressionError(f"{self.label}: {error}.", self.column) from None

    def parts(self) -> Sequence[Expression]:
        return self.operands


@dataclass(frozen=True)
class Either(Expression):
    """``or``, ``and``, ``??``: the first operand that decides, else the last. The others are not
    worked out."""

    decides: Callable[[Any], bool]
    operands: tuple[Expression, ...]

    def value(self, known: Known) -> Any:
        found = None
        for operand in self.operands:
            found = operand.value(known)
            if self.decides(found):
                break
        return found

    def parts(self) -> Sequence[Expression]:
        return self.operands


@dataclass(frozen=True)
class Conditional(Expression):
    """``condition ? then : otherwise``"""

    condition: Expression
    then: Expression
    otherwise: Expression

    def value(self, known: Known) -> Any:
        holds = values.is_true(self.condition.value(known))
        return (self.then if holds else self.otherwise).value(known)

    def parts(self) -> Sequence[Expression]:
        return (self.condition, self.then, self.otherwise)


@dataclass(frozen=True)
class Reference:
    """A path that an expression reads: ``("llm1", "intent")``. It ends where the next step is not
    written in the text but worked out."""

    path: tuple[str, ...]
    column: int


def references(expression: Expression) -> Iterator[Reference]:
    """The paths that it reads, each as long as the text says it."""
    return (reference for reference, _part in _read(expression))


def values_read(expression: Expression, known: Known) -> dict[str, Any]:
    """What stands there of ``known``, by path: ``{"llm1.intent": "billing"}``."""
    return {".".join(reference.path): part.value(known) for reference, part in _read(expression)}


def _read(expression: Expression) -> Iterator[tuple[Reference, Expression]]:
    """Each path that it reads, with the part that reads it: names and items, which never fail."""
    path: list[str] = []
    at = expression
    while isinstance(at, Item) and isinstance(at.at, Literal):
        path.append(values.as_text(at.at.constant))
        at = at.of
    if isinstance(at, Name):
        yield Reference((at.name, *reversed(path)), at.column), expression
        return
    for part in at.parts():
        yield from _read(part)


def _place(at: object) -> int | None:
    try:
        number = values.as_number(at)
    except UnfitError:
        return None
    return int(number) if number == number.to_integral_value() else None
