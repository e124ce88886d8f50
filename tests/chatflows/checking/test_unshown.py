"""What messengers cannot show of a flow, told once for each cause, at a node."""

from __future__ import annotations

from typing import Any

from chatflows.advice import advice

LONG = [{"id": "a", "label": "Something else entirely, please"}, {"id": "b", "label": "B"}]
CARD = {"title": "T", "image_url": "https://a.example/a.png"}


def flow(*channels: str) -> dict[str, Any]:
    return {
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "ask", "type": "buttons", "data": {"message": "Which?", "buttons": LONG}},
            {"id": "again", "type": "buttons", "data": {"message": "Which?", "buttons": LONG}},
            {"id": "end", "type": "response", "data": {"message": "So", "cards": [CARD]}},
        ],
        "edges": [
            {"id": "e1", "source": "start", "target": "ask"},
            {"id": "e2", "source": "ask", "target": "again"},
            {"id": "e3", "source": "again", "target": "end"},
        ],
        "deployment": {"channels": [{"type": name, "enabled": True} for name in channels]},
    }


def found(*channels: str) -> dict[str, str]:
    told = advice(flow(*channels))
    return {path: words for path, words in told if "buttons" in path or "cards" in path}


def test_choices_and_pictures_are_told_at_the_first_node_that_has_them() -> None:
    assert found("telegram", "whatsapp") == {
        "nodes.ask.data.buttons": (
            "WhatsApp: not all choices fit on buttons here, so they are written out with numbers"
        ),
        "nodes.end.data.cards": (
            "Telegram and WhatsApp: cards come as text, and their pictures as addresses"
        ),
    }


def test_a_website_shows_both() -> None:
    assert found("website") == {}
