"""Reads a document even when it is incomplete, as that of a draft in the builder is."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from common.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Location = tuple[int | str, ...]

SchemaT = TypeVar("SchemaT", bound=Schema)
MOST_REPAIRS = 100


def _itself(location: Location) -> Location:
    return location


def read(
    schema: type[SchemaT],
    data: Mapping[str, Any],
    needless: Callable[[Location], Location] = _itself,
) -> SchemaT:
    """The configuration in ``data``; what is missing or not valid takes its default. So each field
    of ``schema`` has one.

    A release is valid, so it is read as it is. In a draft only the faulty value is dropped: a
    colour with a typo does not take the welcome message with it. ``needless`` says what goes for
    the sake of the value at a place, where that is more than the value.
    """
    rest = deepcopy(dict(data))
    for _ in range(MOST_REPAIRS):
        try:
            return schema.model_validate(rest)
        except ValidationError as error:
            # The last first: removing an item of a list moves those behind it.
            _drop(rest, needless(error.errors()[-1]["loc"]))
    return schema()


def _drop(document: dict[str, Any], location: Location) -> None:
    """Remove what stands at ``location``, or the innermost thing on the way that exists."""
    holder: Any = document
    found: tuple[Any, Any] | None = None
    for part in location:
        if not _has(holder, part):
            continue  # the tag of a union, or a field that is missing
        found = (holder, part)
        holder = holder[part]
    if found is None:
        document.clear()
    else:
        del found[0][found[1]]


def _has(holder: Any, part: int | str) -> bool:
    if isinstance(holder, list):
        return isinstance(part, int) and part < len(holder)
    return isinstance(holder, dict) and part in holder
