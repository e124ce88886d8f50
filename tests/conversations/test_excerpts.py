"""The beginning of a passage as plain words."""

from __future__ import annotations

import pytest

from conversations.excerpts import LONGEST, excerpt


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("# Returns\n\nFree for **thirty** days.", "Returns: Free for thirty days."),
        ("## How long?\n\nThree days.", "How long? Three days."),
        ("- a tyre\n- a `chain`", "• a tyre • a chain"),
        ("See [the guide](https://a.test/g) and 3 * 4.", "See the guide and 3 * 4."),
        ("| Part | Price |\n| --- | --- |\n| Tyre | 30 |", "Part Price Tyre 30"),
        ("#hashtag stays", "#hashtag stays"),
        ("", ""),
    ],
)
def test_marks_are_not_shown(markdown: str, words: str) -> None:
    assert excerpt(markdown) == words


def test_a_long_passage_ends_with_a_whole_word() -> None:
    found = excerpt("wheels " * 200)
    assert found.endswith("wheels …")
    assert len(found) <= LONGEST + 2


@pytest.mark.parametrize("text", ["*" * 100_000, "[" * 100_000, "# " * 50_000, "|-" * 50_000])
def test_hostile_passages_take_moments(text: str) -> None:
    assert len(excerpt(text)) <= LONGEST + 2
