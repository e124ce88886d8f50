"""The text of a web page as Markdown: the main text without menus and footers, or all of it."""

from __future__ import annotations

import copy
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG, Extractor

from knowledge.parsing.markup import joined
from knowledge.parsing.web.blocks import blocks, is_hidden
from knowledge.parsing.web.tree import is_deep

if TYPE_CHECKING:
    from knowledge.parsing.xml_guard import Element

# Elements in all and elements inside each other, from which on the main text is not looked for: it
# would take longer than anybody waits, or more calls inside each other than there may be. The
# largest of ordinary pages have a tenth of that.
MAX_ELEMENTS = 50_000
MAX_DEPTH = 150
# Elements that are only how words are printed. Where a text is in no paragraph, each of them would
# begin a new one.
PRINT = ("b", "i", "em", "strong", "u", "s", "font", "small", "big", "tt", "mark", "cite", "span")
_CONFIG = copy.deepcopy(DEFAULT_CONFIG)
# Characters of a main text, below which its headings and lists are given up.
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "50"


def is_simple(tree: Element) -> bool:
    """Whether the main text is to be looked for."""
    is_huge = next(islice(tree.iter(), MAX_ELEMENTS, None), None) is not None
    return not is_huge and not is_deep(tree, MAX_DEPTH)


def main_text(tree: Element, url: str = "") -> str:
    """The main text, empty where none is found. Looking for it takes the tree apart. ``url`` is
    where the page was found."""
    for element in tree.xpath("//*[@hidden or @style]"):
        if is_hidden(element):
            element.drop_tree()
    etree.strip_tags(tree, *PRINT)
    try:
        body = getattr(bare_extraction(tree, options=_options(url)), "body", None)
    except (RecursionError, etree.LxmlError):
        return ""
    return "" if body is None else joined(blocks(body))


def visible_text(tree: Element) -> str:
    body = tree.find("body")
    return joined(blocks(tree if body is None else body))


def _options(url: str) -> Extractor:
    """Without the second opinions of other extractors, which measured slower and worse."""
    return Extractor(config=_CONFIG, fast=True, comments=False, formatting=True, url=url)
