"""When a passage counts as the right one."""

from __future__ import annotations

import pytest

from knowledge.evaluation.matching import holds

PASSAGE = (
    "## Warranty\nThe **warranty** lasts two years from the\nday of purchase. Keep the receipt."
)


@pytest.mark.parametrize(
    "expected",
    [
        "two years",
        "The warranty lasts two years from the day of purchase.",
        "the WARRANTY   lasts\ntwo years",
        "The warranty is two years from the day of purchase.",  # in almost the same words
        "purchase; keep the receipt",
    ],
)
def test_a_passage_that_says_it(expected: str) -> None:
    assert holds(PASSAGE, expected)


@pytest.mark.parametrize(
    "expected",
    [
        "three years",
        "year",  # a part of a word
        "receipt two",  # its words, in no order: too few to be a sentence
        "Keep the machine descaled from the first day of use with vinegar.",
        "",
        "   ",
    ],
)
def test_a_passage_that_does_not(expected: str) -> None:
    assert not holds(PASSAGE, expected)


def test_numbers_are_words() -> None:
    assert holds("It was made in 2014.", "2014")
    assert not holds("It was made in 2014.", "14")


def test_scripts_without_blanks() -> None:
    passage = "保修期为自购买之日起两年。请保留收据。"
    assert holds(passage, "购买之日起两年")
    assert holds(passage, "保修期是自购买之日起两年")
    assert not holds(passage, "请使用柠檬酸除垢")


def test_what_has_no_words_is_looked_for_as_it_is() -> None:
    assert holds("Press ⏻ to start.", "⏻")
    assert not holds("Press it to start.", "⏻")
