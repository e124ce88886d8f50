"""Answers without the numbers of passages."""

from __future__ import annotations

import pytest

from assistants.marks import Unmarked
from tests.support.processor import takes_at_most


def unmarked(*pieces: str) -> str:
    left_out = Unmarked()
    return "".join([*map(left_out.feed, pieces), left_out.end()])


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("It is open [1].", "It is open."),
        ("It is open.[1][12]  [3] Come in.", "It is open. Come in."),
        ("items[1] and [2](https://example.com)", "items[1] and [2](https://example.com)"),
        ("Blanks  \t stay [1234]", "Blanks  \t stay [1234]"),
    ],
)
def test_marks_are_left_out_in_whatever_pieces_they_come(answer: str, shown: str) -> None:
    assert unmarked(answer) == unmarked(*answer) == shown


@pytest.mark.parametrize("again", [" ", "\t ", ".", "[1]", " [1]", "[", " ["])
def test_an_answer_is_looked_at_in_time_however_much_of_one_thing_it_says(again: str) -> None:
    answer = again * (80_000 // len(again)) + "x"
    with takes_at_most(1):
        unmarked(answer)
        unmarked(*answer[-8000:])
