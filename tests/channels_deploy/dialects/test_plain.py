"""Programs are sent text and nothing else, in one piece."""

from __future__ import annotations

import pytest

from channels_deploy.dialects import dialect_of
from conversations.turn import Done
from tests.channels_deploy.dialects.answers import parts, text


@pytest.mark.parametrize(
    ("markdown", "written"),
    [
        ("# Hours\n\n**We** are _open_ `now`", "Hours\n\nWe are open now"),
        ("[our shop](https://x.example)", "our shop: https://x.example"),
        ("<b> & @everyone", "<b> & @everyone"),
        ("- a\n- b\n\n> c", "- a\n- b\n\n> c"),
        ("```py\na\n  b\n```", "a\n  b"),
        ("|a|bb|\n|-|-|\n|ccc|d|", "a | bb\nccc | d"),
    ],
)
def test_markdown_becomes_text(markdown: str, written: str) -> None:
    assert text("zapier", markdown) == written


def test_the_longest_answer_is_one_part() -> None:
    assert len(parts("zapier", "word " * 3200)) == 1


def test_a_channel_without_a_dialect_is_sent_text() -> None:
    assert dialect_of("carrier-pigeon").parts(Done("**Hi**"))[0].text == "Hi"
