"""From the bytes of an HTML page to its main text, its title and what it says of itself.

Knows no framework, keeps nothing and asks nobody. What somebody hostile made is read in a process
that may die, see ``extractor``.
"""

from __future__ import annotations

import copy
import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG, Extractor

from knowledge.crawling.decoding import decoded
from knowledge.crawling.directives import directives_in
from knowledge.crawling.markdown import markdown_of
from knowledge.crawling.page import ParsedPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

LARGEST = 10 * 1024 * 1024
# Elements inside each other, and elements in all, that the search for the main text is tried with:
# it recurses, and looks at some parts again and again.
DEEPEST = 150
MOST_ELEMENTS = 100_000
# At this depth the parser ends, wherever it is.
CUT_AT = 256
MOST_LINKS = 2000
LONGEST_TITLE = 300
LONGEST_ADDRESS = 2000
_CONFIG = copy.deepcopy(DEFAULT_CONFIG)
# Characters of a main text, below which its headings and lists are given up.
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "50"
_SPACE = re.compile(r"[^\S\n]*\n\s*|[^\S\n]+")
_FORMATTING = re.compile(
    r"</?(?:font|b|i|u|s|em|strong|span|small|big|tt|center)\b[^<>]*>", re.IGNORECASE
)
_UNSEEN = ("script", "style", "noscript", "template", "svg", "math", "iframe", "head", "object")
_INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup"),
        *("time", "tt", "u", "var", "wbr"),
    }
)


class TooLargeError(ValueError):
    """The page has more bytes than are read."""


def parse_html(body: bytes, url: str) -> ParsedPage:
    """``url`` is where the page was found. Raises ``TooLargeError``."""
    if len(body) > LARGEST:
        raise TooLargeError
    tree = _tree(body)
    if tree is None:
        return ParsedPage()
    noindex, nofollow = directives_in(_metas(tree, "robots", "privexbot"))
    return ParsedPage(
        title=_title(tree),
        canonical=_address(tree, "//link[@rel='canonical']/@href"),
        links=tuple(_links(tree)) if not nofollow else (),
        base=_address(tree, "//base/@href"),
        noindex=noindex,
        nofollow=nofollow,
        asks_for_password=bool(tree.xpath("//input[@type='password']")),
        text=_text(tree, url),
    )


def _tree(body: bytes) -> HtmlElement | None:
    # Null characters end the parser's input.
    text = decoded(body).replace("\0", "").strip()
    tree = _parsed(text)
    if tree is None or _depth(tree, CUT_AT) < CUT_AT:
        return tree
    # The parser left away the rest. What nobody closes is most often of this kind.
    return _parsed(_FORMATTING.sub("", text))


def _parsed(text: str) -> HtmlElement | None:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        # It holds nothing.
        return None


def _depth(tree: HtmlElement, enough: int) -> int:
    """How many elements are inside each other; counted up to ``enough``."""
    depth = deepest = 0
    for event, _element in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(depth, deepest)
        if deepest >= enough:
            break
    return deepest


def _text(tree: HtmlElement, url: str) -> str:
    """The main text, or all that is visible where none is found."""
    found = ""
    if _is_simple(tree):
        try:
            document = bare_extraction(tree, options=_options(url))
            body = getattr(document, "body", None)
            found = markdown_of(body) if body is not None else ""
        except (RecursionError, etree.LxmlError):
            found = ""
    return found.strip() or _visible(tree)


def _options(url: str) -> Extractor:
    """Without the second opinions of other extractors, which measured slower and worse."""
    return Extractor(config=_CONFIG, fast=True, comments=False, formatting=True, url=url)


def _is_simple(tree: HtmlElement) -> bool:
    count = sum(1 for _element in islice(tree.iter(), MOST_ELEMENTS))
    return count < MOST_ELEMENTS and _depth(tree, DEEPEST) < DEEPEST


def _visible(tree: HtmlElement) -> str:
    parts: list[str] = []
    unseen = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        hidden = element.tag in _UNSEEN
        if event == "start":
            unseen += hidden
            text = element.text
        else:
            unseen -= hidden
            text = element.tail
        if element.tag not in _INLINE:
            parts.append("\n")
        if text and not unseen:
            parts.append(text.replace("\n", " "))
    return _SPACE.sub(_one, "".join(parts)).strip()


def _one(space: re.Match[str]) -> str:
    return "\n\n" if "\n" in space[0] else " "


def _title(tree: HtmlElement) -> str:
    for path in ("//title", "//meta[@property='og:title']/@content", "//h1"):
        title = " ".join(tree.xpath(f"string({path})").split())
        if title:
            return title[:LONGEST_TITLE].rstrip()
    return ""


def _address(tree: HtmlElement, path: str) -> str:
    found = str(tree.xpath(f"string({path})")).strip()
    return found if len(found) <= LONGEST_ADDRESS else ""


def _metas(tree: HtmlElement, *names: str) -> Iterator[str]:
    for meta in tree.iter("meta"):
        if meta.get("name", "").strip().lower() in names:
            yield meta.get("content", "")


def _links(tree: HtmlElement) -> Iterator[str]:
    found: dict[str, None] = {}
    for link in tree.iter("a", "area"):
        address = (link.get("href") or "").strip()
        words = (link.get("rel") or "").lower().split()
        if address and len(address) <= LONGEST_ADDRESS and "nofollow" not in words:
            found[address] = None
        if len(found) >= MOST_LINKS:
            break
    yield from found
