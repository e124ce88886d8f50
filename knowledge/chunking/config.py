"""How a knowledge base, or one source of it, is cut into chunks."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from common.schema import Schema

StrategyName = Literal[
    "by_heading",
    "by_size",
    "by_page",
    "semantic",
    "parent_child",
    "question_answer",
    "no_chunking",
]
SIZE, OVERLAP = 180, 1


def _smaller_than_the_size(overlap: int | None, info: ValidationInfo) -> int | None:
    size = info.data.get("chunk_size")
    if overlap is not None and size is not None and overlap >= size:
        raise ValueError("The overlap must be smaller than the chunk")
    return overlap


class ChunkingConfig(Schema):
    """Sizes are tokens of the embedding model. An overlap of 0 is none.

    With ``no_chunking`` there is neither size nor overlap: what is given is dropped. With any other
    strategy one that is not given is the default.
    """

    strategy: StrategyName = "by_heading"
    chunk_size: int | None = Field(default=SIZE, ge=20, le=2000)
    chunk_overlap: int | None = Field(default=OVERLAP, ge=0)
    overlap_unit: Literal["sentences", "tokens"] = "sentences"
    unit: Literal["tokens"] = "tokens"
    preserve_code_blocks: bool = True

    @model_validator(mode="before")
    @classmethod
    def _sizes_where_they_count(cls, given: Any) -> Any:
        """So that choosing another strategy is one change and not three."""
        if not isinstance(given, dict):
            return given
        if given.get("strategy") == "no_chunking":
            return given | {"chunk_size": None, "chunk_overlap": None}
        defaults = {"chunk_size": SIZE, "chunk_overlap": OVERLAP}
        return given | {name: d for name, d in defaults.items() if given.get(name) is None}

    _overlap_is_smaller = field_validator("chunk_overlap")(_smaller_than_the_size)

    def with_own(self, own: ChunkingOverride | None) -> ChunkingConfig:
        """The same as a source wants it that says ``own``. How large an overlap is and what it
        counts belong together. One that was chosen for larger chunks becomes what still fits."""
        if own is None:
            return self
        said = self.model_dump() | own.model_dump(exclude_none=True, exclude={"overlap_unit"})
        if own.chunk_overlap is not None and own.overlap_unit is not None:
            said["overlap_unit"] = own.overlap_unit
        size = SIZE if said["chunk_size"] is None else said["chunk_size"]
        overlap = OVERLAP if said["chunk_overlap"] is None else said["chunk_overlap"]
        return ChunkingConfig.model_validate(said | {"chunk_overlap": min(overlap, size - 1)})

    def larger(self, times: int) -> Self:
        """The same for passages ``times`` as large that do not overlap."""
        size = None if self.chunk_size is None else self.chunk_size * times
        return self.model_copy(update={"chunk_size": size, "chunk_overlap": 0})


class ChunkingOverride(Schema):
    """What a source has of its own of a ``ChunkingConfig``; for the rest it is cut as all are."""

    strategy: StrategyName | None = None
    chunk_size: int | None = Field(default=None, ge=20, le=2000)
    chunk_overlap: int | None = Field(default=None, ge=0)
    overlap_unit: Literal["sentences", "tokens"] | None = None
    unit: Literal["tokens"] | None = None
    preserve_code_blocks: bool | None = None

    _overlap_is_smaller = field_validator("chunk_overlap")(_smaller_than_the_size)
