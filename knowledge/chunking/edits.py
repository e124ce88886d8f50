"""What people changed of the chunks, kept apart from them: by the text that they changed, so that
it outlives another cut, see ``knowledge.chunking.applying``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk


@dataclass(frozen=True)
class Edit:
    """What becomes of the chunks whose text is ``originals``, one after the other in one document.
    ``document`` is its key, see ``knowledge.live.documents``; empty, it is any of the source.
    ``page`` and ``start`` say where the first of them stood, which tells apart what is said twice;
    its first ``repeats`` characters were said by the chunk before too, and stay with that.

    Several originals are merged. ``texts`` are what stands there instead: one text is a changed or
    a merged chunk, several are its parts; None leaves the text as it is. Not ``enabled``, it is
    shown and neither indexed nor found; ``left_out`` are the places of those ``texts`` that are so
    while the others are used. A chunk has one edit at most: one that is made of an edited chunk
    replaces the edit before it, with the originals of that.
    """

    id: str
    source_id: str
    originals: tuple[str, ...]
    texts: tuple[str, ...] | None = None
    enabled: bool = True
    document: str = ""
    left_out: tuple[int, ...] = ()
    page: int | None = None
    start: int | None = None
    repeats: int = 0

    def __post_init__(self) -> None:
        if not self.originals or not all(self.originals):
            raise ValueError("An edit says which chunks it changes.")
        if self.texts is not None and not all(text.strip() for text in self.texts):
            raise ValueError("A chunk has a text. One that is not wanted is switched off.")
        if self.texts == () or (self.texts is None and len(self.originals) > 1):
            raise ValueError("An edit that merges says what the text is.")

    @property
    def leaves_out(self) -> bool:
        """Whether something of it is not to be found."""
        return not self.enabled or bool(self.left_out)

    def is_of(self, document: str) -> bool:
        """Whether it may change chunks of the document with that key."""
        return self.document in ("", document)


@dataclass(frozen=True)
class Edited:
    """A chunk as it will be indexed if it is ``enabled``, and the edit that made it so."""

    chunk: Chunk
    enabled: bool = True
    edit: Edit | None = None


def changed(replaced: Sequence[Chunk], edit: Edit, tokenizer: Tokenizer) -> Iterator[Edited]:
    """The chunks that the edit makes in place of ``replaced``. They keep its place in the page:
    that of the first page, where several pages were merged."""
    first = replaced[0]
    if edit.texts is None:
        yield Edited(first, edit.enabled, edit)
        return
    end = max(chunk.end for chunk in replaced if chunk.page == first.page)
    for place, text in enumerate(edit.texts):
        chunk = replace(
            first,
            text=text,
            end=end,
            overlap=first.overlap if text[: first.overlap] == first.text[: first.overlap] else 0,
            tokens=tokenizer.count(text),
            edited=True,
        )
        yield Edited(chunk, edit.enabled and place not in edit.left_out, edit)


def merged_text(chunks: Sequence[Chunk]) -> str:
    """The texts of neighbours as one, what they repeat of each other only once."""
    first, *rest = chunks
    return "\n\n".join([first.text, *(chunk.text[chunk.overlap :].lstrip() for chunk in rest)])


def edits_of(held: Iterable[Mapping[str, Any]]) -> list[Edit]:
    """Edits from plain data: the fields of ``Edit`` by their names. A draft may hold one that is
    not whole; it changes nothing."""
    return [edit for each in held if (edit := _edit_of(each))]


def _edit_of(held: Mapping[str, Any]) -> Edit | None:
    texts = held.get("texts")
    try:
        return Edit(
            held["id"],
            held["source_id"],
            tuple(held["originals"]),
            None if texts is None else tuple(texts),
            held.get("enabled", True),
            held.get("document", ""),
            tuple(held.get("left_out") or ()),
            held.get("page"),
            held.get("start"),
            held.get("repeats") or 0,
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
