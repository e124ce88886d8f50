"""Archives for tests, well-formed and otherwise."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def archive(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def word(path: Path, body: str, **parts: str) -> Path:
    """A Word document; ``parts`` by the kind of the relation that leads to them."""
    members = {"word/document.xml": _word("document", f"<w:body>{body}</w:body>")}
    for kind, content in parts.items():
        members[f"word/{kind}.xml"] = _word(kind, content)
    members["word/_rels/document.xml.rels"] = relations(
        {kind: (kind, f"{kind}.xml") for kind in parts}
    )
    return archive(path, members)


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Relations by their id: their kind, and where they lead."""
    entries = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/relationships/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f"<Relationships>{entries}</Relationships>"


def _word(root: str, content: str) -> str:
    return f'<w:{root} xmlns:w="{WORD}" xmlns:mc="{COMPATIBILITY}">{content}</w:{root}>'


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
