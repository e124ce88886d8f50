"""The beginning of a passage as plain words, for the list of what an answer rests on. Pure."""

from __future__ import annotations

import re

# Somewhat more than a chunk of the default size, so that what was found is in it to its end.
LONGEST = 1000
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_ITEM = re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*[|:-][ \t|:-]*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}\)")
_MARKS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|`{1,3}")
_ENDS = tuple(".:;!?…\u3002\uff1f\uff01")


def excerpt(markdown: str) -> str:
    """At most ``LONGEST`` characters of ``markdown`` on one line, without its marks, that end with
    a whole word."""
    text = unmarked(markdown[: 4 * LONGEST])
    is_whole = len(text) <= LONGEST and len(markdown) <= 4 * LONGEST
    return text if is_whole else f"{text[:LONGEST].rpartition(' ')[0] or text[:LONGEST]} …"


def unmarked(markdown: str) -> str:
    """All of ``markdown`` on one line, without its marks."""
    text = _HEADING.sub(_as_words, _QUOTE.sub("", markdown))
    text = _MARKS.sub("", _LINK.sub(r"\1", _ITEM.sub("• ", _RULE.sub("", text))))
    return " ".join(text.replace("|", " ").split())


def _as_words(heading: re.Match[str]) -> str:
    """A heading as the beginning of the line that follows it."""
    words = heading[1]
    return words if not words or words.endswith(_ENDS) else f"{words}:"
