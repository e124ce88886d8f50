"""Markdown of the tree that trafilatura makes of a page's main text. Knows no framework.

Its own writer escapes characters and marks emphasis, which hides words from a search for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_SPACE = re.compile(r"\s+")
_LEVEL = {f"h{number}": number for number in range(1, 7)}
_BLOCKS = frozenset({"head", "p", "list", "table", "quote", "code", "div", "ab", "item"})


def markdown_of(body: _Element) -> str:
    """The blocks of ``body``, a blank line between them."""
    return "\n\n".join(block for block in _blocks(body) if block)


def _blocks(element: _Element) -> Iterator[str]:
    """Runs of inline text between block elements are paragraphs of their own."""
    run = [element.text or ""]
    for child in element:
        if _is_block(child):
            yield _line("".join(run))
            yield from _block(child)
            run = []
        else:
            run.append(_inline(child))
        run.append(child.tail or "")
    yield _line("".join(run))


def _block(element: _Element) -> Iterator[str]:
    match element.tag:
        case "head":
            text = _line(_inline(element))
            level = _LEVEL.get(element.get("rend", ""), 2)
            yield f"{'#' * level} {text}" if text else ""
        case "list":
            yield "\n".join(_items(element))
        case "table":
            yield _table(element)
        case "code":
            yield _code(element)
        case "quote":
            yield "\n\n".join(_blocks(element)).strip()
        case _:
            yield from _blocks(element)


def _is_block(element: _Element) -> bool:
    if element.tag == "code":
        return "\n" in "".join(element.itertext())
    return element.tag in _BLOCKS or any(child.tag in _BLOCKS for child in element)


def _inline(element: _Element) -> str:
    if element.tag == "lb":
        return "\n"
    if element.tag == "graphic":
        return ""
    inner = "".join(_inline(child) + (child.tail or "") for child in element)
    return (element.text or "") + inner


def _line(text: str) -> str:
    """Line breaks that the page asks for stay, other white space is one space."""
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _items(element: _Element, indent: str = "") -> Iterator[str]:
    ordered = element.get("rend") == "ol"
    for number, item in enumerate(element.iterchildren("item"), 1):
        mark = f"{number}." if ordered else "-"
        text = " ".join(_SPACE.sub(" ", part) for part in _of_item(item)).strip()
        if text:
            yield f"{indent}{mark} {text}"
        for inner in item.iterchildren("list"):
            yield from _items(inner, indent + "  ")


def _of_item(item: _Element) -> Iterator[str]:
    """What stands in an item, without the lists inside it."""
    yield item.text or ""
    for child in item:
        if child.tag != "list":
            yield _inline(child)
        yield child.tail or ""


def _table(element: _Element) -> str:
    rows = [[_cell(cell) for cell in row.iter("cell")] for row in element.iter("row")]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    if width == 1:
        return "\n\n".join(row[0] for row in rows)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _cell(cell: _Element) -> str:
    return _SPACE.sub(" ", " ".join(cell.itertext())).strip().replace("|", "\\|")


def _code(element: _Element) -> str:
    text = _inline(element).strip("\n")
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}" if text.strip() else ""
