"""Saved web pages. One page: the main text, without menus and footers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.web import reading
from knowledge.parsing.web.tree import LARGE, MAX_BYTES
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from pathlib import Path


class Html:
    name: ClassVar[str] = "HTML"
    mime_type: ClassVar[str] = "text/html"
    extensions: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml")

    def fits(self, head: bytes, path: Path) -> bool:
        return False

    def read(self, path: Path, name: str) -> Parsed:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(LARGE)
        found = reading.read(path, url="")
        page = Page(1, found.text, found.title, found.url)
        return Parsed((page,) if found.text else (), found.title, self.mime_type)
