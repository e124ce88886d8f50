"""Whether what came of a test case is what was expected. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatflows.expressions import ExpressionError, parse
from chatflows.expressions.functions.patterns import matches
from chatflows.expressions.syntax import Item, Literal, Name, references
from chatflows.expressions.values import UnfitError, as_text, is_true

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chatflows.cases.reading import Expected
    from chatflows.expressions.syntax import Expression

# Characters of what is told of a value that was found instead.
LONGEST_FOUND = 200


@dataclass(frozen=True)
class Played:
    """How a conversation ended: the last ``answer``, the ``nodes`` that ran by their ids in the
    order in which they first did, what an expression reads (``known``), and whether the flow
    ``waits`` for another message."""

    answer: str
    nodes: tuple[str, ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)
    waits: bool = False


@dataclass(frozen=True)
class Miss:
    """An expectation that did not hold. ``found`` is what there was instead, where that is neither
    the answer nor the nodes that ran, or why it could not be looked at."""

    kind: str
    value: str = ""
    found: str = ""


def missed(expectations: Iterable[Expected], played: Played) -> list[Miss]:
    """Those that did not hold, in their order."""
    return [miss for each in expectations if (miss := _missed(each, played))]


def _missed(expected: Expected, played: Played) -> Miss | None:
    kind, value = expected.kind, expected.value
    judge = _JUDGES.get(kind)
    if judge is None:
        return Miss(kind, value, "This is not known here.")
    try:
        found = judge(value, played)
    except (ExpressionError, UnfitError) as error:
        return Miss(kind, value, str(getattr(error, "message", error)))
    return None if found is None else Miss(kind, value, found[:LONGEST_FOUND])


def _plain(text: str) -> str:
    """Without what nobody would call a difference: letter case, and how much blank there is."""
    return " ".join(text.casefold().split())


def _condition(value: str, played: Played) -> str | None:
    expression = parse(value)
    if is_true(expression.value(played.known)):
        return None
    return ", ".join(
        f"{'.'.join(each.path)} = {_shown(_at(each.path).value(played.known))}"
        for each in {each.path: each for each in references(expression)}.values()
    )


def _at(path: Sequence[str]) -> Expression:
    """The expression that reads ``path``."""
    name, *steps = path
    found: Expression = Name(1, name)
    for step in steps:
        found = Item(1, found, Literal(1, step))
    return found


def _shown(value: Any) -> str:
    """A value as one would write it in an expression."""
    return "null" if value is None else f"'{value}'" if isinstance(value, str) else as_text(value)


def _held(holds: bool) -> str | None:  # noqa: FBT001 (a judge's only word)
    return None if holds else ""


_JUDGES: Mapping[str, Callable[[str, Played], str | None]] = {
    "contains": lambda value, played: _held(_plain(value) in _plain(played.answer)),
    "not_contains": lambda value, played: _held(_plain(value) not in _plain(played.answer)),
    "equals": lambda value, played: _held(_plain(value) == _plain(played.answer)),
    "matches": lambda value, played: _held(matches(played.answer, value)),
    "passes_node": lambda value, played: _held(value in played.nodes),
    "avoids_node": lambda value, played: _held(value not in played.nodes),
    "condition": _condition,
    "waits": lambda _value, played: _held(played.waits),
    "ends": lambda _value, played: _held(not played.waits),
}
