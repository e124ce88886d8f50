"""Plain text: one page, as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing.decoding import decoded
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from pathlib import Path


class PlainText:
    name: ClassVar[str] = "Plain text"
    mime_type: ClassVar[str] = "text/plain"
    extensions: ClassVar[tuple[str, ...]] = (".txt", ".text", ".log")

    def fits(self, head: bytes, path: Path) -> bool:
        del head, path
        return False

    def read(self, path: Path, name: str) -> Parsed:
        del name
        return Parsed((Page(1, decoded(path.read_bytes())),), mime_type=self.mime_type)
