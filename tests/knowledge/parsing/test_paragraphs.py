"""Lines put together: hyphens, raised figures, and what must stay apart."""

from __future__ import annotations

import pytest

from knowledge.parsing.paragraphs import Line, paragraphs, words_of


def printed(*texts: str, left: float = 50) -> list[Line]:
    return [
        Line(text, left, left + 6 * len(text), 700 - 14 * index, 12)
        for index, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("It is an exam-", "ple of it", "It is an example of it"),
        ("It is an exam\u2010", "ple of it", "It is an example of it"),
        ("It is an exam\u00ad", "ple of it", "It is an example of it"),
        ("The state-", "of-the-art way", "The state-of-the-art way"),
        ("A self-", "contained unit", "A self-contained unit"),
        ("Against COVID-", "like illness", "Against COVID-like illness"),
        ("The Müller-", "Lüdenscheidt files", "The Müller-Lüdenscheidt files"),
        ("From 1990-", "1995 it was", "From 1990-1995 it was"),
        ("Die Vor-", "und Nachteile", "Die Vor- und Nachteile"),
        ("He said -", "and went", "He said - and went"),
    ],
)
def test_hyphens_at_the_end_of_a_line(first: str, second: str, expected: str) -> None:
    assert paragraphs(printed(first, second)) == expected


def test_the_document_tells_how_it_writes_a_word() -> None:
    broken = printed("a long-", "term plan")
    assert paragraphs(broken) == "a longterm plan"
    assert paragraphs(broken, words_of(["The long-term plan."])) == "a long-term plan"
    broken = printed("the non-", "sense of it")
    assert paragraphs(broken, words_of(["Nonsense!"])) == "the nonsense of it"


def test_a_raised_figure_stays_in_its_line() -> None:
    lines = [
        Line("in practice", 50, 116, 700, 12),
        Line("2", 116.5, 120, 705, 7),
        Line(", says the book.", 120.5, 200, 700, 12),
    ]
    assert paragraphs(lines) == "in practice2, says the book."


def test_an_indent_begins_a_paragraph() -> None:
    long = "This is a line that reaches as far as the page is wide."
    lines = printed(long, long, long, long)
    lines[2] = Line(long, 80, 380, lines[2].baseline, 12)
    assert paragraphs(lines) == f"{long} {long}\n\n{long} {long}"


def test_nothing_gives_nothing() -> None:
    assert paragraphs([]) == ""
    assert paragraphs([Line("  ", 0, 0, 0, 0)]) == ""
    assert paragraphs([Line("a", 0, 0, 0, 0), Line("b", 0, 0, 0, 0)])
