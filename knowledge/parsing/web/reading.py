"""Reads a web page: what it says, and what it says of itself. Runs in the child only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from knowledge.parsing.web.decoding import html_decoded
from knowledge.parsing.web.page import WebPage
from knowledge.parsing.web.text import is_simple, main_text, visible_text
from knowledge.parsing.web.tree import tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.parsing.xml_guard import Element

MAX_LINKS = 2000
MAX_TITLE = 300
MAX_ADDRESS = 2000
# Those who are spoken to: all robots, or ours.
ROBOTS = frozenset({"robots", "privexbot"})
TITLES = ("//title[not(ancestor::svg)]", "//meta[@property='og:title']/@content", "//h1")


def read(path: Path, url: str) -> WebPage:
    """The page whose bytes are in the file at ``path``. Raises ``UnreadableError``."""
    return page_of(html_decoded(path.read_bytes()), url)


def page_of(html: str, url: str = "") -> WebPage:
    """A page with its main text, or with all that is seen where none is to be found. ``url`` is
    where the page was found. Raises ``UnreadableError``."""
    tree = tree_of(html)
    if tree is None:
        return WebPage()
    base = _address(tree.xpath("string(//base/@href)"))
    return WebPage(
        title=_title(tree),
        url=_absolute(_canonical(tree), _absolute(base, url) or url),
        base=base,
        links=tuple(_links(tree)),
        robots=tuple(_robots(tree)),
        asks_for_password=bool(tree.xpath("//input[@type='password']")),
        text=_text(tree, url) or whole_page_of(html).text,
    )


def whole_page_of(html: str) -> WebPage:
    """The title of a page and all that is seen of it. Raises ``UnreadableError``."""
    tree = tree_of(html)
    return WebPage() if tree is None else WebPage(title=_title(tree), text=visible_text(tree))


def _text(tree: Element, url: str) -> str:
    return main_text(tree, url) if is_simple(tree) else visible_text(tree)


def _title(tree: Element) -> str:
    for path in TITLES:
        title = " ".join(tree.xpath(f"string({path})").split())
        if title:
            return title[:MAX_TITLE].rstrip()
    return ""


def _canonical(tree: Element) -> str:
    for link in tree.iter("link"):
        if "canonical" in link.get("rel", "").casefold().split():
            return _address(link.get("href", ""))
    return ""


def _address(written: str) -> str:
    """``written`` without the blanks around it, empty when no address is so long."""
    address = written.strip()
    return address if len(address) <= MAX_ADDRESS else ""


def _absolute(address: str, url: str) -> str:
    """``address`` as it is meant on the page at ``url``; empty if it is none of the web."""
    try:
        absolute = urljoin(url, address)
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    is_of_the_web = parts.scheme in {"http", "https"} and parts.hostname
    return absolute if address and is_of_the_web else ""


def _robots(tree: Element) -> Iterator[str]:
    for meta in tree.iter("meta"):
        if meta.get("name", "").strip().lower() in ROBOTS:
            yield meta.get("content", "")


def _links(tree: Element) -> Iterator[str]:
    found: dict[str, None] = {}
    for link in tree.iter("a", "area"):
        address = _address(link.get("href", ""))
        if address and "nofollow" not in link.get("rel", "").lower().split():
            found[address] = None
        if len(found) >= MAX_LINKS:
            break
    yield from found
