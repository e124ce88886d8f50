"""Which page or document an address is of, as people copy it out of a browser. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

_NOTION_ID = re.compile(r"[0-9a-fA-F]{32}\Z")
_GOOGLE_ID = re.compile(r"[A-Za-z0-9_-]{20,128}")
_GOOGLE_PATH = re.compile(r"/d/(?!e/)([^/]+)")
LONGEST = 2000


def notion_page_id(text: str) -> str:
    """The id, with hyphens, of a page or database of Notion; raises ``ValueError``."""
    given = text.strip()[:LONGEST]
    url = urlsplit(given)
    # A page that is opened beside a database is named in the query.
    beside = parse_qs(url.query).get("p", [""])[0]
    found = _NOTION_ID.search((beside or url.path.rstrip("/")).replace("-", ""))
    if not found:
        raise ValueError("Paste the page's address: in Notion, ••• and “Copy link”")
    return str(UUID(found.group()))


def google_file_id(text: str) -> str:
    """The id of a document of Google; raises ``ValueError``."""
    given = text.strip()[:LONGEST]
    url = urlsplit(given)
    if url.scheme or "/" in given:
        in_path = _GOOGLE_PATH.search(url.path)
        given = in_path.group(1) if in_path else parse_qs(url.query).get("id", [""])[0]
    if not _GOOGLE_ID.fullmatch(given):
        raise ValueError("Paste the document's address, as the browser shows it")
    return given
