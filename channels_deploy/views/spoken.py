"""Limits that a visitor has reached, told in their language."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from channels_deploy.door import entity_of
from common.http import json_body
from common.problems import Problem
from conversations.bodies import LONGEST_NAME
from conversations.languages import ENGLISH
from conversations.publicity import words
from conversations.releases import assistant_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from channels_deploy.door import Visit

# Seconds for which somebody may wait with the chat open.
SOON = 120
FoundT = TypeVar("FoundT")


def spoken(call: Callable[[Visit], FoundT]) -> Callable[[Visit], FoundT]:
    """Decorate what answers a page's call: a ``Problem`` 429 of it says in the visitor's language
    whether to wait for a moment or for longer, in English for how long."""

    @wraps(call)
    def answered(visit: Visit) -> FoundT:
        try:
            return call(visit)
        except Problem as problem:
            if problem.status != HTTPStatus.TOO_MANY_REQUESTS:
                raise
            raise _translated(problem, visit) from None

    return answered


def _translated(problem: Problem, visit: Visit) -> Problem:
    assistant = assistant_of(entity_of(visit.enter())).assistant
    language = assistant.language_for(_wanted(visit)) or ENGLISH
    if language == ENGLISH:
        return problem
    name = "often" if int(problem.headers["Retry-After"]) <= SOON else "full"
    return replace(problem, detail=words(language)[name])


def _wanted(visit: Visit) -> str:
    """The language of the visitor's pass; of one who has none yet, that which they ask for."""
    try:
        return visit.held().language
    except Problem:
        asked = json_body(visit.request).get("language")
    return asked[:LONGEST_NAME] if isinstance(asked, str) else ""
