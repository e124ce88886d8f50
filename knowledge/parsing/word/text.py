"""The text of a Word part as Markdown blocks, walked element by element.

What a reader of the document sees is kept: text boxes, content controls, notes and comments after
the paragraph that refers to them. What was deleted, instructions of fields and pronunciation marks
are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.parsing.markup import heading, item, one_line, paragraph, table
from knowledge.parsing.xml_guard import attribute, child, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from knowledge.parsing.word.styles import Styles
    from knowledge.parsing.xml_guard import Element

# XML cannot hold this character, so it cannot come from the document.
PAGE_BREAK = "\f"
SKIPPED = frozenset(
    (
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"),
        *("del", "moveFrom", "delText", "delInstrText", "instrText", "rt", "rubyPr"),
        *("docPr", "cNvPr", "nvGraphicFramePr", "ctrlPr", "numRef"),
    )
)
MARKS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
MAX_SPAN = 100
REFERENCES = frozenset({"footnoteReference", "endnoteReference", "commentReference"})


@dataclass
class Walk:
    """One walk over a part. ``notes`` are the texts that references like ``footnoteReference 2``
    lead to; each is told once."""

    styles: Styles
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def blocks(self, container: Element) -> Iterator[str]:
        for element in container:
            yield from self._block(element)

    def _block(self, element: Element) -> Iterator[str]:
        name = local_name(element)
        if name == "p":
            yield from self._paragraph(element)
        elif name == "tbl":
            yield from self._table(element)
        elif name == "AlternateContent":
            yield from self.blocks(_alternative(element))
        elif name not in SKIPPED:
            yield from self.blocks(element)

    def _paragraph(self, element: Element) -> Iterator[str]:
        inside = _Inside()
        self._gather(element, inside)
        properties = child(element, "pPr")
        if properties is not None and _is_on(child(properties, "pageBreakBefore")):
            yield PAGE_BREAK
        for number, text in enumerate("".join(inside.text).split(PAGE_BREAK)):
            if number:
                yield PAGE_BREAK
            yield self._styled(text, properties)
        for container in inside.containers:
            yield from self._block(container)
        for key in inside.references:
            if key not in self.told:
                self.told.add(key)
                yield self.notes.get(key, "")

    def _styled(self, text: str, properties: Element | None) -> str:
        if level := self.styles.level(properties):
            return heading(text, level)
        if self.styles.listed(properties):
            return item(text, _depth(properties))
        return paragraph(text)

    def _gather(self, element: Element, inside: _Inside) -> None:
        """What stands in a paragraph, however deep: text, and what makes blocks of its own."""
        for one in element:
            name = local_name(one)
            if name == "t":
                inside.text.append(one.text or "")
            elif name in MARKS:
                inside.text.append(MARKS[name])
            elif name == "br":
                inside.text.append(PAGE_BREAK if attribute(one, "type") == "page" else "\n")
            elif name in REFERENCES:
                inside.references.append((name, attribute(one, "id")))
            elif name in {"txbxContent", "tbl"}:
                inside.containers.append(one)
            elif name not in SKIPPED:
                self._gather(_alternative(one) if name == "AlternateContent" else one, inside)

    def _table(self, element: Element) -> Iterator[str]:
        rows = [list(_found(row, "tc")) for row in _found(element, "tr")]
        if len(rows) == 1 and len(rows[0]) == 1:
            # A frame around text, not a table.
            yield from self.blocks(rows[0][0])
        else:
            yield table([list(self._texts(cells)) for cells in rows])

    def _texts(self, cells: Iterable[Element]) -> Iterator[str]:
        for cell in cells:
            yield " ".join(_flat(block) for block in self.blocks(cell)).replace(PAGE_BREAK, " ")
            properties = child(cell, "tcPr", "gridSpan")
            span = "" if properties is None else attribute(properties, "val")
            if span.isdecimal():
                yield from [""] * (min(int(span), MAX_SPAN) - 1)


@dataclass
class _Inside:
    text: list[str] = field(default_factory=list)
    containers: list[Element] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)


def _found(element: Element, wanted: str) -> Iterator[Element]:
    """Rows or cells, also those inside content controls, but not those of tables inside."""
    for one in element:
        name = local_name(one)
        if name == wanted:
            yield one
        elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _found(one, wanted)


def _flat(block: str) -> str:
    """A block as it stands in a cell: no heading, no table."""
    lines = (line for line in block.splitlines() if not line.startswith("| ---"))
    return one_line(" ".join(line.strip("|# ").replace(" | ", " ") for line in lines))


def _alternative(element: Element) -> Element:
    """The same thing is written for new and for old programs; it is read once."""
    for wanted in ("Choice", "Fallback"):
        found = child(element, wanted)
        if found is not None:
            return found
    return element


def _depth(properties: Element | None) -> int:
    found = None if properties is None else child(properties, "numPr", "ilvl")
    value = "" if found is None else attribute(found, "val")
    return min(int(value), 8) if value.isdecimal() else 0


def _is_on(element: Element | None) -> bool:
    return element is not None and attribute(element, "val") not in {"0", "false", "off"}
