"""Reads a chatbot's document even when it is incomplete, as that of a draft in the builder is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants import reading
from assistants.schema import Trimmed
from chatbots.schema import Chatbot

if TYPE_CHECKING:
    from collections.abc import Mapping


class Incomplete(Chatbot):
    """A chatbot that may lack its name and its prompt."""

    name: Trimmed = ""
    system_prompt: Trimmed = ""


def read(data: Mapping[str, Any]) -> Chatbot:
    """The configuration in ``data``; what is missing or not valid takes its default. A base whose
    filter is faulty is not searched."""
    return reading.read(Incomplete, data, _needless)


def _needless(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """What is dropped for the sake of a value that is not valid: of a filter, all that it limits.
    Without it, more would be found than is meant."""
    return location[: location.index("override_retrieval")] if "filters" in location else location
