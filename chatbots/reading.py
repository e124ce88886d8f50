"""Reads a chatbot's document even when it is incomplete, as that of a draft in the builder is."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistants.schema import Trimmed
from chatbots.schema import Chatbot

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_REPAIRS = 100


class Incomplete(Chatbot):
    """A chatbot that may lack its name and its prompt."""

    name: Trimmed = ""
    system_prompt: Trimmed = ""


def read(data: Mapping[str, Any]) -> Chatbot:
    """The configuration in ``data``; what is missing or not valid takes its default.

    A release is valid, so it is read as it is. In a draft only the faulty value is dropped: a
    colour with a typo does not take the welcome message with it. A base whose filter is faulty is
    not searched.
    """
    rest = deepcopy(dict(data))
    for _ in range(MOST_REPAIRS):
        try:
            return Incomplete.model_validate(rest)
        except ValidationError as error:
            # The last first: removing an item of a list moves those behind it.
            _drop(rest, _needless(error.errors()[-1]["loc"]))
    return Incomplete()


def _needless(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """What is dropped for the sake of a value that is not valid: of a filter, all that it limits.
    Without it, more would be found than is meant."""
    return location[: location.index("override_retrieval")] if "filters" in location else location


def _drop(document: dict[str, Any], location: tuple[int | str, ...]) -> None:
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
