"""What a deploy of a knowledge base is said to do."""

from __future__ import annotations

import pytest

from knowledge.trying.asking import Prepared
from knowledge.wording import going_live


@pytest.mark.parametrize(
    ("documents", "words"), [(1, "1 document goes live."), (2, "2 documents go live.")]
)
def test_one_document_goes_live_and_two_go_live(documents: int, words: str) -> None:
    waiting = Prepared("", [], waiting=True, more=False, lost=[])
    assert going_live(waiting, documents).startswith(words)
