"""Edits on chunks that are cut otherwise than when the edits were made."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.embedders.word_pieces import word_pieces
from knowledge.chunking.applying import apply
from knowledge.chunking.config import ChunkingConfig
from knowledge.chunking.cutting import cut
from knowledge.chunking.edits import Edit, Edited, merged_text
from knowledge.texts import Page
from tests.knowledge.chunking.documents import CHINESE, HANDBOOK, LONG_SECTION, TABLE, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.chunking.chunk import Chunk

TOKENIZER = word_pieces()
PAGES = [Page(1, "A page of its own."), Page(2, LONG_SECTION), Page(3, HANDBOOK)]
CUTS = {
    "small": ChunkingConfig(chunk_size=40, chunk_overlap=0),
    "overlapping": ChunkingConfig(chunk_size=60),
    "default": ChunkingConfig(),
    "by size": ChunkingConfig(strategy="by_size", chunk_size=100),
    "by page": ChunkingConfig(strategy="by_page", chunk_size=400),
    "parents": ChunkingConfig(strategy="parent_child", chunk_size=50),
    "pairs": ChunkingConfig(strategy="question_answer"),
    "not at all": ChunkingConfig(strategy="no_chunking"),
}


def cut_by(config: ChunkingConfig, pages: Sequence[Page] = PAGES) -> list[Chunk]:
    return cut(pages, config, TOKENIZER, letters)


def applied(
    config: ChunkingConfig, *edits: Edit, pages: Sequence[Page] = PAGES
) -> tuple[list[Edited], list[Edit]]:
    made = apply(cut_by(config, pages), edits, TOKENIZER, lambda: pages)
    used = {item.edit.id for item in made if item.edit}
    return made, [edit for edit in edits if edit.id not in used]


def edit_of(*chunks: Chunk, texts: tuple[str, ...] | None = None, enabled: bool = True) -> Edit:
    first = chunks[0]
    originals = tuple(chunk.text for chunk in chunks)
    name = f"{first.page} {first.start}"
    return Edit(name, "s", originals, texts, enabled, page=first.page, start=first.start)


def used(items: Sequence[Edited]) -> list[str]:
    return [item.chunk.text for item in items if item.enabled]


@pytest.mark.parametrize("config", CUTS.values(), ids=CUTS)
def test_a_passage_that_is_left_out_stays_out(config: ChunkingConfig) -> None:
    passage = cut_by(CUTS["small"])[7]
    items, lost = applied(config, edit_of(passage, enabled=False))
    assert lost == []
    assert [item.chunk.text for item in items if not item.enabled] == [passage.text]
    said = [text for text in passage.text.split(". ") if len(text) > 20]
    assert said
    assert not [text for text in used(items) for sentence in said if sentence in text]


@pytest.mark.parametrize("config", CUTS.values(), ids=CUTS)
def test_all_else_is_still_there(config: ChunkingConfig) -> None:
    one, other = (cut_by(CUTS["overlapping"])[at] for at in (3, 9))
    edits = [edit_of(one, texts=("Written anew.",)), edit_of(other, texts=("Two.", "Parts."))]
    items, lost = applied(config, *edits)
    assert lost == []
    texts = used(items)
    assert texts.index("Written anew.") < texts.index("Two.") == texts.index("Parts.") - 1
    gone = set(sentences(one.text)) | set(sentences(other.text))
    said = sentences(" ".join(texts))
    assert {each for each in sentences(LONG_SECTION) if each not in gone} <= set(said)


def words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w+", text)}


def sentences(text: str) -> list[str]:
    return re.findall(r"Sentence number \d+ says [^.]*\.", text)


@pytest.mark.parametrize("config", CUTS.values(), ids=CUTS)
def test_merged_chunks_stay_merged(config: ChunkingConfig) -> None:
    chunks = cut_by(CUTS["overlapping"])[3:5]
    merged = merged_text(chunks)
    items, lost = applied(config, edit_of(*chunks, texts=(merged,)))
    assert lost == []
    assert used(items).count(merged) == 1
    assert set(sentences(" ".join(used(items)))) == set(sentences(LONG_SECTION))


def test_chunks_of_two_pages_stay_merged() -> None:
    first, second = cut_by(CUTS["by page"])[:2]
    merged = edit_of(first, second, texts=("Of two pages.",))
    items, lost = applied(CUTS["small"], merged)
    assert lost == []
    assert used(items)[0] == "Of two pages."
    assert (items[0].chunk.page, items[0].chunk.start, items[0].chunk.end) == (1, 0, 18)
    assert items[1].chunk.page == 2
    assert items[1].chunk.start >= second.end


def test_neighbours_that_overlap_are_both_applied() -> None:
    chunks = cut_by(CUTS["overlapping"])[3:6]
    edits = [edit_of(chunk, enabled=False) for chunk in chunks]
    items, lost = applied(CUTS["not at all"], *edits)
    assert lost == []
    assert [item.chunk.text for item in items if not item.enabled] == [c.text for c in chunks]
    assert len([item for item in items if item.chunk.page == 2]) == 5


def test_what_two_edits_leave_out_comes_back_nowhere() -> None:
    before = cut_by(CUTS["overlapping"])
    for config in CUTS.values():
        for at in range(1, 8):
            first, second = before[at : at + 2]
            pair = [edit_of(chunk, enabled=False) for chunk in (first, second)]
            items, lost = applied(config, *pair)
            assert lost == []
            gone = {*sentences(first.text[first.overlap :]), *sentences(second.text)}
            assert gone.isdisjoint(sentences(" ".join(used(items))))


def test_what_is_behind_an_edit_is_not_taken_for_a_repetition() -> None:
    text = " ".join(f"Sentence {n} is about subject {n * n}." for n in range(60))
    pages = [Page(1, text)]
    small = cut_by(ChunkingConfig(chunk_size=30, chunk_overlap=0), pages)
    after = ChunkingConfig(chunk_size=60, chunk_overlap=2)
    for at in range(1, len(small) - 1):
        items, lost = applied(after, edit_of(small[at], enabled=False), pages=pages)
        assert lost == []
        others = [chunk.text for chunk in small if chunk is not small[at]]
        assert words(*others) <= words(*used(items))


def test_a_neighbour_does_not_repeat_what_is_gone() -> None:
    first, second = cut_by(CUTS["overlapping"])[3:5]
    repeated = second.text[: second.overlap]
    for gone in (edit_of(first, enabled=False), edit_of(first, texts=("Another.",))):
        following = applied(CUTS["overlapping"], gone)[0][4].chunk
        assert (following.text, following.overlap) == (second.text[second.overlap :].lstrip(), 0)
    kept = edit_of(first, texts=(f"Another. {repeated}",))
    assert applied(CUTS["overlapping"], kept)[0][4].chunk == second


@pytest.mark.parametrize("backwards", [False, True])
def test_edits_of_the_same_text_do_not_change_places(backwards: bool) -> None:
    page = Page(1, "Note.\n\nFirst part.\n\nNote.\n\nSecond part.")
    places = [0, page.text.rindex("Note.")]
    edits = [
        Edit(str(n), "s", ("Note.",), (f"Note {n}.",), page=1, start=start)
        for n, start in enumerate(places)
    ]
    moved = Page(1, f"# A heading\n\n{page.text}")
    for after in (page, moved):
        given = edits[::-1] if backwards else edits
        items, lost = applied(CUTS["not at all"], *given, pages=[after])
        assert lost == []
        assert [item.chunk.text for item in items if item.edit] == ["Note 0.", "Note 1."]
    assert applied(CUTS["not at all"], edits[1], pages=[moved])[1] == [edits[1]]


def test_an_edit_without_spaces_around_it_is_kept_where_it_stood() -> None:
    page = Page(1, "这是第一句话这是第二句话这是第三句话")
    edit = Edit("1", "s", ("这是第二句话",), enabled=False, page=1, start=6)
    items, lost = applied(CUTS["not at all"], edit, pages=[page])
    assert (used(items), lost) == (["这是第一句话", "这是第三句话"], [])


def test_what_is_left_beside_an_edit_can_be_edited_too() -> None:
    inner = cut_by(CUTS["small"])[7]
    items, _lost = applied(CUTS["default"], edit_of(inner, enabled=False))
    at = next(place for place, item in enumerate(items) if not item.enabled)
    before = items[at - 1].chunk
    assert before not in cut_by(CUTS["default"])
    both = [edit_of(before, texts=("What came before.",)), edit_of(inner, enabled=False)]
    items, lost = applied(CUTS["default"], *both)
    assert lost == []
    assert [item.chunk.text for item in items[at - 1 : at + 1]] == ["What came before.", inner.text]


def test_what_is_said_twice_is_changed_where_it_stood() -> None:
    page = Page(1, "See below.\n\nFirst part. See below.\n\nSecond part. See below. The end.")
    whole = ChunkingConfig(strategy="no_chunking")
    start = page.text.rindex("See below.")
    edit = Edit("1", "s", ("See below.",), ("Look there.",), page=1, start=start)
    items, lost = applied(whole, edit, pages=[page])
    assert (used(items)[1:], lost) == (["Look there.", "The end."], [])
    for unclear in (replace(edit, page=None, start=None), replace(edit, start=3)):
        assert applied(whole, unclear, pages=[page]) == (
            [Edited(chunk) for chunk in cut_by(whole, [page])],
            [unclear],
        )


def test_a_word_is_not_taken_apart() -> None:
    page = Page(1, "The yesterday of today.")
    edit = Edit("1", "s", ("yes",), None, enabled=False)
    assert applied(ChunkingConfig(), edit, pages=[page])[1] == [edit]


def test_nothing_is_left_of_a_text_that_is_not_there() -> None:
    edit = Edit("1", "s", ("Nobody says that.",), None, enabled=False)
    assert applied(ChunkingConfig(), edit) == (
        [Edited(c) for c in cut_by(ChunkingConfig())],
        [edit],
    )


TEXTS = [HANDBOOK, LONG_SECTION, CHINESE, TABLE, "Short.", "Short."]


@given(
    texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4),
    before=st.sampled_from(list(CUTS.values())),
    after=st.sampled_from(list(CUTS.values())),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_every_edit_is_applied_once_or_handed_back(
    texts: list[str], before: ChunkingConfig, after: ChunkingConfig, data: st.DataObject
) -> None:
    pages = [Page(number, text) for number, text in enumerate(texts, 1)]
    chunks = cut_by(before, pages)
    edits, at = [], 0
    while at < len(chunks):
        many = data.draw(st.integers(min_value=0, max_value=2))
        if many:
            edits.append(edit_of(*chunks[at : at + many], texts=(f"Edit {at}.",)))
        at += many + 1
    items, lost = applied(after, *edits, pages=pages)
    made = [item.edit for item in items if item.edit]
    assert sorted([*made, *lost], key=lambda edit: edit.id) == sorted(edits, key=lambda e: e.id)
    for item in items:
        page = pages[item.chunk.page - 1].text
        assert item.edit or page[item.chunk.start : item.chunk.end] == item.chunk.text
        assert item.edit or item.chunk.overlap < len(item.chunk.text)
    replaced = words(*(text for edit in made for text in edit.originals))
    assert words(*texts) - replaced <= words(*(item.chunk.text for item in items))
    if after == before:
        assert lost == []


def test_a_text_across_two_pages_was_no_chunk() -> None:
    pages = [Page(1, "The end of a page."), Page(2, "The beginning of the next.")]
    edit = Edit("1", "s", ("of a page.\fThe beginning",), None, enabled=False)
    assert applied(ChunkingConfig(), edit, pages=pages)[1] == [edit]
    merged = Edit("2", "s", ("of a page.", "The beginning"), ("Both.",))
    assert applied(ChunkingConfig(), merged, pages=pages)[1] == []


def test_edits_that_nearly_fit_everywhere_take_moments() -> None:
    page = Page(1, "\n\n".join(["The same paragraph of some words."] * 5000))
    whole = cut_by(ChunkingConfig(chunk_size=20, chunk_overlap=0), [page])
    many = tuple([whole[0].text] * 49)
    places = [(None, None), (1, 0)]
    edits = [
        Edit(f"{n}", "s", (*many, f"n{n}"), ("x",), page=number, start=start)
        for number, start in places
        for n in range(500)
    ]
    spaced = Page(1, "d" + f"{' ' * 9000}d" * 99)
    gaps = [Edit(f"{n}", "s", ("d", f"q{n}"), ("x",)) for n in range(1000)]
    started = time.process_time()
    made = apply(whole, edits, TOKENIZER, lambda: [page])
    apply(cut_by(CUTS["not at all"], [spaced]), gaps, TOKENIZER, lambda: [spaced])
    assert not [item for item in made if item.edit]
    assert time.process_time() - started < 10


@pytest.mark.parametrize("after", [CUTS["default"], CUTS["not at all"]], ids=["cut", "whole"])
def test_many_edits_of_a_large_text_take_moments(after: ChunkingConfig) -> None:
    page = Page(
        1, "\n\n".join(f"Paragraph {n} of a long text about topic {n % 7}." for n in range(20_000))
    )
    chunks = cut_by(ChunkingConfig(chunk_size=20, chunk_overlap=0), [page])[:20_000:10]
    edits = [replace(edit_of(c, texts=(f"{n}",)), start=None) for n, c in enumerate(chunks)]
    whole = cut_by(after, [page])
    started = time.process_time()
    made = apply(whole, edits, TOKENIZER, lambda: [page])
    took = time.process_time() - started
    assert len({item.edit.id for item in made if item.edit}) == len(edits)
    assert took < 10
