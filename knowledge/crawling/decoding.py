"""The characters of a page whose bytes may be in any encoding. Knows no framework."""

from __future__ import annotations

import codecs
import re

LOOKED_AT = 2048
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE
)
# What browsers read where a page says that it is in the encoding on the left.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
# Not one of these is an encoding of characters, or it is one that no page of the web may have.
_REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"})


def decoded(body: bytes) -> str:
    """As a byte order mark, the page's own declaration or its bytes say; what is in no way
    readable is replaced."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body.removeprefix(mark).decode(name, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode(_declared(body) or "cp1252", "replace")


def with_charset(body: bytes, charset: str) -> bytes:
    """``body`` as UTF-8 with a mark, if ``charset``, which a server named, is one."""
    name = known(charset)
    if not name or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    return codecs.BOM_UTF8 + body.decode(name, "replace").encode()


def known(charset: str) -> str:
    """The name by which Python knows an encoding of the web; empty when it knows none."""
    try:
        found = codecs.lookup(charset.strip("\"' "))
        b"text".decode(found.name, "replace")
    except (LookupError, ValueError):
        return ""
    return "" if found.name in _REFUSED else _MEANT.get(found.name, found.name)


def _declared(body: bytes) -> str:
    found = _DECLARED.search(body[:LOOKED_AT])
    name = known(found[1].decode("ascii", "replace")) if found else ""
    # A declaration that can be read at all is not in UTF-16.
    return "" if name.startswith("utf-16") else name
