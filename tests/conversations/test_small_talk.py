"""What asks nothing is told from what does."""

from __future__ import annotations

import pytest

from conversations.outcome import Outcome
from conversations.small_talk import is_small_talk
from conversations.turn import Done, Failed, Turn


@pytest.mark.parametrize(
    "text",
    [
        *("Hi", "HELLO!!", "Hey there :)", "Good morning, thanks!", "how's it going?", "Thx 👍"),
        *("Grüß Gott", "GRÜSS GOTT", "Guten Tag, vielen Dank.", "¡Buenos dias!", "Ça va ?"),
        *("Dzień dobry", "Günaydın", "السلام عليكم", "שלום, תודה", "नमस्ते", "नमस्ते! धन्यवाद।"),
        *("こんにちは。", "ありがとうございます！", "你好！谢谢", "👋", "?!", "  "),
    ],
)
def test_greetings_and_thanks_ask_nothing(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Hi, where is my parcel?", "Hello world", "thanks but no", "parcel", "42", "test 2"),
        *("Good", "Guten Tag, wo ist mein Paket?", "你好吗 包裹", "hi " * 40),
    ],
)
def test_whatever_else_is_said_may_be_a_question(text: str) -> None:
    assert not is_small_talk(text)


def test_a_greeting_is_no_unanswered_question_unless_its_answer_failed() -> None:
    outcome = Outcome(Turn("Hello!"), "s-1")
    outcome.finish(Done("Welcome.", unanswered="not_used"))
    assert outcome.unanswered == ""
    outcome.fail(Failed("upstream-failed", "Away."))
    assert outcome.unanswered == "failed"
    asked = Outcome(Turn("Hello, where is it?"), "s-1")
    asked.finish(Done("I do not know.", unanswered="not_found"))
    assert asked.unanswered == "not_found"
