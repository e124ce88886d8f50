"""The node that lets people pick a way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chatflows.executor.flows import conversation, flow

BUTTONS = [{"id": "yes", "label": "Yes, please"}, {"id": "no", "label": "No"}]


def choosing() -> Any:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
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
