"""Files of test questions, as people's programs write them."""

from __future__ import annotations

import pytest

from knowledge.evaluation.question_file import Row, UnreadableError, read

ROWS = [Row(2, "How long?", "two years", "Manual"), Row(3, "Grün, oder?", "ja; grün")]


@pytest.mark.parametrize(
    "content",
    [
        'question,expected,source\nHow long?,two years,Manual\n"Grün, oder?",ja; grün,\n'.encode(),
        "Question;Answer;Document\r\nHow long?;two years;Manual\r\n"
        'Grün, oder?;"ja; grün"\r\n'.encode("cp1252"),
        "\ufeffexpected\tquestion\tsource\ntwo years\tHow long?\tManual\n"
        "ja; grün\tGrün, oder?\t\n".encode(),
        "question\texpected\tsource\nHow long?\ttwo years\tManual\nGrün, oder?\tja; grün".encode(
            "utf-16"
        ),
    ],
    ids=["utf-8", "excel", "tabs and another order", "utf-16"],
)
def test_a_file_is_read_in_the_form_it_has(content: bytes) -> None:
    assert read(content) == ROWS


def test_a_file_without_names_and_with_blank_lines() -> None:
    content = b'How long?,two years\n\n"What\nthen?",repair\nAnd,\n'
    assert read(content) == [
        Row(1, "How long?", "two years"),
        Row(3, "What\nthen?", "repair"),
        Row(5, "And", ""),
    ]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n \n", b"\x00\x01\x02", b'"open\n' + b"x" * 200_000, b"question,ideal\nA?,b"],
)
def test_what_is_no_table_of_questions(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(content)


def test_what_was_marked_for_a_spreadsheet_is_read_without_the_mark() -> None:
    assert read(b"'=1+1?,'-2\n") == [Row(1, "=1+1?", "-2")]


def test_one_damaged_byte_leaves_the_other_letters_as_they_are() -> None:
    (row,) = read("Grün oder für?,schön,Gew\u00e4hr".encode() + b"\xff\n")
    assert (row.question, row.expected) == ("Grün oder für?", "schön")
