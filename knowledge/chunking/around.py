"""Cuts chunks around the texts that people's edits are of."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Span
from knowledge.chunking.edits import Edited, changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit
    from knowledge.chunking.standing import Standing


@dataclass(frozen=True)
class _Stretch:
    """What is left of an item: the part of the document that is its alone, whose first ``overlap``
    characters the chunk before says too."""

    item: Edited
    span: Span
    overlap: int
    is_whole: bool = True

    def up_to(self, end: int) -> _Stretch:
        return _Stretch(self.item, Span(self.span.start, end), self.overlap, is_whole=False)

    def behind(self, start: int) -> _Stretch:
        """What is before it is an edit's now, and says nothing of it."""
        return _Stretch(self.item, Span(start, self.span.end), 0, is_whole=False)


def cut_around(
    items: Sequence[Edited],
    places: Iterable[tuple[Span, Edit]],
    text: Standing,
    tokenizer: Tokenizer,
) -> list[Edited]:
    """The ``items``, which are in order, with the edits in their ``places``: of the chunks that
    such a place is in, what stands before and behind it stays. An edit is left aside where
    another one is in its place, but for the little that chunks share where they overlap."""
    rest = deque(_Stretch(each, text.span_of(each.chunk), each.chunk.overlap) for each in items)
    made: list[_Stretch] = []
    taken = 0  # up to where the text is an edit's; chunks overlap, so the next may begin before it
    for place, edit in sorted(places, key=lambda each: each[0]):
        own = place.start + min(max(edit.repeats, 0), _shared(edit.originals[0]))
        while rest and rest[0].span.start < place.end:
            if rest[0].item.edit:
                taken = max(taken, rest[0].span.end)
            elif rest[0].span.end > max(own, taken):
                break
            made.append(rest.popleft())
        start = max(own, taken)
        touched = _touched(rest, place.end, place.end - _shared(edit.originals[-1]))
        if touched and start <= place.start + _shared(edit.originals[0]):
            first, last = touched[0], touched[-1]
            standing = _standing(first.item.chunk, place, start, text, tokenizer)
            if start == own:  # else all before it is the other edit's
                made.append(first.up_to(start))
            made += (_Stretch(each, place, 0) for each in changed([standing], edit, tokenizer))
            rest.appendleft(last.behind(place.end))
            taken = place.end
        else:
            rest.extendleft(reversed(touched))
    return [item for each in (*made, *rest) for item in _said(each, text, tokenizer)]


def _shared(original: str) -> int:
    """How much of it another chunk may have too: ``knowledge.chunking.packing`` sees to it."""
    return len(original) // 2


def _touched(rest: deque[_Stretch], end: int, free: int) -> list[_Stretch]:
    """The untouched ones that begin before ``end``, taken out of ``rest``; none where an edit
    begins before ``free``."""
    touched = []
    while rest and not rest[0].item.edit and rest[0].span.start < end:
        touched.append(rest.popleft())
    if touched and rest and rest[0].span.start < free:
        rest.extendleft(reversed(touched))
        return []
    return touched


def _standing(first: Chunk, place: Span, start: int, text: Standing, tokenizer: Tokenizer) -> Chunk:
    """What stands in the place as a chunk. What is before ``start`` is the end of another one."""
    page, span = text.on_page(place)
    said = text.text[place.start : place.start + span.end - span.start]
    return replace(
        first,
        text=said,
        page=page,
        start=span.start,
        end=span.end,
        overlap=start - place.start,
        tokens=tokenizer.count(said),
    )


def _said(stretch: _Stretch, text: Standing, tokenizer: Tokenizer) -> Iterator[Edited]:
    """The item as far as it is left, if that says anything."""
    if stretch.is_whole:
        yield stretch.item
        return
    chunk, left = stretch.item.chunk, text.text[stretch.span.start : stretch.span.end]
    if not any(character.isalnum() for character in left):
        return
    blank = len(left) - len(left.lstrip())
    start, said = stretch.span.start + blank, left.strip()
    _page, span = text.on_page(Span(start, start + len(said)))
    repeated = max(stretch.overlap - blank, 0)
    if repeated >= len(said):  # the chunk before says it
        return
    tokens = tokenizer.count(said)
    yield Edited(
        replace(
            chunk,
            text=said,
            start=span.start,
            end=span.end,
            overlap=repeated,
            tokens=tokens,
        )
    )
