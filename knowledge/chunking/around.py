"""Cuts chunks around the texts that people's edits are of."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Span
from knowledge.chunking.edits import Edited, changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit
    from knowledge.chunking.standing import Standing


def cut_around(
    items: Sequence[Edited],
    places: Iterable[tuple[Span, Edit]],
    text: Standing,
    tokenizer: Tokenizer,
) -> list[Edited]:
    """The ``items``, which are in order, with the edits in their ``places``: of the chunks that
    such a place is in, what stands before and behind it stays. An edit is left aside where
    another one is in its place, but for the little that chunks share where they overlap."""
    rest, made = deque(items), list[Edited]()
    for place, edit in sorted(places, key=lambda each: each[0]):
        start = place.start
        while rest and (span := text.span_of(rest[0].chunk)).start < place.end:
            if rest[0].edit and span.end > start:
                start = span.end  # what the edit before has of it, since chunks overlap
            elif not rest[0].edit and span.end > start:
                break
            made.append(rest.popleft())
        touched = _touched(rest, place.end, place.end - _shared(edit.originals[-1]), text)
        if touched and start <= place.start + _shared(edit.originals[0]):
            first, last = touched[0], touched[-1]
            made += _piece(first, Span(text.span_of(first).start, start), text, tokenizer)
            made += changed([_standing(first, place, start, text, tokenizer)], edit, tokenizer)
            behind = _piece(last, Span(place.end, text.span_of(last).end), text, tokenizer)
            rest.extendleft(behind)
        else:
            rest.extendleft(Edited(chunk) for chunk in reversed(touched))
    return [*made, *rest]


def _shared(original: str) -> int:
    """How much of it another chunk may have too: ``knowledge.chunking.packing`` sees to it."""
    return len(original) // 2


def _touched(rest: deque[Edited], end: int, free: int, text: Standing) -> list[Chunk]:
    """The chunks that begin before ``end``, taken out of ``rest``; none where an edit begins before
    ``free``."""
    touched = []
    while rest and not rest[0].edit and text.span_of(rest[0].chunk).start < end:
        touched.append(rest.popleft().chunk)
    if touched and rest and text.span_of(rest[0].chunk).start < free:
        rest.extendleft(Edited(chunk) for chunk in reversed(touched))
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


def _piece(chunk: Chunk, span: Span, text: Standing, tokenizer: Tokenizer) -> Iterator[Edited]:
    """That much of the chunk, if it says anything."""
    said = text.text[span.start : span.end]
    if not any(character.isalnum() for character in said):
        return
    start = span.start + len(said) - len(said.lstrip())
    said = said.strip()
    _page, inside = text.on_page(Span(start, start + len(said)))
    begun = inside.start - chunk.start
    yield Edited(
        replace(
            chunk,
            text=said,
            start=inside.start,
            end=inside.end,
            overlap=min(max(chunk.overlap - begun, 0), len(said)),
            tokens=tokenizer.count(said),
        )
    )
