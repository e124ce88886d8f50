"""The tree of a web page, however it is written. Scripts and pictures are never loaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from knowledge.parsing.errors import UnreadableError

if TYPE_CHECKING:
    from knowledge.parsing.xml_guard import Element

MAX_BYTES = 20 * 1024 * 1024
LARGE = "The page is larger than 20 MB. Split it, or save its text in another format."
MAX_EMPTY_BYTES = 1024 * 1024
HEAVY = "The page has no elements, or too many to be read at once. Split it, or bring its text."
# At this depth the parser ends, wherever it is.
CUT_AT = 256
FORMATTING = re.compile(
    r"</?(?:font|b|i|u|s|em|strong|span|small|big|tt|center)\b[^<>]*>", re.IGNORECASE
)


def tree_of(html: str) -> Element | None:
    """The root element; nothing where there is no element at all. Raises ``UnreadableError``."""
    # Null characters end the parser's input.
    text = html.replace("\0", "")
    tree = _parsed(text)
    if tree is None or not is_deep(tree, CUT_AT):
        return tree
    # The parser left away the rest. What nobody closes is most often of this kind.
    return _parsed(FORMATTING.sub("", text))


def is_deep(tree: Element, depth: int) -> bool:
    """Whether so many elements are inside each other."""
    return bool(tree.xpath(f"boolean({'/*' * depth})"))


def _parsed(text: str) -> Element | None:
    raw = text.encode("utf-8", "replace")
    if len(raw) > MAX_BYTES:
        raise UnreadableError(LARGE)
    parser = HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        huge_tree=False,
        collect_ids=False,
    )
    try:
        return document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        # The parser says the same of a page without elements and of one it has no memory for.
        if len(raw) > MAX_EMPTY_BYTES:
            raise UnreadableError(HEAVY) from exc
        return None
