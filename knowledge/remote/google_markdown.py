"""Google's Markdown without what is only there for looks. Pure."""

from __future__ import annotations

import re

# Pictures come as text at the end, far more of it than the document's own.
_PICTURE = re.compile(r"^\[image\d+\]:\s*<?data:.*$\n?", re.MULTILINE)
_PICTURE_HERE = re.compile(r"!\[([^\]]*)\](?:\[image\d+\]|\(data:[^)]*\))")
_BOLD_HEADING = re.compile(r"^(#{1,6} +)\*\*(.+?)\*\*[ \t]*$", re.MULTILINE)
# A backslash within a line, before what would have no meaning there.
_NEEDLESS = re.compile(r"(?<=[^\s\\])\\([-.!+=&~()\[\]<>_#])")
_NEEDLESS_AFTER_BLANK = re.compile(r"(?<=\S )\\([-.!+=&~()<>#])")
_FENCED = re.compile(r"(^```.*?^```[^\n]*$)", re.MULTILINE | re.DOTALL)
_ANCHOR = re.compile(r"[ \t]*\{#[\w.-]+\}[ \t]*$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def cleaned(exported: str) -> str:
    """The document's text, its headings, lists and tables."""
    text = exported.replace("\r\n", "\n").replace("\0", "")
    text = _PICTURE_HERE.sub(r"\1", _PICTURE.sub("", text))
    # Every other part is code, in which a backslash is one.
    parts = _FENCED.split(text)
    parts[::2] = [_prose(part) for part in parts[::2]]
    return _BLANK_LINES.sub("\n\n", "".join(parts)).strip()


def _prose(text: str) -> str:
    text = _BOLD_HEADING.sub(r"\1\2", _ANCHOR.sub("", text))
    return _NEEDLESS_AFTER_BLANK.sub(r"\1", _NEEDLESS.sub(r"\1", text))
