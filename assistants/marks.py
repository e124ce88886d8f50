"""Leaves the numbers of passages out of an answer whose assistant shows no citations."""

from __future__ import annotations

import re

# What a model is told whose marks are left out. It may write some all the same.
NO_MARKS = "Do not write the numbers of passages in your answer."
# After a space or a full stop, so that ``items[1]`` in a line of code is left alone.
# Blanks are looked at from the first of them alone: a model may say nothing else for long.
_BLANKS = r"(?<![ \t])[ \t]++"
_MARKS = re.compile(rf"(?:{_BLANKS}|(?<=[.!?]))(?:\[\d{{1,3}}\])+(?!\()")
# The end of a text that may be the beginning of a mark.
_UNFINISHED = re.compile(rf"(?:{_BLANKS}|[.!?])(?:\[\d{{1,3}}\])*+(?:\[\d{{0,3}})?$")


class Unmarked:
    """Takes an answer piece by piece and gives it back without marks."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be shown by now; what may become a mark is held back."""
        text = self._held + piece
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._held = text[end:]
        return _MARKS.sub("", text[:end])

    def end(self) -> str:
        """What was held back and turned out to be text."""
        held, self._held = self._held, ""
        return _MARKS.sub("", held)


class Shown:
    """The answer as the visitor sees it: with its marks, or without."""

    def __init__(self, *, marks: bool) -> None:
        self._filter = None if marks else Unmarked()
        self.text = ""

    def feed(self, piece: str) -> str:
        return self._keep(self._filter.feed(piece) if self._filter else piece)

    def end(self) -> str:
        return self._keep(self._filter.end() if self._filter else "")

    def _keep(self, text: str) -> str:
        self.text += text
        return text
