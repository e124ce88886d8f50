"""The nodes that wait for whoever chats: questions and buttons."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chatflows.executor.flows import conversation, flow, ran

Nodes = dict[str, tuple[str, dict[str, Any]]]
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


BUTTONS = [{"id": "yes", "label": "Yes, please"}, {"id": "no", "label": "No"}]


def choosing() -> Any:
    nodes: Nodes = {
        "start": ("trigger", {}),
        "pick": ("buttons", {"message": "More?", "buttons": BUTTONS}),
        "yes": ("response", {"message": "Here it is"}),
        "no": ("response", {"message": "Bye"}),
        "other": ("response", {"message": "You said {{pick.said}}"}),
    }
    return flow(nodes, "start->pick pick.yes->yes pick.no->no pick.other->other")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Yes, please", "Here it is"),
        ("yes, PLEASE", "Here it is"),
        ("2", "Bye"),
        ("no", "Bye"),
        ("maybe", "You said maybe"),
    ],
)
def test_a_button_is_pressed_or_its_words_are_typed(said: str, text: str) -> None:
    first, second = conversation(choosing(), "Hi", said)
    assert (first.text, second.text) == ("More?", text)


def test_of_two_that_ask_the_second_waits_for_the_first() -> None:
    nodes = {
        "start": ("trigger", {}),
        "a": ("collect_input", {"question": "A?"}),
        "b": ("collect_input", {"question": "B?"}),
        "end": ("response", {"message": "{{a}} {{b}}"}),
    }
    made = flow(nodes, "start->a start->b a->end b->end")
    turns = conversation(made, "Hi", "one", "two")
    assert [turn.text for turn in turns] == ["A?", "B?", "one two"]


def test_a_question_beside_a_loop_that_asks() -> None:
    nodes = {
        "start": ("trigger", {}),
        "loop": ("loop", {"items": "{{[1,2]}}", "result": "{{a}}"}),
        "a": ("collect_input", {"question": "A{{loop.item}}?"}),
        "b": ("collect_input", {"question": "B?"}),
        "end": ("response", {"message": "{{loop.results | join('')}}{{b}}"}),
    }
    made = flow(nodes, "start->b start->loop loop.body->a a->loop loop->end b->end")
    turns = conversation(made, "Hi", "x", "y", "z")
    asked = [turn.text for turn in turns[:3]]
    assert sorted(asked) == ["A1?", "A2?", "B?"]
    answers = dict(zip(asked, "xyz", strict=True))
    assert turns[3].text == answers["A1?"] + answers["A2?"] + answers["B?"]


def test_a_flow_that_changed_meanwhile_begins_anew() -> None:
    waiting = ran(collecting())
    nodes: Nodes = {"start": ("trigger", {}), "end": ("response", {"message": "New"})}
    turn = ran(flow(nodes, "start->end"), kept=waiting.kept)
    assert (turn.text, turn.waits) == ("New", False)
