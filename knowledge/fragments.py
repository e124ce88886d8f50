"""Addresses that lead to a passage on a page: text fragments, which browsers highlight.

See https://wicg.github.io/scroll-to-text-fragment/. A page that says it otherwise is opened at its
top.
"""

from __future__ import annotations

import re
from urllib.parse import quote

# Words that are on the page as they are in the text: no mark of Markdown, no number of a list.
_PLAIN = re.compile(r"[^\n#*_`|>\[\]\\]+")
_WORD = re.compile(r"\S+")
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
SHORTEST = 4
WORDS = 8


def with_fragment(url: str, text: str) -> str:
    """``url`` leading to ``text``; as it is where it leads to a place already."""
    if not url.startswith(("https://", "http://")) or "#" in url:
        return url
    words = _beginning(text)
    return f"{url}#:~:text={quote(' '.join(words), safe='')}" if words else url


def _beginning(text: str) -> list[str]:
    """The first words of the first long run of plain text; of a heading only where there is no
    other, since it is not what was found."""
    body = _HEADING.sub("", text)
    return _words(body) or _words(text)


def _words(text: str) -> list[str]:
    for found in _PLAIN.finditer(text):
        words = _WORD.findall(found[0])
        if len(words) >= SHORTEST:
            return words[:WORDS]
    return []
