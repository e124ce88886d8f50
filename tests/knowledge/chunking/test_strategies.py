"""What every strategy promises, and what is special about each."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.embedders.word_pieces import word_pieces
from knowledge.chunking.config import ChunkingConfig, StrategyName
from knowledge.chunking.cutting import cut
from knowledge.chunking.layout import WHOLE_CODE
from knowledge.chunking.strategies import STRATEGIES
from knowledge.texts import Page
from tests.knowledge.chunking.documents import CODE, DOCUMENTS, HANDBOOK, LONG_SECTION, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.strategies.base import Strategy

EVERY = pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.name)
TOKENIZER = word_pieces()


def chunks_of(
    pages: Sequence[Page] | str, strategy: str = "by_heading", **given: Any
) -> list[Chunk]:
    config = ChunkingConfig.model_validate({"strategy": strategy} | given)
    found = [Page(1, pages)] if isinstance(pages, str) else pages
    return cut(found, config, TOKENIZER, letters)


def check(pages: Sequence[Page], chunks: Sequence[Chunk], size: int | None) -> None:
    """All that every strategy promises."""
    texts = {page.number: page.text for page in pages}
    covered = {number: bytearray(len(text)) for number, text in texts.items()}
    for chunk in chunks:
        assert chunk.text == texts[chunk.page][chunk.start : chunk.end]
        assert chunk.text.strip() == chunk.text != ""
        assert size is None or chunk.tokens <= size
        covered[chunk.page][chunk.start : chunk.end] = b"\1" * len(chunk.text)
        if chunk.parent:
            assert chunk.parent.page == chunk.page
            assert chunk.parent.start <= chunk.start < chunk.end <= chunk.parent.end
    for number, text in texts.items():
        assert not [
            c for c, seen in zip(text, covered[number], strict=True) if not seen and c.strip()
        ]
    for before, after in pairwise(chunks):
        assert (before.page, before.start, before.end) < (after.page, after.start, after.end)
        same = before.page == after.page
        assert after.overlap == (max(0, before.end - after.start) if same else 0)
        assert after.overlap < len(after.text)
        assert before.text.endswith(after.text[: after.overlap])


@EVERY
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"chunk_overlap": 0},
        {"chunk_size": 20, "chunk_overlap": 3},
        {"chunk_size": 50, "chunk_overlap": 49, "overlap_unit": "tokens"},
    ],
    ids=str,
)
def test_nothing_is_lost_and_nothing_made_up(
    strategy: Strategy, name: str, given: dict[str, Any]
) -> None:
    pages = DOCUMENTS[name]
    chunks = chunks_of(pages, strategy.name, preserve_code_blocks=False, **given)
    size = None if strategy.name == "no_chunking" else given.get("chunk_size", 180)
    check(pages, chunks, size)
    if given.get("chunk_overlap") == 0:
        assert not any(chunk.overlap for chunk in chunks)


PIECES = st.one_of(
    st.sampled_from(
        [
            *(
                "\n",
                "\n\n",
                " ",
                "# Heading\n",
                "\n## Is it so?\n",
                "```\n",
                "~~~\n",
                "| a | b |\n",
            ),
            *(
                "A sentence. ",
                "Another one! ",
                "Q: What?\n",
                "A: That.\n",
                "- item\n",
                "1. ",
                "e.g. ",
            ),
            *(
                "这是一句话。",
                "\u200b",
                "\x0c",
                "\r\n",
                "…",
                "x" * 130,
                "no end to it ",
                "|---|---|\n",
            ),
        ]
    ),
    st.text(max_size=12),
)
CONFIGS = st.fixed_dictionaries(
    {
        "chunk_size": st.integers(20, 60),
        "chunk_overlap": st.integers(0, 19),
        "overlap_unit": st.sampled_from(["sentences", "tokens"]),
        "preserve_code_blocks": st.booleans(),
    }
)


@EVERY
@settings(max_examples=60, deadline=None)
@given(text=st.lists(PIECES, max_size=60).map("".join), config=CONFIGS)
def test_it_holds_for_any_text(strategy: Strategy, text: str, config: dict[str, Any]) -> None:
    pages = (Page(1, text, title="Title"), Page(2, text[::-1]))
    chunks = chunks_of(pages, strategy.name, **config)
    size = config["chunk_size"] * (WHOLE_CODE if config["preserve_code_blocks"] else 1)
    most = None if strategy.name == "no_chunking" else size
    check(pages, chunks, most)


@EVERY
@pytest.mark.parametrize(
    "text",
    [
        *("a", ".", " ", "\n", "`", "|", "#", "\u200b", "a. ", "# a\n", "```\n", "- a\n", "Q: a\n"),
        *("\n\t \t", "|a|b|\n", '"', "* ", "a\n"),
    ],
    ids=repr,
)
def test_hostile_texts_take_time_by_their_length(strategy: Strategy, text: str) -> None:
    started = time.process_time()
    chunks_of("." + text * (60_000 // len(text)) + "x", strategy.name)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["a" * 1_000_000, "# a\n" * 250_000], ids=["a word", "headings"])
def test_a_megabyte_is_cut_within_seconds(text: str) -> None:
    started = time.process_time()
    chunks = chunks_of(text)
    assert time.process_time() - started < 20
    assert max(chunk.tokens for chunk in chunks) <= 180


def test_every_strategy_that_can_be_chosen_is_there() -> None:
    assert {strategy.name for strategy in STRATEGIES} == set(get_args(StrategyName))


def test_a_heading_starts_a_chunk_and_leads_to_it() -> None:
    chunks = chunks_of(HANDBOOK, chunk_size=40)
    starts = {chunk.text.split("\n")[0]: chunk.headings for chunk in chunks}
    assert starts["## Refunds"] == ("Handbook", "Refunds")
    assert starts["## Prices"] == ("Handbook", "Prices")
    assert starts["### How long does it take?"][-1] == "How long does it take?"


def test_a_chunk_begins_with_the_sentence_that_ended_the_one_before() -> None:
    first, second, *_ = chunks_of(LONG_SECTION)
    assert second.text[: second.overlap].startswith("Sentence number")
    assert first.text.endswith(second.text[: second.overlap])
    assert second.text[: second.overlap].count(".") == 1


def test_an_overlap_of_tokens_begins_with_a_word() -> None:
    first, second, *_ = chunks_of(LONG_SECTION, chunk_overlap=25, overlap_unit="tokens")
    repeated = second.text[: second.overlap]
    assert 15 <= TOKENIZER.count(repeated) <= 25
    assert LONG_SECTION[second.start - 1] == " "
    assert first.text.endswith(repeated)


def test_no_chunk_ends_with_a_heading() -> None:
    text = "\n\n".join(f"## Section {n}\n\n" + "Words of it here. " * 5 for n in range(30))
    for strategy in ("by_heading", "by_size", "by_page"):
        chunks = chunks_of(text, strategy, chunk_size=60)
        assert not [c for c in chunks if c.text.split("\n")[-1].startswith("#")]


def test_code_stays_whole_if_it_is_to() -> None:
    block = CODE[CODE.index("```") : CODE.rindex("```") + 3]
    assert any(block in chunk.text for chunk in chunks_of(CODE))
    assert not any(block in chunk.text for chunk in chunks_of(CODE, preserve_code_blocks=False))
    endless = "```\n" + "x = 1\n" * 5000 + "```"
    assert max(chunk.tokens for chunk in chunks_of(endless)) <= 180


def test_rows_are_not_cut() -> None:
    rows = set(DOCUMENTS["table"][0].text.splitlines())
    for chunk in chunks_of(DOCUMENTS["table"], chunk_size=50):
        assert set(chunk.text.splitlines()) <= rows


def test_questions_are_found_with_their_answers() -> None:
    found = {c.question: c.text for c in chunks_of(HANDBOOK, "question_answer") if c.question}
    assert list(found) == ["How long does it take?", "Do you ship abroad?", "Is there a warranty?"]
    assert found["Do you ship abroad?"].endswith("ten days.")
    assert found["Is there a warranty?"].startswith("Q: Is")

    rows = chunks_of(DOCUMENTS["table"], "question_answer")
    assert [chunk.question for chunk in rows] == [f"What is item {n}?" for n in range(40)]
    assert rows[0].text.startswith("| Question | Answer |")


def test_a_long_answer_keeps_its_question() -> None:
    text = "## How does it work?\n\n" + "It works in many ways. " * 100
    chunks = chunks_of(text, "question_answer")
    assert len(chunks) > 2
    assert {chunk.question for chunk in chunks} == {"How does it work?"}


def test_children_stand_in_parents() -> None:
    chunks = chunks_of(LONG_SECTION, "parent_child", chunk_size=60)
    parents = {chunk.parent for chunk in chunks}
    assert 1 < len(parents) < len(chunks)
    for parent in parents:
        assert parent is not None
        assert TOKENIZER.count(LONG_SECTION[parent.start : parent.end]) <= 240


def test_semantic_cuts_where_the_letters_change() -> None:
    text = "Aa aaa aa aaaa. " * 20 + "Zz zzz zz zzzz. " * 20
    assert text.index("Z") in {c.start for c in chunks_of(text, "semantic", chunk_overlap=0)}


def test_short_sections_stay_apart_and_share_a_parent() -> None:
    page = "\n\n".join(
        f"# Question {n}\n\nThis is what there is to say of it, and not a word more."
        for n in range(6)
    )
    apart = chunks_of(page, chunk_size=180)
    assert [chunk.text.splitlines()[0] for chunk in apart] == [f"# Question {n}" for n in range(6)]
    families = chunks_of(page, "parent_child", chunk_size=180)
    assert len({chunk.parent for chunk in families}) < len(apart)


def test_a_heading_alone_joins_what_is_below_it() -> None:
    (chunk,) = chunks_of("# Manual\n\n## Care\n\nDescale it every three months.", chunk_size=180)
    assert chunk.text.startswith("# Manual")
