"""The tokenizer of MiniLM and of most BERT models: lower case, pieces of words.

``minilm-tokenizer.json`` is the one published with all-MiniLM-L6-v2 (Apache-2.0).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).with_name("minilm-tokenizer.json")
# To the model a word beyond a hundred characters is one unknown token, be it a megabyte of
# base64. Counted so, a chunk could hold any amount of it.
LONGEST_PIECE = 100
CHARACTERS_PER_TOKEN = 8


class WordPieces:
    """Counts and finds tokens, without the marks that the model puts around a text. From many
    threads at once: what is shared is never changed."""

    def __init__(self) -> None:
        self._tokenizer = Tokenizer.from_file(str(FILE))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, text: str) -> int:
        return len(self.offsets(text))

    def offsets(self, text: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = self._tokenizer.encode(
            text, add_special_tokens=False
        ).offsets
        if all(end - start <= LONGEST_PIECE for start, end in found):
            return found
        return [piece for start, end in found for piece in _in_pieces(start, end)]

    def ids(self, text: str, most: int) -> list[int]:
        """What the model reads of ``text``: ``most`` tokens with its marks at both ends."""
        found: list[int] = self._tokenizer.encode(text).ids
        return found if len(found) <= most else [*found[: most - 1], found[-1]]


def _in_pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start <= LONGEST_PIECE:
        yield start, end
        return
    for at in range(start, end, CHARACTERS_PER_TOKEN):
        yield at, min(at + CHARACTERS_PER_TOKEN, end)


@cache
def word_pieces() -> WordPieces:
    """This process's tokenizer. Made twice at worst, when two threads come first."""
    return WordPieces()
