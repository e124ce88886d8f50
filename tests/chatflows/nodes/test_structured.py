"""Objects in what a model says."""

from __future__ import annotations

import pytest

from chatflows.nodes.structured import object_in
from tests.support.processor import takes_at_most


@pytest.mark.parametrize(
    "answer",
    [
        '{"a": 1}',
        '```json\n{"a": 1}\n```',
        '```\n\n{"a": 1}```',
        'Here it is:\n```json\n{"a": 1}\n```\nWhat else, {name}?',
        'It is {"a": 1}, I think.',
    ],
)
def test_an_object_is_found_in_what_stands_around_it(answer: str) -> None:
    assert object_in(answer) == {"a": 1}


@pytest.mark.parametrize(
    "answer", ["", "```", "[1]", "```json\n[1]\n```", '```json\n{"a": 1', "{}}"]
)
def test_what_is_no_object_is_none(answer: str) -> None:
    assert object_in(answer) is None


@pytest.mark.parametrize("endless", ["\n", " \n", "`", "{", "```\n", "```json\n{"])
def test_an_answer_is_looked_at_once_however_long_it_is(endless: str) -> None:
    """Models get lost in blank lines, and their servers may send what they like."""
    with takes_at_most(1):
        assert object_in("```json" + endless * 300_000) is None
