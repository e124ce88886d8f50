"""One stylesheet out of the many: everything ``css/index.css`` imports, as ``css/app.css``.

A static files finder, so that it is there wherever static files are: while developing (made anew
when a source changed), in tests, and when they are collected. No build step, and one request.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.core.checks import CheckMessage
    from django.core.files.storage import Storage

NAME = "css/app.css"
SOURCES = settings.BASE_DIR / "static" / "css"
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def bundle(index: Path) -> str:
    """The text of ``index`` with every import in place, in its layer, without comments."""

    def inline(found: re.Match[str]) -> str:
        return f"@layer {found[2]}{{\n{(index.parent / found[1]).read_text()}\n}}"

    text = COMMENT.sub("", IMPORT.sub(inline, index.read_text()))
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def newest(folder: Path) -> float:
    return max(file.stat().st_mtime for file in folder.rglob("*.css"))


class StylesheetFinder(BaseFinder):
    """Finds ``css/app.css`` and nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=Path(settings.DATA_DIR) / "stylesheet")
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        if path != NAME:
            return []
        found = str(self._fresh())
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        self._fresh()
        yield NAME, self.storage

    def _fresh(self) -> Path:
        made = Path(self.storage.path(NAME))
        if not made.exists() or made.stat().st_mtime < newest(SOURCES):
            made.parent.mkdir(parents=True, exist_ok=True)
            partial = made.with_suffix(f".{uuid.uuid4().hex}")
            partial.write_text(bundle(SOURCES / "index.css"))
            partial.replace(made)
        return made
