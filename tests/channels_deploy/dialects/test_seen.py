"""Answers as people see them on a channel, in HTML: the same messages, without the markup."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings

from channels_deploy.dialects import dialect_of
from channels_deploy.showing import InDialect
from conversations.turn import Done
from tests.channels_deploy.dialects.answers import LONG_NOISE, NAMES

every = pytest.mark.parametrize("channel", NAMES)
TAG = re.compile(r"</?(?:strong|em|s|code|pre|blockquote)>|<a href=\"https?://[^\"<>]*\">|</a>")


def seen(channel: str, message: str) -> list[str]:
    return [part.text for part in dialect_of(channel).seen(Done(message))]


@every
@settings(max_examples=50, deadline=None)
@given(message=LONG_NOISE)
def test_it_is_cut_as_what_is_sent_and_holds_no_other_tags(channel: str, message: str) -> None:
    sent, shown = dialect_of(channel).parts(Done(message)), seen(channel, message)
    assert len(shown) == len(sent)
    for html in shown:
        text = TAG.sub("", html)
        assert "<" not in text
        assert unescape(text).strip()


@pytest.mark.parametrize(
    ("channel", "message", "html"),
    [
        ("telegram", "**a** & *b* `c`", "<strong>a</strong> &amp; <em>b</em> <code>c</code>"),
        ("discord", "# T\n\n~~x~~", "<strong>T</strong>\n\n<s>x</s>"),
        ("discord", "re*a*l", "re<em>a</em>l"),
        (
            "telegram",
            "[a](https://b.example/?c=d&e)",
            '<a href="https://b.example/?c=d&amp;e">a</a>',
        ),
        ("whatsapp", "[a](https://b.example)", "a: https://b.example"),
        ("whatsapp", "> q", "▎ q"),
        ("telegram", "> q", "<blockquote>q</blockquote>"),
        ("discord", "```py\na < b\n```", "<pre>a &lt; b</pre>"),
        ("telegram", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
    ids=str,
)
def test_marks_become_what_they_make_of_the_text(channel: str, message: str, html: str) -> None:
    assert seen(channel, message) == [html]


def test_buttons_and_what_is_lost_come_along() -> None:
    answer = Done("Pick one", follow_ups=("Yes", "No", "x" * 40))
    shown = InDialect("whatsapp").shown(answer)
    [part] = shown.parts
    assert part.rows == [[("Yes", "")], [("No", "")]]
    assert "WhatsApp shows 2 of 3 suggested replies as buttons" in shown.losses[0]
    assert part.html.rstrip().endswith("x" * 40)
