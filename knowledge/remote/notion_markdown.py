"""Notion's blocks and properties as Markdown. Pure; forgiving of what it does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

# What would begin a heading or a block of code that nobody meant.
_STRUCTURE = re.compile(r"^(\s*)(#{1,6}\s|```|~~~)", re.MULTILINE)
_TICKS = re.compile(r"`{3,}")
# Properties that say nothing about what a row is about, and the title, which stands elsewhere.
UNTOLD = frozenset({"title", "created_time", "created_by", "last_edited_time", "last_edited_by"})
LISTS = frozenset({"bulleted_list_item", "numbered_list_item", "to_do"})


@dataclass(frozen=True)
class Block:
    """One block with those in it; ``data`` is what Notion says under the name of its type."""

    type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Block, ...] = ()


def markdown_of(blocks: Sequence[Block]) -> str:
    """Paragraphs, headings, lists, tables, quotes and code. Pages within are named alone."""
    return _joined(blocks).strip()


def plain(rich_text: Any) -> str:
    """Rich text without its looks."""
    if not isinstance(rich_text, list):
        return ""
    return "".join(str(part.get("plain_text") or "") for part in rich_text if _is_object(part))


def title_of(page: Mapping[str, Any]) -> str:
    """What a page is called."""
    for value in _properties(page).values():
        if value.get("type") == "title":
            return plain(value.get("title")).strip()
    return ""


def properties_of(page: Mapping[str, Any]) -> str:
    """What a row of a database says beside its title, one line for each property."""
    lines = (
        f"- {name}: {text}"
        for name, value in _properties(page).items()
        if value.get("type") not in UNTOLD and (text := " ".join(_value(value).split()))
    )
    return "\n".join(lines)


def _joined(blocks: Sequence[Block]) -> str:
    """Blocks with blank lines between them, but not between the items of a list."""
    text, number, before = "", 0, ""
    for block in blocks:
        number = number + 1 if block.type == "numbered_list_item" else 0
        written = _written(block, number)
        if written:
            close = block.type == before and block.type in LISTS
            text += ("\n" if close else "\n\n" if text else "") + written
            before = block.type
    return text


def _written(block: Block, number: int) -> str:
    if block.type in LISTS:
        return _item(block, number)
    writer = _WRITERS.get(block.type)
    return writer(block) if writer else _with_children(_text(block), block)


def _item(block: Block, number: int) -> str:
    mark = "-"
    if block.type == "numbered_list_item":
        mark = f"{number}."
    elif block.type == "to_do":
        mark = "- [x]" if block.data.get("checked") else "- [ ]"
    inner = _joined(block.children)
    first = f"{mark} {_text(block)}".rstrip()
    return _indented(f"{first}\n{inner}", "    ") if inner else _indented(first, "    ")


def _heading(block: Block) -> str:
    words = " ".join(plain(block.data.get("rich_text")).split())
    level = int(block.type[-1])
    return _with_children(f"{'#' * level} {words}" if words else "", block)


def _toggle(block: Block) -> str:
    """Often a question with its answer: they stay one paragraph where the answer is one."""
    inner = _joined(block.children)
    return f"{_text(block)}\n{inner}".strip()


def _quote(block: Block) -> str:
    whole = _with_children(_text(block), block)
    return "\n".join(f"> {line}".rstrip() for line in whole.splitlines())


def _code(block: Block) -> str:
    code = plain(block.data.get("rich_text"))
    longest = max((len(ticks) for ticks in _TICKS.findall(code)), default=2)
    fence, language = "`" * (longest + 1), str(block.data.get("language") or "")
    name = "" if language == "plain text" else language.replace(" ", "-")
    caption = plain(block.data.get("caption")).strip()
    return f"{fence}{name}\n{code}\n{fence}" + (f"\n\n{caption}" if caption else "")


def _table(block: Block) -> str:
    rows = [_cells(row) for row in block.children if row.type == "table_row"]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _cells(row: Block) -> list[str]:
    cells = row.data.get("cells")
    return [_cell(plain(cell)) for cell in cells] if isinstance(cells, list) else []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _page(block: Block) -> str:
    return _line(f"- {block.data.get('title') or ''}")


def _equation(block: Block) -> str:
    return _line(str(block.data.get("expression") or ""))


def _link(block: Block) -> str:
    """A bookmark or an embedded page."""
    caption, url = plain(block.data.get("caption")).strip(), str(block.data.get("url") or "")
    return f"[{_line(caption)}]({url})" if caption and url else caption or url


def _file(block: Block) -> str:
    """Files and pictures cannot be read; what people wrote below them can."""
    return plain(block.data.get("caption")).strip()


def _around(block: Block) -> str:
    return _joined(block.children)


def _nothing(block: Block) -> str:
    del block
    return ""


_WRITERS: Mapping[str, Callable[[Block], str]] = {
    **dict.fromkeys(("heading_1", "heading_2", "heading_3", "heading_4"), _heading),
    **dict.fromkeys(("quote", "callout"), _quote),
    **dict.fromkeys(("child_page", "child_database"), _page),
    **dict.fromkeys(("bookmark", "embed", "link_preview"), _link),
    **dict.fromkeys(("image", "file", "pdf", "video", "audio"), _file),
    **dict.fromkeys(("column_list", "column", "synced_block", "template"), _around),
    **dict.fromkeys(("divider", "breadcrumb", "table_of_contents", "link_to_page"), _nothing),
    "toggle": _toggle,
    "code": _code,
    "table": _table,
    "equation": _equation,
}


def _text(block: Block) -> str:
    return _STRUCTURE.sub(r"\1\\\2", plain(block.data.get("rich_text")).strip())


def _with_children(text: str, block: Block) -> str:
    return "\n\n".join(filter(None, (text, _joined(block.children))))


def _indented(text: str, by: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{by}{line}" if line else "" for line in rest)])


def _line(text: str) -> str:
    return " ".join(text.split())


def _value(value: Mapping[str, Any]) -> str:
    """One property as people read it; empty for what says nothing by itself."""
    kind = str(value.get("type"))
    held = value.get(kind)
    if kind in ("rich_text", "title"):
        return plain(held)
    if kind == "checkbox":
        return "yes" if held else "no"
    if kind in ("formula", "rollup"):
        return _value(held) if isinstance(held, dict) else ""
    return ", ".join(_names(held))


def _names(held: Any) -> Iterator[str]:
    """What values are called: of a choice, several choices, people, files, a date, a number."""
    if isinstance(held, str) or (isinstance(held, int | float) and not isinstance(held, bool)):
        yield str(held)
    elif isinstance(held, list):
        for each in held:
            yield from _names(each)
    elif isinstance(held, dict):
        yield from _named(held)


def _named(held: Mapping[str, Any]) -> Iterable[str]:
    if held.get("name"):
        return [str(held["name"])]
    if held.get("start"):
        return [" to ".join(str(held[part]) for part in ("start", "end") if held.get(part))]
    if held.get("type"):
        return filter(None, [_value(held)])
    return []


def _properties(page: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    held = page.get("properties")
    if not isinstance(held, dict):
        return {}
    return {name: value for name, value in held.items() if _is_object(value)}


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)
