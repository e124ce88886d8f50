"""How much of what questions ask for a prompt has room for, on Chroma's evaluation of chunking."""

from __future__ import annotations

from bench.chunking_run import measure
from knowledge.chunking.config import ChunkingConfig
from tests.support.public_sets import SETS, goal


@goal
def test_one_setting_recalls_enough_at_both_budgets() -> None:
    recalled = measure(SETS / "chroma-chunking", ChunkingConfig(chunk_size=150))
    assert recalled[1000] >= 90
    assert recalled[500] >= 78
