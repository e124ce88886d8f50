"""What a chunking configuration may hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.chunking.config import ChunkingConfig, ChunkingOverride


def test_the_default_is_what_was_measured() -> None:
    assert ChunkingConfig().model_dump() == {
        "strategy": "by_heading",
        "chunk_size": 180,
        "chunk_overlap": 1,
        "overlap_unit": "sentences",
        "unit": "tokens",
        "preserve_code_blocks": True,
    }


def test_an_overlap_of_nothing_stays_nothing() -> None:
    assert ChunkingConfig(chunk_overlap=0).chunk_overlap == 0


def test_without_chunking_there_are_no_sizes() -> None:
    config = ChunkingConfig.model_validate({"strategy": "no_chunking", "chunk_size": 300})
    assert (config.chunk_size, config.chunk_overlap) == (None, None)
    again = ChunkingConfig.model_validate(config.model_dump() | {"strategy": "by_size"})
    assert (again.chunk_size, again.chunk_overlap) == (180, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"chunk_size": 19}, "chunk_size"),
        ({"chunk_size": 2001}, "chunk_size"),
        ({"chunk_overlap": -1}, "chunk_overlap"),
        ({"chunk_size": 50, "chunk_overlap": 50}, "chunk_overlap"),
        ({"chunk_overlap": 180, "overlap_unit": "tokens"}, "chunk_overlap"),
        ({"strategy": "by_magic"}, "strategy"),
        ({"unit": "characters"}, "unit"),
        ({"size": 100}, "size"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as failure:
        ChunkingConfig.model_validate(given)
    assert [error["loc"] for error in failure.value.errors()] == [(field,)]


@pytest.mark.parametrize(
    ("own", "cut"),
    [
        ({}, ("by_page", 300, 40, "tokens")),
        ({"strategy": "by_size"}, ("by_size", 300, 40, "tokens")),
        ({"chunk_size": 200, "chunk_overlap": 0}, ("by_page", 200, 0, "tokens")),
        ({"chunk_size": 20}, ("by_page", 20, 19, "tokens")),
        ({"chunk_overlap": 2, "overlap_unit": "sentences"}, ("by_page", 300, 2, "sentences")),
        ({"strategy": "no_chunking"}, ("no_chunking", None, None, "tokens")),
        ({"overlap_unit": "sentences"}, ("by_page", 300, 40, "tokens")),
        ({"chunk_overlap": 900}, ("by_page", 300, 299, "tokens")),
    ],
)
def test_a_source_is_cut_as_all_but_for_what_it_says(
    own: dict[str, Any], cut: tuple[Any, ...]
) -> None:
    given = {"strategy": "by_page", "chunk_size": 300, "chunk_overlap": 40}
    config = ChunkingConfig.model_validate(given | {"overlap_unit": "tokens"})
    made = config.with_own(ChunkingOverride.model_validate(own))
    assert (made.strategy, made.chunk_size, made.chunk_overlap, made.overlap_unit) == cut
    assert config.with_own(None) == config


def test_a_source_of_its_own_size_where_nothing_else_is_cut() -> None:
    whole = ChunkingConfig.model_validate({"strategy": "no_chunking"})
    made = whole.with_own(ChunkingOverride(strategy="by_size"))
    assert (made.chunk_size, made.chunk_overlap) == (180, 1)
    made = whole.with_own(ChunkingOverride(strategy="by_size", chunk_overlap=200))
    assert (made.chunk_size, made.chunk_overlap) == (180, 179)


def test_a_source_contradicts_itself() -> None:
    with pytest.raises(ValidationError):
        ChunkingOverride(chunk_size=100, chunk_overlap=150)
