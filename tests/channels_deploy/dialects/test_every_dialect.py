"""What holds for every channel, whatever an assistant says."""

from __future__ import annotations

import re
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_deploy.dialects import dialect_of
from channels_deploy.dialects.atoms import length
from common.plain_text import visible
from conversations.turn import Done, Passage
from tests.channels_deploy.dialects.answers import DOCUMENTS, LONG_NOISE, NAMES, parts
from tests.support.processor import takes_at_most

LIMITS = {"telegram": 4096, "discord": 2000, "whatsapp": 4096, "zapier": 1_000_000}
every = pytest.mark.parametrize("channel", NAMES)


def _counted(channel: str, text: str) -> int:
    """Telegram counts what is left once the markup was read."""
    if channel == "telegram":
        text = re.sub(r"&\w+;", "x", re.sub(r"<[^>]*>", "", text))
    return length(text)


@every
@settings(max_examples=50, deadline=None)
@given(message=LONG_NOISE)
def test_no_part_is_longer_than_the_channel_takes_nor_empty(channel: str, message: str) -> None:
    for part in parts(channel, message):
        assert _counted(channel, part.text) <= LIMITS[channel]
        assert length(part.plain) <= LIMITS[channel]
        assert visible(part.text)
        assert visible(part.plain)
        part.text.encode()


@every
@settings(max_examples=50, deadline=None)
@given(document=DOCUMENTS)
def test_every_word_is_read_once_and_in_its_order(channel: str, document: str) -> None:
    numbers = count(1)
    numbered = re.sub(r"alpha|gamma", lambda word: f"{word[0]}{next(numbers)}", document)
    expected = re.findall(r"(?:alpha|gamma)\d+", numbered)

    said = "\n".join(part.plain for part in parts(channel, numbered))

    assert re.findall(r"(?:alpha|gamma)\d+", said) == expected
    assert said.count("x" * 90) <= numbered.count("x" * 90)
    assert len(re.findall(r"x", said)) >= numbered.count("x" * 90) * 90


@every
@settings(max_examples=30, deadline=None)
@given(paragraphs=st.lists(st.integers(1, 900), min_size=1, max_size=30))
def test_a_paragraph_that_fits_into_a_message_is_not_cut(
    channel: str, paragraphs: list[int]
) -> None:
    written = ["word " * (size // 5) + f"end{at}" for at, size in enumerate(paragraphs)]

    said = [part.text for part in parts(channel, "\n\n".join(written))]

    assert "\n\n".join(said) == "\n\n".join(written)
    assert [each for part in said for each in part.split("\n\n")] == written


@every
def test_a_long_paragraph_is_cut_behind_a_sentence(channel: str) -> None:
    said = parts(channel, "This is one sentence of many. " * 500)

    assert all(part.text.startswith("This is") for part in said)
    assert all(part.text.endswith("of many.") for part in said)


@every
def test_a_long_sentence_is_cut_between_words(channel: str) -> None:
    said = parts(channel, "some words " * 1400)

    assert {word for part in said for word in part.text.split()} == {"some", "words"}
    assert not any(part.text != part.text.strip() for part in said)


@every
def test_a_heading_stays_with_what_it_is_above_of(channel: str) -> None:
    said = parts(channel, f"{'a' * 1950}\n\n# Hours\n\nWe are open until six in the evening.")

    assert "Hours" in said[-1].plain
    assert "We are open" in said[-1].plain


@every
@pytest.mark.parametrize("message", ["", " \n ", "\u200b", "```\n```", "#"])
def test_where_there_is_nothing_to_see_there_is_no_part(channel: str, message: str) -> None:
    assert parts(channel, message) == []


@every
def test_what_is_cited_is_listed_by_its_numbers(channel: str) -> None:
    answer = Done(
        "Until six [1].",
        citations=(
            Passage(1, "…", "Opening hours", "https://shop.example/hours"),
            Passage(2, "…", "Handbook"),
        ),
    )

    (part,) = dialect_of(channel).parts(answer)

    assert "Sources\n[1] Opening hours" in part.plain
    assert "https://shop.example/hours" in part.text
    assert part.plain.endswith("[2] Handbook")


HOSTILE = {
    "brackets": "[" * 16_000,
    "emphasis in emphasis": "*a **b " * 2300,
    "emphasis within a word": "a*" * 8000,
    "emphasis that ends": "*" * 8000 + "a" + "*" * 8000,
    "quotations": ">" * 16_000,
    "lists in lists": "- " * 8000,
    "lists": "1. a\n" * 3200,
    "a table of empty cells": "|a" * 200 + "\n" + "|-" * 200 + "\n" + "|\n" * 7500,
    "a table with one wide column": f"|{'x' * 4000}|b\n|-|-\n" + "|a|b\n" * 2000,
    "addresses": "https://" + "." * 15_900 + "x",
    "addresses that are defined once": f"[a]: https://{'x' * 8000}\n\n" + "[a]" * 2600,
    "links": f"[{'w ' * 30}](https://{'x' * 600}) " * 22,
    "pictures": "![" * 8000,
    "white space": " " * 15_999 + "x",
    "code of empty lines": "```\n" + "\n" * 15_990 + "x",
    "code": "```\n" + "a\n" * 7990,
    "paragraphs": "a\n\n" * 5300,
    "one word": "a" * 16_000,
    "accents": "a" + "\u0301" * 15_999,
    "joined emoji": "👩\u200d" * 8000,
    "mentions": "@everyone " * 1600,
    "backticks": "".join("`" * size + " " for size in range(175)),
}


@every
@pytest.mark.parametrize("name", HOSTILE)
def test_the_worst_answers_take_a_moment_and_stay_as_long_as_they_are(
    channel: str, name: str
) -> None:
    message = HOSTILE[name][:16_000]

    with takes_at_most(10):
        said = parts(channel, message)

    # Five characters for one, where it is escaped; some more where text is marked all over.
    assert sum(len(part.text) for part in said) <= 8 * 16_000
    assert len(said) <= 45


@every
def test_emphasis_may_be_nested_however_deep(channel: str) -> None:
    said = parts(channel, "*a " * 2000 + "b*" * 2000)

    words = [word for part in said for word in part.plain.split()]
    assert words[:2000] == ["a"] * 2000
    assert "".join(words[2000:]) == "b" * 2000
