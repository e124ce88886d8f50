"""Edits on top of what a strategy gives."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.embedders.word_pieces import word_pieces
from knowledge.chunking.applying import apply
from knowledge.chunking.chunk import Chunk
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import cut
from knowledge.chunking.edits import Edit, Edited, merged_text
from knowledge.texts import Page
from tests.knowledge.chunking.documents import LONG_SECTION, letters

TOKENIZER = word_pieces()


def chunks_of(*texts: str) -> list[Chunk]:
    places = [0]
    for text in texts:
        places.append(places[-1] + len(text) + 1)
    return [
        Chunk(text, 1, start, end - 1, tokens=TOKENIZER.count(text))
        for text, (start, end) in zip(texts, pairwise(places), strict=True)
    ]


def edit(*originals: str, texts: tuple[str, ...] | None = None, enabled: bool = True) -> Edit:
    return Edit(f"of {originals}", "src_1", originals, texts, enabled=enabled)


def apply_to(chunks: list[Chunk], edits: list[Edit]) -> tuple[list[Edited], list[Edit]]:
    """The edits on chunks that are all of a page."""
    page = Page(1, "\n".join(chunk.text for chunk in chunks))
    made = apply(chunks, edits, TOKENIZER, lambda: [page])
    used = {id(item.edit) for item in made}
    return made, [edit for edit in edits if id(edit) not in used]


def applied(chunks: list[Chunk], *edits: Edit) -> tuple[list[str], list[Edit]]:
    found, left = apply_to(chunks, [*edits])
    return [item.chunk.text for item in found], left


def test_without_edits_nothing_changes() -> None:
    chunks = chunks_of("one", "two")
    found, left = apply_to(chunks, [])
    assert ([item.chunk for item in found], left) == (chunks, [])
    assert all(item.enabled and item.edit is None for item in found)


def test_a_text_is_changed_and_keeps_its_place() -> None:
    change = edit("two", texts=("The second one.",))
    found, left = apply_to(chunks_of("one", "two", "three"), [change])
    second = found[1].chunk
    assert (second.text, second.start, second.end) == ("The second one.", 4, 7)
    assert (second.edited, second.tokens, found[1].edit) == (True, 4, change)
    assert not found[0].chunk.edited
    assert not left


def test_a_chunk_is_split() -> None:
    assert applied(chunks_of("one", "two"), edit("one", texts=("o", "ne"))) == (
        ["o", "ne", "two"],
        [],
    )


def test_a_chunk_is_switched_off() -> None:
    found, _ = apply_to(chunks_of("one", "two"), [edit("one", enabled=False)])
    assert [(item.chunk.text, item.enabled, item.chunk.edited) for item in found] == [
        ("one", False, False),
        ("two", True, False),
    ]


def test_neighbours_are_merged() -> None:
    merge = edit("one", "two", texts=("one and two",))
    found, left = apply_to(chunks_of("one", "two", "three"), [merge])
    assert [item.chunk.text for item in found] == ["one and two", "three"]
    assert (found[0].chunk.start, found[0].chunk.end) == (0, 7)
    assert not left


def test_what_is_no_longer_there_is_handed_back() -> None:
    gone = edit("four", texts=("4",))
    apart = edit("one", "three", texts=("1 3",))
    assert applied(chunks_of("one", "two", "three"), gone, apart) == (
        ["one", "two", "three"],
        [gone, apart],
    )


def test_of_the_same_texts_each_edit_takes_one() -> None:
    first, second = edit("same", texts=("1",)), edit("same", texts=("2",))
    third = edit("same", texts=("3",))
    assert applied(chunks_of("same", "x", "same"), first, second, third) == (
        ["1", "x", "2"],
        [third],
    )


@pytest.mark.parametrize(
    ("originals", "texts"), [((), ("a",)), (("a", "b"), None), (("a",), (" ",)), (("a",), ())]
)
def test_an_edit_makes_sense(originals: tuple[str, ...], texts: tuple[str, ...] | None) -> None:
    with pytest.raises(ValueError, match=r"chunk|text"):
        Edit("1", "src_1", originals, texts)


def test_merged_neighbours_do_not_repeat_themselves() -> None:
    chunks = cut([Page(1, LONG_SECTION)], ChunkingConfig(), TOKENIZER, letters)
    merged = merged_text(chunks[:2])
    assert chunks[1].overlap
    assert merged.split() == LONG_SECTION[: chunks[1].end].split()


TEXTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=8)


@given(
    TEXTS, st.lists(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3), max_size=6)
)
def test_every_edit_is_applied_once_or_handed_back(
    texts: list[str], originals: list[list[str]]
) -> None:
    edits = [Edit(str(n), "s", tuple(o), (f"x{n}",)) for n, o in enumerate(originals)]
    found, left = apply_to(chunks_of(*texts), edits)
    used = [item.edit for item in found if item.edit]
    assert sorted(used + left, key=lambda e: e.id) == edits
    gone = sum(len(e.originals) for e in used)
    assert len(found) == len(texts) - gone + len(used)


def test_many_edits_of_many_chunks_take_moments() -> None:
    chunks = chunks_of(*(f"text {n}" for n in range(10_000)), *["same"] * 2000)
    edits = [edit(f"text {n}", texts=(f"{n}",)) for n in range(10_000)]
    edits += [edit("same", texts=(f"same {n}",)) for n in range(2000)]
    started = time.process_time()
    assert apply_to(chunks, edits)[1] == []
    assert time.process_time() - started < 10
