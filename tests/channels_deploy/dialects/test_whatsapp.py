"""WhatsApp is sent its own few marks, with all addresses written out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.channels_deploy.dialects.answers import LONG_NOISE, parts, text

HAIR = "\u200a"


@settings(max_examples=100, deadline=None)
@given(message=LONG_NOISE)
def test_fences_are_closed(message: str) -> None:
    for part in parts("whatsapp", message):
        assert part.text.count("```") % 2 == 0


@pytest.mark.parametrize(
    ("markdown", "written"),
    [
        ("# Hours", "*Hours*"),
        ("**bold** *italic* ~~gone~~ `code`", "*bold* _italic_ ~gone~ `code`"),
        ("***both***", "_*both*_"),
        ("**a `b`**", "*a* `b`"),
        ("**a\nb**", "*a*\n*b*"),
        ("un**read**able", "unreadable"),
        ("**Note**s and re**read**", "Notes and reread"),
        ("**Note:** this", "*Note:* this"),
        ("[our shop](https://x.example/a_b)", "our shop: https://x.example/a_b"),
        ("[https://x.example](https://x.example)", "https://x.example"),
        ("![A cat](https://x.example/cat.png)", "A cat: https://x.example/cat.png"),
        ("**[a](https://x.example)**", "*a*: https://x.example"),
        (r"\*a\* 2 \* 3 snake_case", f"*{HAIR}a* 2 * 3 snake_case"),
        (r"\`a\`", "\u02cba\u02cb"),
        (r"\> a", "\u200b> a"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> a\n> b", "> a\n> b"),
        ("```py\na `b`\n```", "```\na `b`\n```"),
        ("|a|bb|\n|-|-|\n|ccc|d|", "```\na   | bb\n----+---\nccc | d\n```"),
    ],
)
def test_markdown_becomes_whatsapps(markdown: str, written: str) -> None:
    assert text("whatsapp", markdown) == written
