"""Where texts stand in a document, whatever way it is cut. Places count through all its pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING

from knowledge.chunking.chunk import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit
    from knowledge.texts import Page

BETWEEN_PAGES = "\f"
# A text that stands there more often is not told apart; and so many places are looked at in all.
MOST_PLACES = 100
MOST_LOOKS = 20_000
# Chunks that follow each other have no more space between them.
_SPACE = re.compile(r"\s{0,1000}")


class Standing:
    """The text of a document's pages, one behind the other."""

    def __init__(self, pages: Iterable[Page]) -> None:
        known = list(pages)
        self.text = BETWEEN_PAGES.join(page.text for page in known)
        self._numbers = [page.number for page in known]
        self._starts: list[int] = []
        at = 0
        for page in known:
            self._starts.append(at)
            at += len(page.text) + len(BETWEEN_PAGES)
        self._looks = MOST_LOOKS
        self._start_of: Mapping[int, int] = dict(zip(self._numbers, self._starts, strict=True))

    def span_of(self, chunk: Chunk) -> Span:
        """Where the chunk is; behind all of it, if its page is gone meanwhile."""
        start = self._start_of.get(chunk.page, len(self.text))
        return Span(start + chunk.start, start + chunk.end)

    def on_page(self, span: Span) -> tuple[int, Span]:
        """The number of the page where the span begins, and how much of that it is."""
        at = bisect_right(self._starts, span.start) - 1
        start = self._starts[at]
        is_last = at + 1 == len(self._starts)
        end = len(self.text) if is_last else self._starts[at + 1] - len(BETWEEN_PAGES)
        return self._numbers[at], Span(span.start - start, min(span.end, end) - start)

    def where_they_were(self, edits: Iterable[Edit]) -> Iterator[tuple[Span, Edit]]:
        """Those of the edits whose originals stand where they stood."""
        for edit in edits:
            page = self._start_of.get(edit.page) if edit.page is not None else None
            if page is not None and edit.start is not None and edit.start >= 0:
                span = self._run(edit.originals, page + edit.start)
                if span is not None:
                    yield span, edit

    def where_else(
        self, edits: Iterable[Edit], taken: Sequence[Span]
    ) -> Iterator[tuple[Span, Edit]]:
        """Those of the edits whose originals stand in as many places as there are edits of them,
        but for those that are ``taken``: then it is certain which is meant."""
        alike: defaultdict[tuple[str, ...], list[Edit]] = defaultdict(list)
        for edit in edits:
            alike[edit.originals].append(edit)
        others = _Taken(taken)
        for originals, same in alike.items():
            places = [span for span in self._runs(originals) if not others.has(span)]
            if len(places) == len(same):
                yield from zip(places, same, strict=True)

    def _runs(self, originals: Sequence[str]) -> list[Span]:
        """Where they stand, not in the middle of a word; nowhere, if the first of them stands in
        more than ``MOST_PLACES``, or enough was looked at."""
        found: list[int] = []
        at = self.text.find(originals[0])
        while at >= 0 and len(found) <= MOST_PLACES:
            found.append(at)
            at = self.text.find(originals[0], at + 1)
        self._looks -= len(found)
        if len(found) > MOST_PLACES or self._looks < 0:
            return []
        runs = (self._run(originals, start) for start in found)
        return [span for span in runs if span and not self._parts_a_word(span)]

    def _run(self, originals: Sequence[str], start: int) -> Span | None:
        """The texts one behind the other from ``start`` on, with nothing but space between them;
        one may repeat the end of the one before."""
        if not self.text.startswith(originals[0], start):
            return None
        end = start + len(originals[0])
        if self._is_on_two_pages(start, end):
            return None
        for text in originals[1:]:
            following = self._following(text, start, end)
            if following is None or self._is_on_two_pages(following - len(text), following):
                return None
            end = following
        return Span(start, end)

    def _is_on_two_pages(self, start: int, end: int) -> bool:
        """Whether a text is none that a chunk could have had: they are of one page."""
        return bisect_right(self._starts, start) != bisect_right(self._starts, end - 1)

    def _following(self, text: str, start: int, end: int) -> int | None:
        """Where ``text`` ends that goes on from ``end``."""
        space = _SPACE.match(self.text, end)
        latest = (space.end() if space else end) + len(text)
        at = self.text.find(text, max(start + 1, end + 1 - len(text)), latest)
        return at + len(text) if at >= 0 else None

    def _parts_a_word(self, span: Span) -> bool:
        return any(
            self.text[max(at - 1, 0) : at].isalnum() and self.text[at : at + 1].isalnum()
            for at in span
        )


class _Taken:
    """Spans that are somebody's already."""

    def __init__(self, spans: Iterable[Span]) -> None:
        in_order = sorted(spans)
        self._starts = [span.start for span in in_order]
        self._reach = list(accumulate((span.end for span in in_order), max))

    def has(self, span: Span) -> bool:
        """Whether all of it is in one of them."""
        before = bisect_right(self._starts, span.start)
        return before > 0 and self._reach[before - 1] >= span.end
