"""Cuts and embeds what a part of a draft has, in a worker's turn, as long as anybody wants it."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from common import crash
from drafts.access import is_kept
from knowledge.beside import cuts, files, pages
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import each_chunk
from knowledge.index.rows import text_hash
from knowledge.kind import KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from common.leases import Lease
    from inference.embedding import Embedder, Vectors
    from knowledge.chunking.chunk import Chunk
    from knowledge.texts import Page
    from knowledge.trying.parts import Part

# Chunks of a draft that can be looked at and tried before it is deployed.
MOST_CHUNKS = 20_000
BATCH = 16
# Seconds after which a worker lets others have their turn, after which it writes what it has made,
# and after which it looks whether the draft is still there.
TURN = 30.0
KEPT_EVERY = 5.0
LOOK_EVERY = 1.0


class UnwantedError(Exception):
    """The draft is gone, or another worker is at it."""


class TurnOverError(Exception):
    """It is somebody else's turn; what was made is kept."""


class Turn:
    """A worker's turn at a draft."""

    def __init__(self, draft_id: str, mine: Lease) -> None:
        self._draft_id, self._mine = draft_id, mine
        self._ends = time.monotonic() + TURN
        self._looked_at = 0.0

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends

    def look(self) -> None:
        """Raise ``UnwantedError`` where nobody wants this worker's work any more."""
        now = time.monotonic()
        if not self._mine.is_mine:
            raise UnwantedError
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            if not is_kept(KIND, self._draft_id):
                raise UnwantedError


class _Reader:
    """Hands out pages, and knows how much of them has been read."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages, self._whole = pages, sum(len(page.text) for page in pages)
        self._before = self._current = 0

    def __iter__(self) -> Iterator[Page]:
        for page in self._pages:
            self._current = len(page.text)
            yield page
            self._before += self._current

    def percent(self, many: int, of: int) -> int:
        """Of all its characters, once ``many`` of ``of`` pieces of the current page are done."""
        return 100 * (self._before * of + self._current * many) // max(self._whole * of, 1)


def chunks_of(
    part: Part, embedder: Embedder, turn: Turn, tell: Callable[[str, int], None]
) -> list[Chunk]:
    """The part's chunks. Cutting by meaning embeds; its vectors outlive the turn, nothing else, and
    ``tell`` is called with the part's name and how many percent of it are cut."""
    chunks = part.chunks()
    if chunks is None:
        meanings = f"{part.space} of sentences"
        read = _Reader(_pages(part))
        config = ChunkingConfig.model_validate(part.config)
        sentences = _Vectors(part, meanings)

        def meanings_of(texts: Sequence[str]) -> Vectors:
            wanted = {text_hash(text): text for text in texts}
            for many in sentences.make(wanted, embedder, turn):
                tell(part.name, read.percent(many, len(wanted)))
            return np.array([sentences.made[text_hash(text)] for text in texts])

        made = each_chunk(read, config, embedder.tokenizer, meanings_of)
        chunks = list(islice(_while_wanted(made, turn), MOST_CHUNKS + 1))
        cuts.keep_cut(part.draft_id, part.source_id, part.key, chunks)
        cuts.remove_vectors(part.draft_id, part.source_id, meanings)
    return chunks


def _pages(part: Part) -> tuple[Page, ...]:
    """The pages that the part's key is of; where others are there by now, another turn has their
    key."""
    read = pages.approved(part.draft_id, part.source_id, part.state)
    if files.hash_of(read) != part.state.content_hash:
        pages.recount(part.draft_id, part.source_id)
        raise TurnOverError
    return read


def _while_wanted(chunks: Iterator[Chunk], turn: Turn) -> Iterator[Chunk]:
    for chunk in chunks:
        turn.look()
        yield chunk


def embed(
    part: Part, space: str, texts: Iterable[str], embedder: Embedder, turn: Turn
) -> Iterator[int]:
    """Make the vectors of the texts that have none and keep all of theirs, and with them no others;
    yields how many there are, again and again. Each turn makes some."""
    wanted = {text_hash(text): text for text in texts}
    kept = _Vectors(part, space)
    before = kept.made.keys()
    kept.made = {key: kept.made[key] for key in wanted if key in before}
    yield from kept.make(wanted, embedder, turn)
    if kept.made.keys() != before:
        kept.keep()


class _Vectors:
    """Those of a part's texts in one space, ``made`` by ``text_hash``, which outlive the turn."""

    def __init__(self, part: Part, space: str) -> None:
        self._place = (part.draft_id, part.source_id, space)
        self.made = cuts.vectors_of(*self._place)
        self._kept_at = time.monotonic()
        self._has_made = False

    def make(self, wanted: Mapping[str, str], embedder: Embedder, turn: Turn) -> Iterator[int]:
        """Make those of the texts, by ``text_hash``, that there are not yet; yields how many of
        them there are, again and again. Some are made however late it is; when the turn is over,
        what was made is kept."""
        missing = [key for key in wanted if key not in self.made]
        there = len(wanted) - len(missing)
        yield there
        for start in range(0, len(missing), BATCH):
            turn.look()
            if self._has_made and turn.is_over:
                self.keep()
                raise TurnOverError
            batch = missing[start : start + BATCH]
            vectors = embedder.embed([wanted[key] for key in batch])
            crash.point("preparing.embedded")
            self.made |= dict(zip(batch, vectors, strict=True))
            self._has_made = True
            if time.monotonic() - self._kept_at >= KEPT_EVERY:
                self.keep()
            there += len(batch)
            yield there

    def keep(self) -> None:
        """Write them down, in place of what was."""
        cuts.keep_vectors(*self._place, self.made)
        self._kept_at = time.monotonic()
        crash.point("preparing.kept")
