"""PowerPoint presentations. A page for every slide that is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing import office, zip_guard
from knowledge.parsing.markup import heading, item, joined, one_line, paragraph, table
from knowledge.parsing.xml_guard import attribute, child, local_name
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.parsing.xml_guard import Element
    from knowledge.parsing.zip_guard import GuardedZip

MAIN = "ppt/presentation.xml"
TITLES = frozenset({"title", "ctrTitle"})
# What every slide repeats, and in notes the picture of the slide.
REPEATED = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
DRAWN_TEXT = "t"


class Pptx:
    name: ClassVar[str] = "PowerPoint"
    mime_type: ClassVar[str] = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    )
    extensions: ClassVar[tuple[str, ...]] = (".pptx", ".pptm", ".ppsx")

    def fits(self, head: bytes, path: Path) -> bool:
        return zip_guard.holds(path, head, "ppt/presentation")

    def read(self, path: Path, name: str) -> Parsed:
        with zip_guard.GuardedZip(path) as archive:
            return Parsed(tuple(_pages(archive)), office.title(archive), self.mime_type)


def _pages(archive: GuardedZip) -> Iterator[Page]:
    main = office.main_part(archive, MAIN)
    slides = {relation.id: relation.target for relation in office.relations(archive, main)}
    listed = child(office.part(archive, main), "sldIdLst")
    for number, entry in enumerate([] if listed is None else listed, start=1):
        page = _page(archive, slides.get(_relation_id(entry), ""), number)
        if page.text:
            yield page


def _relation_id(entry: Element) -> str:
    """The one of its two ids that has a namespace."""
    return next((str(value) for key, value in entry.items() if key.endswith("}id")), "")


def _page(archive: GuardedZip, name: str, number: int) -> Page:
    root = office.part(archive, name)
    if root.get("show") in {"0", "false"}:
        return Page(number, "")
    slide = _Slide()
    slide.gather(root)
    for relation in office.relations(archive, name):
        if relation.kind == "diagramData":
            slide.blocks += _drawn(office.optional_part(archive, relation.target))
        if relation.kind == "notesSlide":
            slide.notes += _notes(office.optional_part(archive, relation.target))
    return Page(number, slide.text(), slide.title)


@dataclass
class _Slide:
    title: str = ""
    blocks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def gather(self, element: Element) -> None:
        """Shapes in the order in which they are drawn, whatever groups they are in."""
        for one in element:
            name = local_name(one)
            if name == "sp":
                self._shape(one)
            elif name == "tbl":
                self.blocks.append(_table(one))
            elif name == "AlternateContent":
                chosen = child(one, "Choice")
                self.gather(one if chosen is None else chosen)
            else:
                self.gather(one)

    def text(self) -> str:
        notes = one_line(" ".join(self.notes))
        return joined([heading(self.title), *self.blocks, f"Notes: {notes}" if notes else ""])

    def _shape(self, shape: Element) -> None:
        kind = _placeholder(shape)
        body = child(shape, "txBody")
        if body is None or kind in REPEATED:
            return
        if kind in TITLES and not self.title:
            self.title = one_line(" ".join(text for text, _ in _paragraphs(body)))
            return
        found = list(_paragraphs(body))
        # The main text of a slide is a list, unless it is a single statement.
        if kind in {"body", "obj"} and len(found) > 1:
            self.blocks += [item(text, level) for text, level in found]
        else:
            self.blocks += [paragraph(text) for text, _ in found]


def _placeholder(shape: Element) -> str:
    """What the layout says the shape is for, empty for a shape of the slide's own."""
    found = child(shape, "nvSpPr", "nvPr", "ph")
    return "" if found is None else found.get("type", "obj")


def _paragraphs(body: Element) -> Iterator[tuple[str, int]]:
    for element in body:
        if local_name(element) == "p" and (text := _text(element)).strip():
            properties = child(element, "pPr")
            level = "" if properties is None else attribute(properties, "lvl")
            yield text, min(int(level), 8) if level.isdecimal() else 0


def _text(element: Element) -> str:
    parts: list[str] = []
    for one in element.iter():
        name = local_name(one)
        if name == DRAWN_TEXT:
            parts.append(one.text or "")
        elif name == "br":
            parts.append("\n")
    return "".join(parts)


def _table(element: Element) -> str:
    rows = (row for row in element if local_name(row) == "tr")
    return table([[_cell(cell) for cell in row if local_name(cell) == "tc"] for row in rows])


def _cell(cell: Element) -> str:
    body = child(cell, "txBody")
    return "" if body is None else " ".join(text for text, _ in _paragraphs(body))


def _drawn(diagram: Element | None) -> list[str]:
    """The texts of a diagram, one after the other."""
    if diagram is None:
        return []
    return [paragraph(_text(one)) for one in diagram.iter() if local_name(one) == "p"]


def _notes(root: Element | None) -> list[str]:
    if root is None:
        return []
    notes = _Slide()
    notes.gather(root)
    return [notes.title, *(block.removeprefix("- ") for block in notes.blocks)]
