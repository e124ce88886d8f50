"""Thoughts are taken out however the stream is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.thoughts import ThoughtFilter
from tests.support.processor import takes_at_most

_PARTS = st.lists(st.sampled_from(["<think>", "</think>", "<", "think", ">", "a", " b", "\n", "/"]))


def _through(pieces: list[str]) -> str:
    thoughts = ThoughtFilter()
    return "".join([*(thoughts.feed(piece) for piece in pieces), thoughts.rest()])


@given(_PARTS)
def test_the_cuts_make_no_difference(parts: list[str]) -> None:
    text = "".join(parts)
    assert _through(parts) == _through([text]) == _through(list(text))


@given(st.text(alphabet="ab <>/think\n"), st.text(alphabet="xyz\n "))
def test_what_is_thought_is_never_said(before: str, thought: str) -> None:
    assert _through([*before, *"<think>", *thought, *"</think>"]) == _through(
        [before, "<think>", "</think>"]
    )


def test_half_a_tag_at_the_end_is_text() -> None:
    assert _through(["1 <", "thi"]) == "1 <thi"


def test_a_thought_without_an_end_is_not_said() -> None:
    assert _through(["Yes.<think>but why"]) == "Yes."


def test_very_many_thoughts_are_gone_through_once() -> None:
    """As many as a server can put into one answer."""
    with takes_at_most(0.5):
        assert _through(["<think></think>" * 130_000]) == ""
