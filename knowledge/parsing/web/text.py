"""The text of a web page as Markdown: the main text without menus and footers, or all of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from knowledge.parsing.decoding import decoded
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.markup import joined, one_line
from knowledge.parsing.web.blocks import blocks, is_hidden

if TYPE_CHECKING:
    from knowledge.parsing.xml_guard import Element

MAX_BYTES = 20 * 1024 * 1024
# The largest of ordinary pages have a tenth of that.
MAX_ELEMENTS = 50_000
LARGE = "The page is larger than 20 MB. Split it, or save its text in another format."
MAX_EMPTY_BYTES = 1024 * 1024
HEAVY = "The page has no elements, or too many to be read at once. Split it, or bring its text."

CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
CHARSET_WITHIN = 8_192


@dataclass(frozen=True)
class WebText:
    """``url`` is the address that the page gives as its own, empty where it gives none."""

    title: str
    text: str
    url: str = ""


def main_text(html: str, url: str = "") -> WebText:
    """The main text, or all visible text where no main text is to be found. ``url`` is where the
    page was fetched from: a canonical address may be relative to it."""
    root = _tree(html)
    if root is None:
        return WebText("", "")
    title, canonical = _title(root), _canonical(root, url)
    if _is_huge(root):
        return WebText(title, _visible(root), canonical)
    # Looking for the main text takes the tree apart.
    return WebText(title, _main(root) or _visible(_tree(html)), canonical)


def visible_text(html: str) -> WebText:
    root = _tree(html)
    return WebText("", "") if root is None else WebText(_title(root), _visible(root))


def html_decoded(raw: bytes) -> str:
    """``raw`` as text: by its mark, as Unicode, or in the encoding that the page names."""
    named = CHARSET.search(raw[:CHARSET_WITHIN])
    return decoded(raw, named[1].decode("ascii")) if named else decoded(raw)


def _tree(html: str) -> Element | None:
    """Nothing where there is no element at all. Scripts and pictures are never loaded."""
    raw = html.replace("\0", "").encode("utf-8", "replace")
    if len(raw) > MAX_BYTES:
        raise UnreadableError(LARGE)
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        return document_fromstring(raw, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        # The parser says the same of a page without elements and of one it has no memory for.
        if len(raw) > MAX_EMPTY_BYTES:
            raise UnreadableError(HEAVY) from exc
        return None


def _is_huge(root: Element) -> bool:
    """Whether looking for the main text would take longer than anybody waits."""
    return next(islice(root.iter(), MAX_ELEMENTS, None), None) is not None


def _main(root: Element) -> str:
    for element in [each for each in root.iter() if is_hidden(each)]:
        element.drop_tree()
    found = trafilatura.bare_extraction(root, fast=True, include_comments=False)
    if not isinstance(found, trafilatura.settings.Document) or found.body is None:
        return ""
    return joined(blocks(found.body))


def _visible(root: Element | None) -> str:
    if root is None:
        return ""
    body = root.find("body")
    return joined(blocks(root if body is None else body))


def _title(root: Element) -> str:
    for path in ("//meta[@property='og:title']/@content", "//head/title", "//title", "//h1"):
        for found in root.xpath(path):
            text = one_line(found if isinstance(found, str) else found.text_content())
            if text:
                return text
    return ""


def _canonical(root: Element, url: str) -> str:
    for link in root.iter("link"):
        if "canonical" in link.get("rel", "").casefold().split():
            return _web_address(link.get("href", "").strip(), url)
    return ""


def _web_address(href: str, url: str) -> str:
    try:
        address = urljoin(url, href)
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""
