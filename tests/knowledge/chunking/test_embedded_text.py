"""What stands in front of a chunk in the index."""

from __future__ import annotations

from inference.embedders.word_pieces import word_pieces
from knowledge.chunking.chunk import Chunk
from knowledge.chunking.embedded_text import MOST_BEFORE, embedded_text

TOKENIZER = word_pieces()


def chunk(text: str, *headings: str, question: str = "") -> Chunk:
    return Chunk(text, 1, 0, len(text), headings, question=question)


def before(title: str, given: Chunk) -> str:
    return embedded_text(title, given, TOKENIZER).removesuffix(given.text)


def test_title_and_headings_stand_in_front() -> None:
    assert before("Manual", chunk("Text.", "Refunds", "By post")) == "Manual\nRefunds\nBy post\n"


def test_nothing_is_said_twice() -> None:
    assert before("Manual", chunk("## By  Post\n\nText.", "manual", "By Post")) == "Manual\n"
    assert before("", chunk("Text.")) == ""


def test_a_long_answer_stands_behind_its_question() -> None:
    assert before("FAQ", chunk("It goes on.", question="How?")) == "FAQ\nHow?\n"


def test_the_text_itself_is_not_pushed_out() -> None:
    long = "words and words " * 100
    text = before(long, chunk("Text.", long + "a", long + "b", "Innermost"))
    assert TOKENIZER.count(text) <= MOST_BEFORE
    assert "Innermost" in text
    assert text.startswith("words and words")
