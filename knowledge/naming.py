"""What sources and their documents are called: in the draft, in the live base, in every list.

Chunks are embedded with it, so a document that the draft called otherwise is embedded again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.plain_text import visible
from knowledge.schema import LONGEST_NAME
from knowledge.sources import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.texts import Page

LONGEST_KEY = 2000


def source_name(source: Mapping[str, Any], title: str = "") -> str:
    """What somebody called it; else its own ``title``, as far as it was read; else its address, or
    what it is."""
    kind = kind_of(source)
    name = source.get("name") or title or kind.name_of(source) or kind.label
    return visible(str(name))[:LONGEST_NAME]


def document_name(page: Page, name: str) -> str:
    """What the document is called that is one page of the source ``name``."""
    return visible(page.title or page.url or name)[:LONGEST_NAME]


def document_key(page: Page) -> str:
    """What tells the document that is one page of a source from the others of that source: its
    address, as far as it is kept."""
    return page.url[:LONGEST_KEY]
