"""A document's pages as parts, one of which is the passage that somebody came for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from knowledge.models import Chunk

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from knowledge.models import Document


@dataclass(frozen=True)
class ShownPage:
    """A page's text around the passage; without one all of it is ``before``. ``edited`` is what
    somebody wrote in place of the passage, where the page does not say that."""

    number: int
    title: str
    url: str
    before: str
    passage: str = ""
    after: str = ""
    edited: str = ""


def path_of(workspace: str, document_id: str, chunk_id: str) -> str:
    """Where a passage is shown in its document, in whichever base that is."""
    path = reverse("knowledge:passage", args=(workspace, document_id))
    return f"{path}?{urlencode({'chunk': chunk_id})}"


def parts_of(document: Document, chunk_id: str) -> list[ShownPage]:
    """The document's pages; the passage is that of the chunk, if the document still has it."""
    wanted = int(chunk_id) if chunk_id.isascii() and chunk_id.isdigit() else 0
    # No number that the database could hold is longer.
    short = len(chunk_id) < len(str(2**63))
    chunk = Chunk.objects.filter(pk=wanted, document=document).first() if short else None
    written = {text for edit in document.chunk_edits for text in edit.get("texts") or ()}
    return [_shown(page, chunk, written) for page in document.pages]


def _shown(page: dict[str, str], chunk: Chunk | None, written: AbstractSet[str]) -> ShownPage:
    """``written`` are the texts that people gave chunks of the document."""
    number, text = int(page["number"]), page["text"]
    title, url = page.get("title", ""), page.get("url", "")
    if chunk is None or chunk.page != number:
        return ShownPage(number, title, url, text)
    start, end = chunk.start, chunk.end
    edited = chunk.text if chunk.text in written else ""
    # A part of what was split stands in what was cut.
    inside = text.find(edited, start, end) if edited else -1
    if inside >= 0:
        start, end, edited = inside, inside + len(edited), ""
    return ShownPage(number, title, url, text[:start], text[start:end], text[end:], edited)
