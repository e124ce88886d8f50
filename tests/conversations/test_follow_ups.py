"""The questions in what a model suggests."""

from __future__ import annotations

import pytest

from conversations.follow_ups import questions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('["What does it cost?", "And where?"]', ("What does it cost?", "And where?")),
        ("1. What does it cost?\n2. And where?", ("What does it cost?", "And where?")),
        # Nothing that buttons and messengers would show as it is.
        (
            '["When does **my parcel** arrive?", "What is `npm`? See [docs](https://x.example)."]',
            ("When does my parcel arrive?", "What is npm? See docs."),
        ),
        ("- **What does it cost?**\n- *And where?*", ("What does it cost?", "And where?")),
        (
            '["Is 2 * 3 < 7 & true?", "What does <b> do?"]',
            ("Is 2 * 3 < 7 & true?", "What does <b> do?"),
        ),
        ('["# Why?"]', ("Why?",)),
        ("Ask me anything.", ()),
        ("[" * 5000, ()),
    ],
    ids=["json", "list", "marks", "marked list", "signs", "heading", "prose", "brackets"],
)
def test_they_are_plain_words(text: str, found: tuple[str, ...]) -> None:
    assert questions(text) == found
