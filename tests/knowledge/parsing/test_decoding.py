"""Text is read right whatever encoding it is in."""

from __future__ import annotations

import random

import pytest

from knowledge.parsing.decoding import BINARY, decoded
from knowledge.parsing.errors import UnreadableError

TEXTS = [
    "Plain words, two lines.\nThe second.\n",
    "Grüße aus Köln: 5 € für 3 Äpfel.\n",
    "Привет, мир!\nКак дела?\n",
    "東京都は日本の首都です。\n一番大きい都市です。\n",
    "مرحبا بالعالم\n",
    "Smile 😀 and go on.\n",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_every_unicode_encoding_is_recognised(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


def test_bytes_that_are_no_unicode_are_western() -> None:
    assert decoded("Grüße – für 5 €".encode("cp1252")) == "Grüße – für 5 €"


def test_what_the_file_says_of_itself_counts_where_it_is_no_unicode() -> None:
    assert decoded("Привет".encode("cp1251"), fallback="windows-1251") == "Привет"
    assert decoded("Привет".encode(), fallback="windows-1251") == "Привет"


@pytest.mark.parametrize("fallback", ["no-such", "hex", "undefined"])
def test_an_encoding_that_does_not_exist_is_ignored(fallback: str) -> None:
    assert decoded(b"caf\xe9", fallback=fallback) == "café"


def test_one_broken_byte_does_not_spoil_the_rest() -> None:
    raw = "Äpfel, Öl und Übermut".encode() + b"\xff" + " für alle".encode()
    assert decoded(raw) == "Äpfel, Öl und Übermut\ufffd für alle"


def test_a_cut_character_at_the_end_is_no_harm() -> None:
    assert decoded("Привет, мир".encode()[:-1]) == "Привет, ми\ufffd"


def test_long_texts_are_judged_by_their_beginning() -> None:
    text = "Wörter und Wörter.\n" * 20_000
    for encoding in ("utf-8", "utf-16-le", "cp1252"):
        assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("seed", range(5))
def test_binary_data_is_refused(seed: int) -> None:
    raw = random.Random(seed).randbytes(5_000)
    with pytest.raises(UnreadableError, match="binary data") as caught:
        decoded(raw)
    assert str(caught.value) == BINARY


def test_a_stray_zero_byte_is_let_through() -> None:
    for text in ("One line of text with a zero\0 byte in it.", "Привет, мир!\0" + " Как дела?" * 9):
        assert decoded(text.encode()) == text
    assert decoded("Größe\0 und so weiter".encode("cp1252")) == "Größe\0 und so weiter"


def test_nothing_is_nothing() -> None:
    assert decoded(b"") == ""
    assert decoded("\ufeff".encode("utf-16-le")) == ""
