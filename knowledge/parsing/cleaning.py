"""Texts as they may be kept, without what no database and no browser should have to meet."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.texts import Page, Parsed

LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, lone surrogates, marks of byte order, and code points that are no characters.
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """``text`` in Unicode's composed form, with ``\\n`` and ``\\t`` as its only controls."""
    return unicodedata.normalize("NFC", UNWANTED.sub("", LINE_END.sub("\n", text)))


def cleaned(parsed: Parsed) -> Parsed:
    """Every text of ``parsed`` clean, blank pages dropped; pages keep their numbers."""
    pages = (_page(each) for each in parsed.pages)
    kept = tuple(page for page in pages if page.text)
    return replace(parsed, pages=kept, title=_line(parsed.title))


def _page(page: Page) -> Page:
    text = clean(page.text).rstrip()
    # The first line's indent means something in Markdown; blank lines before it do not.
    text = re.sub(r"\A(?:[ \t]*\n)+", "", text)
    return replace(page, text=text, title=_line(page.title))


def _line(text: str) -> str:
    return " ".join(clean(text).split())
