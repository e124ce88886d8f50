"""Whoever builds an assistant reads what a channel cannot show."""

from __future__ import annotations

import pytest

from channels_deploy.dialects import dialect_of, losses
from conversations.turn import Done
from tests.channels_deploy.dialects.answers import NAMES

TOO_LONG = "Discord takes at most 2,000 characters in a message"
LISTED = "All of them are written out, with numbers."
TABLE = "|a|b|\n|-|-|\n|1|2|"


def _said(channel: str, answer: Done) -> list[str]:
    return losses(dialect_of(channel), answer)


@pytest.mark.parametrize("channel", NAMES)
def test_of_plain_words_nothing_is_lost(channel: str) -> None:
    assert _said(channel, Done("We are open until six. See https://shop.example.")) == []


@pytest.mark.parametrize(
    ("channel", "answer", "sentence"),
    [
        (
            "discord",
            Done("Much to say. " * 300),
            f"{TOO_LONG}, so this answer is sent as 2 messages.",
        ),
        ("telegram", Done(TABLE), "Telegram has no tables. A table is sent as lines of text."),
        (
            "telegram",
            Done("![Cat](https://x.example/cat.png)"),
            "Telegram gets the address of a picture in place of the picture.",
        ),
        (
            "whatsapp",
            Done("[Shop](https://x.example)"),
            "WhatsApp has no links behind words. Addresses are written out.",
        ),
        ("zapier", Done("**Hi**"), "Zapier: headings, bold and code are sent as plain text."),
        (
            "whatsapp",
            Done("So?", follow_ups=("Yes", "Not before next Wednesday at noon")),
            f"WhatsApp shows 1 of 2 suggested replies as buttons. {LISTED}",
        ),
        (
            "whatsapp",
            Done("Look:", links=({"label": "Shop", "url": "https://x.example"},)),
            "WhatsApp shows 1 link buttons of this answer as links in the text.",
        ),
    ],
)
def test_what_is_lost_is_said(channel: str, answer: Done, sentence: str) -> None:
    assert _said(channel, answer) == [sentence]
