"""A document's pages as parts, one of which is the passage that somebody came for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from knowledge.models import Chunk, IndexedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from knowledge.models import Document

# So much of a passage's text goes into an address.
LONGEST_TEXT = 200
# So many words in a row tell a passage, and among so many they are looked for.
IN_A_ROW = 8
MOST_WORDS = 40
# Without marks of Markdown, which stand elsewhere in an excerpt.
_WORD = re.compile(r"[^\s#*_`|>]+")


@dataclass(frozen=True)
class ShownPage:
    """A page's text around the passage; without one all of it is ``before``. ``edited`` is what
    somebody wrote in place of the passage, where the page does not say that, and ``beside`` in
    place of those next to it, which a model reads with it."""

    number: int
    title: str
    url: str
    before: str
    passage: str = ""
    after: str = ""
    edited: str = ""
    beside: tuple[str, ...] = ()


def path_of(workspace: str, document_id: str, chunk_id: str, text: str) -> str:
    """Where a passage is shown in its document, in whichever base that is. Its ``text`` is what it
    is found by once its chunk is gone."""
    path = reverse("knowledge:passage", args=(workspace, document_id))
    return f"{path}?{urlencode({'chunk': chunk_id, 'text': text[:LONGEST_TEXT]})}"


def parts_of(document: Document, chunk_id: str, text: str = "") -> list[ShownPage]:
    """The document's pages; the passage is that of the chunk. Where that was cut from an earlier
    text of the document, or is gone, it is what begins as the passage's ``text`` does."""
    chunk = _chunk(document, chunk_id)
    if chunk is None or _is_stale(chunk, document):
        return list(_by_text(document, chunk.text if chunk else text))
    written = {text for edit in document.chunk_edits for text in edit.get("texts") or ()}
    near = Chunk.objects.filter(index_id=chunk.index_id, document=document, enabled=True)
    near = near.filter(position__in=(chunk.position - 1, chunk.position + 1)).order_by("position")
    beside = tuple(each.text for each in near if each.text in written)
    return [_shown(page, chunk, written, beside) for page in document.pages]


def _chunk(document: Document, chunk_id: str) -> Chunk | None:
    # No number that the database could hold is longer.
    is_one = chunk_id.isascii() and chunk_id.isdigit() and len(chunk_id) < len(str(2**63))
    return Chunk.objects.filter(pk=int(chunk_id), document=document).first() if is_one else None


def _is_stale(chunk: Chunk, document: Document) -> bool:
    made = IndexedDocument.objects.filter(index_id=chunk.index_id, document=document)
    return made.exclude(fingerprint=document.fingerprint).exists()


def _by_text(document: Document, text: str) -> Iterator[ShownPage]:
    """The pages; marked is what begins as ``text`` does, to the end of the paragraph."""
    place = _place_of(document, text)
    for page in document.pages:
        number, said = int(page["number"]), page["text"]
        title, url = page.get("title", ""), page.get("url", "")
        if place is None or place[0] != number:
            yield ShownPage(number, title, url, said)
            continue
        start, end = place[1], said.find("\n\n", place[2])
        end = len(said) if end < 0 else end
        yield ShownPage(number, title, url, said[:start], said[start:end], said[end:])


def _place_of(document: Document, text: str) -> tuple[int, int, int] | None:
    """The page that has the ``text``, and where; else its first few words in a row that any page
    has: an excerpt may begin with a heading in one line with what stands below it."""
    for page in document.pages:
        if text and (at := page["text"].find(text)) >= 0:
            return int(page["number"]), at, at + len(text)
    words = _WORD.findall(text)[:MOST_WORDS]
    for first in range(max(len(words) - IN_A_ROW + 1, 1 if words else 0)):
        wanted = re.compile(r"\s+".join(map(re.escape, words[first : first + IN_A_ROW])))
        for page in document.pages:
            if found := wanted.search(page["text"]):
                return int(page["number"]), found.start(), found.end()
    return None


def _shown(
    page: dict[str, str], chunk: Chunk, written: AbstractSet[str], beside: tuple[str, ...]
) -> ShownPage:
    """``written`` are the texts that people gave chunks of the document, ``beside`` those of the
    chunk's neighbours."""
    number, text = int(page["number"]), page["text"]
    title, url = page.get("title", ""), page.get("url", "")
    if chunk.page != number:
        return ShownPage(number, title, url, text)
    start, end = chunk.start, chunk.end
    edited = chunk.text if chunk.text in written else ""
    # A part of what was split stands in what was cut.
    inside = text.find(edited, start, end) if edited else -1
    if inside >= 0:
        start, end, edited = inside, inside + len(edited), ""
    unsaid = tuple(words for words in beside if words not in text)
    return ShownPage(number, title, url, text[:start], text[start:end], text[end:], edited, unsaid)
