"""A draft's passages and a live index give the same for the same question."""

from __future__ import annotations

import random

import numpy as np
import pytest

from knowledge.index.lexemes import Passage
from knowledge.index.lookup import Method
from knowledge.languages import detect
from knowledge.models import Chunk, Index
from knowledge.retrieval import in_memory
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.reranking import FIRST, rerank
from knowledge.retrieval.search import rank
from knowledge.retrieval.words import words_of
from tests.knowledge.retrieval.conftest import EMBEDDER, put

pytestmark = pytest.mark.django_db
SUBJECTS = ("invoice", "parcel", "password", "refund", "warehouse", "account", "printer", "licence")
VERBS = ("sends", "resets", "returns", "prints", "loses", "finds", "renews", "cancels")
GERMAN = "Die Rechnung wird innerhalb von vierzehn Tagen an die Adresse des Kunden geschickt."


@pytest.fixture
def texts() -> list[str]:
    chance = random.Random(7)
    made = []
    for number in range(80):
        words = [
            f"the {chance.choice(SUBJECTS)} {chance.choice(VERBS)} my {chance.choice(SUBJECTS)}"
            for _ in range(chance.randint(1, 12))
        ]
        made.append(f"In case {number} it is said that {' and '.join(words)}.")
    return [*made, GERMAN]


@pytest.mark.parametrize("reranked", [False, True])
@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize(
    "question",
    ["How do I reset the password of my account?", "refund refund licence", "Rechnung", "the of"],
)
def test_draft_and_live_agree(
    index: Index, texts: list[str], question: str, method: Method, reranked: bool
) -> None:
    for number, text in enumerate(texts):
        put(index, f"Case {number}", text)
    vector = EMBEDDER.embed([question])[0]
    query = Query(question, method=method, rerank=reranked)
    live = rank([Target(index)], query, lambda _: EMBEDDER)
    passages = [
        Passage(f"Case {number}", (), text, detect(f"Case {number}\n{text}"))
        for number, text in enumerate(texts)
    ]
    embedded = [f"Case {n}\n{text}" for n, text in enumerate(texts)]
    corpus = in_memory.corpus(words_of(passages), EMBEDDER.embed(embedded))
    draft = in_memory.rank(corpus, question, None if method == Method.KEYWORD else vector, method)
    if reranked:
        draft = rerank(draft, question, lambda places: {at: embedded[at] for at in places})

    place_of = dict(Chunk.objects.filter(index=index).values_list("pk", "document__name"))
    named = [int(place_of[each.candidate.chunk_id].split()[1]) for each in live]
    assert named == [each.candidate.chunk_id for each in draft]
    for number, (ours, theirs) in enumerate(zip(draft, live, strict=True)):
        assert ours.score == pytest.approx(theirs.score, abs=1e-4)
        assert ours.relevance == pytest.approx(theirs.relevance, abs=1e-4)
        assert ours.rerank == pytest.approx(theirs.rerank, abs=1e-4)
        assert (ours.rerank is not None) == (reranked and number < FIRST)
        assert ours.candidate.keyword == pytest.approx(theirs.candidate.keyword, abs=1e-6)
        assert ours.candidate.vector == pytest.approx(theirs.candidate.vector, abs=1e-4)


def test_a_draft_of_nothing() -> None:
    corpus = in_memory.corpus(words_of([]), np.zeros((0, 64), np.float32))
    assert in_memory.rank(corpus, "anything", EMBEDDER.embed(["anything"])[0]) == []
