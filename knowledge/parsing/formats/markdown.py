"""Markdown: one page, as it is, without the front matter, whose title is the document's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing.decoding import decoded
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from pathlib import Path

# Between two lines of dashes (YAML) or plus signs (TOML), at the very beginning.
FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(.*?)^\1[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
KEYED = re.compile(r"^[\w.\"'-]+[ \t]*[:=]", re.MULTILINE)
TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)


class Markdown:
    name: ClassVar[str] = "Markdown"
    mime_type: ClassVar[str] = "text/markdown"
    extensions: ClassVar[tuple[str, ...]] = (".md", ".markdown")

    def fits(self, head: bytes, path: Path) -> bool:
        del head, path
        return False

    def read(self, path: Path, name: str) -> Parsed:
        del name
        text = decoded(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
        title, text = _without_front_matter(text)
        return Parsed((Page(1, text),), title, self.mime_type)


def _without_front_matter(text: str) -> tuple[str, str]:
    """The title that the front matter gives and the text after it. A line of dashes with no keys
    below it is a rule and stays."""
    found = FRONT_MATTER.match(text)
    if not found or not KEYED.match(found[2].lstrip("\n")):
        return "", text
    title = TITLE.search(found[2])
    return (_unquoted(title[1]) if title else ""), text[found.end() :]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return "" if value in {">", "|", ">-", "|-"} else value
