"""The characters of a web page, which servers and pages name the encoding of, often wrongly."""

from __future__ import annotations

import codecs
import re

from knowledge.parsing.decoding import decoded

WITHIN = 8192
DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^<>]+?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE
)
# What browsers read where a page says that it is in the encoding on the left.
MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# Not one of these is an encoding of characters, or it is one that no page of the web may have.
REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"})
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def html_decoded(raw: bytes) -> str:
    """``raw`` as text: by its mark, as Unicode, or in the encoding that the page names. Raises
    ``UnreadableError`` for binary data."""
    return decoded(raw, _declared(raw) or "cp1252")


def with_charset(body: bytes, charset: str) -> bytes:
    """``body`` as UTF-8 with a mark, if ``charset``, which a server named, is one."""
    name = _known(charset)
    if not name or body.startswith(MARKS):
        return body
    return codecs.BOM_UTF8 + body.decode(name, "replace").encode()


def _known(charset: str) -> str:
    """The name by which Python knows an encoding of the web; empty when it knows none."""
    try:
        found = codecs.lookup(charset.strip("\"' "))
        b"text".decode(found.name, "replace")
    except (LookupError, ValueError):
        return ""
    return "" if found.name in REFUSED else MEANT.get(found.name, found.name)


def _declared(raw: bytes) -> str:
    found = DECLARED.search(raw[:WITHIN])
    name = _known(found[1].decode("ascii", "replace")) if found else ""
    # A declaration that can be read at all is not in UTF-16.
    return "" if name.startswith(("utf-16", "utf-32")) else name
