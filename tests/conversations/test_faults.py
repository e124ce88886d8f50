"""What is wrong with a request is told in words, not in those of the library that reads it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from common.problems import Problem
from conversations.bodies import ChatBody, FeedbackBody, LeadBody, PanelBody, parsed
from conversations.openai_shapes import CompletionBody

HELLO = [{"role": "user", "content": "Hello"}]
# As pydantic says it.
NOT_OURS = re.compile(
    r"should|Input|validation|Tuple|Field required|instance|unable to", re.IGNORECASE
)


def told(model: Any, body: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Problem) as refused:
        parsed(model, body)
    return {error.path: error.message for error in refused.value.errors}


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ({"model": "a", "messages": []}, "messages", "Give at least 1 entry."),
        ({"model": "a"}, "messages", "This field is needed."),
        ({"model": "", "messages": HELLO}, "model", "Write at least 1 character."),
        ({"model": "a", "messages": HELLO, "n": 2}, "n", "Give 1 or less."),
        ({"model": "a", "messages": HELLO, "seed": "x"}, "seed", "Give a whole number."),
        ({"model": "a", "messages": HELLO, "stream": "so"}, "stream", "Give true or false."),
        ({"model": "a", "messages": "Hello"}, "messages", "Give a list."),
        ({"model": 5, "messages": HELLO}, "model", "Give a text."),
        ({"model": "a", "messages": ["Hello"]}, "messages.0", "Give an object."),
        ({"model": "a", "messages": HELLO, "temperature": "hot"}, "temperature", "Give a number."),
        ({"model": "a", "messages": HELLO, "temperature": 99}, "temperature", "Give 2 or less."),
    ],
)
def test_a_completion_that_is_not_valid(body: dict[str, Any], path: str, words: str) -> None:
    assert told(CompletionBody, body)[path] == words


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (ChatBody, {"message": " ", "session_id": "no blanks", "user": 4, "more": 1}),
        (ChatBody, {"message": "Hi", "variables": {"a": []}}),
        (ChatBody, {"message": ["Hi"], "variables": 7}),
        (PanelBody, {"session_id": None, "regenerate": 9}),
        (FeedbackBody, {"session_id": "s", "message_id": "x" * 99, "value": "sideways"}),
        (LeadBody, {"session_id": "s", "fields": {"email": {}}}),
        (CompletionBody, {"model": "a", "messages": [{"role": "nobody", "content": 1}]}),
    ],
)
def test_nothing_is_told_in_the_librarys_words(model: Any, body: dict[str, Any]) -> None:
    messages = told(model, body).values()
    assert messages
    assert [words for words in messages if NOT_OURS.search(words) or not words.endswith(".")] == []
