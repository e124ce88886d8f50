"""What every file format is and does."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.texts import Parsed


class Format(Protocol):
    """One file format. ``read`` raises ``UnreadableError``; it runs in the child, so what it needs
    to read is imported at the top of its own file and nowhere else."""

    name: ClassVar[str]
    mime_type: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]]

    def fits(self, head: bytes, path: Path) -> bool:
        """Whether the content is of this format, whatever the file is called. ``head`` are its
        first 4,096 bytes. Text formats cannot be told by their content alone and say False."""
        ...

    def read(self, path: Path, name: str) -> Parsed: ...
