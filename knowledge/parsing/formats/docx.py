"""Word documents. A page for what stands between two page breaks that somebody set."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing import office, zip_guard
from knowledge.parsing.markup import joined, one_line
from knowledge.parsing.word.styles import styles
from knowledge.parsing.word.text import PAGE_BREAK, Walk
from knowledge.parsing.xml_guard import attribute, local_name
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from knowledge.parsing.word.styles import Styles
    from knowledge.parsing.zip_guard import GuardedZip

MAIN = "word/document.xml"
NOTES = {
    "footnotes": "footnoteReference",
    "endnotes": "endnoteReference",
    "comments": "commentReference",
}
MARGINS = ("header", "footer")


class Docx:
    name: ClassVar[str] = "Word"
    mime_type: ClassVar[str] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    extensions: ClassVar[tuple[str, ...]] = (".docx", ".docm", ".dotx")

    def fits(self, head: bytes, path: Path) -> bool:
        return zip_guard.holds(path, head, "word/document")

    def read(self, path: Path, name: str) -> Parsed:
        with zip_guard.GuardedZip(path) as archive:
            return Parsed(tuple(_pages(_blocks(archive))), office.title(archive), self.mime_type)


def _blocks(archive: GuardedZip) -> Iterator[str]:
    main = office.main_part(archive, MAIN)
    root = office.part(archive, main)
    parts: dict[str, list[str]] = {}
    for relation in office.relations(archive, main):
        parts.setdefault(relation.kind, []).append(relation.target)
    known = styles(office.optional_part(archive, next(iter(parts.get("styles", [])), "")))
    yield from Walk(known, _notes(archive, parts, known)).blocks(root)
    yield from _margins(archive, parts, known)


def _notes(
    archive: GuardedZip, parts: dict[str, list[str]], known: Styles
) -> dict[tuple[str, str], str]:
    """The notes by what refers to them. Notes do not refer to notes."""
    notes: dict[tuple[str, str], str] = {}
    for kind, reference in NOTES.items():
        for name in parts.get(kind, []):
            root = office.optional_part(archive, name)
            for note in [] if root is None else root:
                text = one_line(" ".join(Walk(known).blocks(note)))
                label = "Comment" if kind == "comments" else "Note"
                if local_name(note) in {"footnote", "endnote", "comment"} and text:
                    notes[reference, attribute(note, "id")] = f"{label}: {text}"
    return notes


def _margins(archive: GuardedZip, parts: dict[str, list[str]], known: Styles) -> Iterable[str]:
    """What headers and footers say, each once although every section has its own."""
    names = [name for kind in MARGINS for name in parts.get(kind, [])]
    roots = [
        root for root in (office.optional_part(archive, name) for name in names) if root is not None
    ]
    blocks = [block for root in roots for block in Walk(known).blocks(root)]
    return dict.fromkeys(block for block in blocks if block != PAGE_BREAK)


def _pages(blocks: Iterable[str]) -> Iterator[Page]:
    number, held = 1, list[str]()
    for block in [*blocks, PAGE_BREAK]:
        if block != PAGE_BREAK:
            held.append(block)
        elif text := joined(held):
            yield Page(number, text)
            number, held = number + 1, []
