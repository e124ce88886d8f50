"""The node that asks a question, and checks and keeps the answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chatflows.executor.flows import conversation, flow

ASKS: dict[str, Any] = {"question": "Your e-mail, {{input}}?", "answer_type": "email"}


def collecting(**settings: Any) -> Any:
    nodes = {
        "start": ("trigger", {}),
        "ask": ("collect_input", {**ASKS, **settings}),
        "end": ("response", {"message": "Thanks {{ask}} {{email}}"}),
        "sorry": ("response", {"message": "Never mind"}),
    }
    return flow(nodes, "start->ask ask->end ask.invalid->sorry")


def test_an_answer_is_checked_and_kept() -> None:
    made = collecting(variable="email")
    first, second, third = conversation(made, "Ana", "nonsense", " ana@example.com ")
    assert first.text == "Your e-mail, Ana?"
    assert second.text == "Enter an e-mail address such as ana@example.com."
    assert third.text == "Thanks ana@example.com ana@example.com"
    assert third.kept["variables"] == {"email": "ana@example.com"}
    assert [step.status for step in second.steps] == ["waiting"]


def test_the_words_for_an_answer_that_does_not_fit_can_be_set() -> None:
    _, second = conversation(collecting(retry_message="Hm, {{input}}?"), "Ana", "nonsense")
    assert second.text == "Hm, nonsense?"


def test_nobody_is_asked_for_ever() -> None:
    turns = conversation(collecting(max_attempts=2), "Ana", "x", "y")
    assert turns[-1].text == "Never mind"
    assert not turns[-1].waits


@pytest.mark.parametrize(
    ("kind", "given", "fits"),
    [
        ("number", "12.5", True),
        ("number", "twelve", False),
        ("phone", "+1 555 0100", True),
        ("url", "https://example.com", True),
        ("date", "2026-01-31", True),
        ("date", "tomorrow", False),
        ("text", "anything", True),
        ("text", "  ", False),
    ],
)
def test_kinds_of_answers(kind: str, given: str, fits: bool) -> None:
    turns = conversation(collecting(answer_type=kind), "Hi", given)
    assert turns[-1].waits is not fits


def test_options_can_be_picked_or_typed() -> None:
    made = collecting(answer_type="select", options=["Small", "Large"], question="Size?")
    turns = conversation(made, "Hi", "medium", "large")
    assert "Choose one of the options." in turns[1].text
    assert turns[2].text.startswith("Thanks Large")
