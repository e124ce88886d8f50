"""Takes ``<think>…</think>`` out of a stream of text, also when a tag is split over pieces."""

from __future__ import annotations

OPEN, CLOSE = "<think>", "</think>"


class ThoughtFilter:
    """Feed it the pieces; it gives back what is meant to be read."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._trim = True  # no blank lines before the first word, after a thought either

    def feed(self, text: str) -> str:
        whole, at, said = self._held + text, 0, ""
        while (found := whole.find(tag := self._next_tag(), at)) >= 0:
            said += "" if self._inside else whole[at:found]
            at = found + len(tag)
            self._inside = not self._inside
        self._held = whole[at:]
        kept = _overlap(self._held, tag)
        cut = len(self._held) - kept
        if not self._inside:
            said += self._held[:cut]
        self._held = self._held[cut:]
        return self._trimmed(said)

    def rest(self) -> str:
        """What was held back when the stream ends: half a tag is text, half a thought is not."""
        held, self._held = self._held, ""
        return "" if self._inside else self._trimmed(held)

    def _next_tag(self) -> str:
        return CLOSE if self._inside else OPEN

    def _trimmed(self, text: str) -> str:
        if self._trim:
            text = text.lstrip()
            self._trim = not text
        return text


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` could be the beginning of ``tag``."""
    for length in range(min(len(text), len(tag) - 1), 0, -1):
        if tag.startswith(text[-length:]):
            return length
    return 0
