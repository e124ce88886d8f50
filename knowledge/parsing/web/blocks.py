"""A tree of HTML, or of what trafilatura makes of it, as Markdown blocks.

The parser lets no tree be deeper than 256 elements, so each level may cost a call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.parsing.markup import fenced, heading, item, one_line, paragraph, table

if TYPE_CHECKING:
    from knowledge.parsing.xml_guard import Element

DROPPED = frozenset(
    (
        *("script", "style", "noscript", "template", "title", "svg", "math", "canvas"),
        *("iframe", "object", "embed", "audio", "video", "select", "textarea", "button", "graphic"),
    )
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "dl", "menu", "list"})
ITEMS = frozenset({"li", "dt", "dd", "item"})
ROWS = ("tr", "row")
CELLS = frozenset({"td", "th", "cell"})
BREAKS = frozenset({"br", "lb", "hr"})
INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn"),
        *("em", "font", "hi", "i", "ins", "kbd", "label", "mark", "q", "ref", "ruby", "rb", "s"),
        *("samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"),
        *("wbr", "output", "nobr", "img"),
    )
)
PAGES = frozenset({"html", "body"})
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLANK = re.compile(r"\s+")
MAX_SPAN = 100


def blocks(root: Element) -> list[str]:
    """What is seen of ``root``, without pictures and without where links lead."""
    walk = _Walk()
    walk.inside(root)
    walk.end_block()
    return walk.blocks


def is_hidden(element: Element) -> bool:
    """Whether the element says of itself that nobody sees it. Whole pages that do are shown by
    their scripts in the end."""
    if element.tag in PAGES:
        return False
    return element.get("hidden") is not None or bool(UNSEEN.search(element.get("style", "")))


class _Walk:
    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._text: list[str] = []
        self._lists: list[_List] = []

    def inside(self, element: Element) -> None:
        self._add(element.text)
        for one in element:
            if isinstance(one.tag, str):
                self._element(one, one.tag.rpartition("}")[2])
            self._add(one.tail)

    def end_block(self) -> None:
        text = "\n".join(one_line(line) for line in "".join(self._text).split("\n"))
        self._text.clear()
        if text.strip():
            self.blocks.append(self._item(text) if self._lists else paragraph(text))

    def _element(self, element: Element, name: str) -> None:
        if name in DROPPED or is_hidden(element):
            return
        if name in BREAKS:
            self._text.append("\n")
        elif name in INLINE and not _is_code_block(element, name):
            self.inside(element)
        else:
            self.end_block()
            self._block(element, name)
            self.end_block()

    def _block(self, element: Element, name: str) -> None:
        level = _level(element, name)
        if level:
            self.blocks.append(heading(" ".join(blocks(element)), level))
        elif name in {"pre", "code"}:
            self.blocks.append(fenced("".join(element.itertext())))
        elif name == "table" and not _is_layout(element):
            self.blocks.append(table([_cells(row) for row in element.iter(*ROWS)]))
        elif name in LISTS:
            self._lists.append(_List("ol" in (name, element.get("rend"))))
            self.inside(element)
            self.end_block()
            self._lists.pop()
        else:
            if name in ITEMS and self._lists:
                self._lists[-1].begin_item()
            self.inside(element)

    def _item(self, text: str) -> str:
        depth, mark = self._lists[-1].next_mark()
        return item(text, len(self._lists) - 1 + depth, mark)

    def _add(self, text: str | None) -> None:
        if text:
            self._text.append(BLANK.sub(" ", text))


@dataclass
class _List:
    """A list that is being walked, and how far the walk is in it."""

    is_ordered: bool
    number: int = 0
    is_at_beginning: bool = False

    def begin_item(self) -> None:
        self.number += 1
        self.is_at_beginning = True

    def next_mark(self) -> tuple[int, str]:
        """The mark of the next block, and how much deeper than the list it is: what follows within
        an item that has a number stands below it."""
        is_first, self.is_at_beginning = self.is_at_beginning, False
        if not self.is_ordered:
            return 0, "-"
        return (0, f"{self.number}.") if is_first else (1, "-")


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag in CELLS:
            span = cell.get("colspan", "1")
            width = min(int(span), MAX_SPAN) if span.isdecimal() else 1
            text = " ".join(block.lstrip("- ") for block in blocks(cell))
            cells += [text, *[""] * (width - 1)]
    return cells


def _is_layout(table_element: Element) -> bool:
    """Tables in tables, and tables of one column, only put things in their places."""
    if sum(1 for _ in zip(range(2), table_element.iter("table"), strict=False)) > 1:
        return True
    rows = table_element.iter(*ROWS)
    return all(sum(cell.tag in CELLS for cell in row) < 2 for row in rows)  # noqa: PLR2004


def _level(element: Element, name: str) -> int:
    # trafilatura calls every heading so.
    if name == "head":
        return HEADINGS.get(element.get("rend", ""), 2)
    return HEADINGS.get(name, 0)


def _is_code_block(element: Element, name: str) -> bool:
    return name == "code" and "\n" in "".join(element.itertext())
