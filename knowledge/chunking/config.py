"""How texts are cut into chunks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from common.schema import Schema


class ChunkingConfig(Schema):
    strategy: Literal[
        "by_size", "by_heading", "by_page", "semantic", "parent_child", "question_answer",
        "no_chunking",
    ] = "by_heading"
    chunk_size: int | None = Field(default=180, ge=20, le=2000)
    chunk_overlap: int | None = Field(default=1, ge=0)
    overlap_unit: Literal["sentences", "tokens"] = "sentences"
    unit: Literal["tokens"] = "tokens"
    preserve_code_blocks: bool = True
