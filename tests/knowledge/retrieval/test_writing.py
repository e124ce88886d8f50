"""Writing an index: all or nothing, the same twice, and right when many write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections
from django.db.models import Sum

from knowledge.index import hnsw
from knowledge.index.dropping import drop_index
from knowledge.index.lookup import Method
from knowledge.index.writing import remove_document, replace_document
from knowledge.locking import GoneError
from knowledge.models import Chunk, Document, Embedding, Index, Posting, Term
from knowledge.retrieval.query import Query
from tests.knowledge.retrieval.conftest import ask, document, new_base, new_index, put, rows

if TYPE_CHECKING:
    from knowledge.models import KnowledgeBase
    from workspaces.models import Workspace

TEXTS = ("Apples grow on trees.", "Pears grow on trees too.", "Potatoes grow below the ground.")


def statistics(index: Index) -> tuple[int, int, dict[str, int]]:
    """What the index says of itself."""
    index.refresh_from_db()
    terms = Term.objects.filter(index=index, frequency__gt=0)
    return index.chunks, index.length, dict(terms.values_list("lexeme", "frequency"))


def truth(index: Index) -> tuple[int, int, dict[str, int]]:
    """The same, counted anew."""
    chunks = Chunk.objects.filter(index=index)
    length = chunks.aggregate(sum=Sum("length"))["sum"] or 0
    names = dict(Term.objects.filter(index=index).values_list("pk", "lexeme"))
    counted: dict[str, int] = {}
    for posting in Posting.objects.filter(term_id__in=names):
        lexeme = names[posting.term_id]
        counted[lexeme] = counted.get(lexeme, 0) + 1
    return chunks.count(), length, counted


@pytest.mark.django_db
def test_statistics_follow_what_is_written(index: Index) -> None:
    fruit = put(index, "Fruit", *TEXTS)
    assert statistics(index) == truth(index)
    assert statistics(index)[2]["grow"] == 3
    assert statistics(index)[2]["fruit"] == 3

    replace_document(index, fruit, rows("Fruit", TEXTS[0], "Plums are blue."))
    assert statistics(index) == truth(index)
    assert statistics(index)[2]["grow"] == 1

    remove_document(index, fruit.pk)
    assert statistics(index) == (0, 0, {})
    assert not Posting.objects.exists()
    assert not Embedding.objects.exists()


@pytest.mark.django_db
def test_writing_again_changes_nothing(index: Index) -> None:
    fruit = put(index, "Fruit", *TEXTS)
    before, found = statistics(index), [hit.text for hit in ask(index, "trees")]
    replace_document(index, fruit, rows("Fruit", *TEXTS))
    assert statistics(index) == before == truth(index)
    assert [hit.text for hit in ask(index, "trees")] == found
    assert Embedding.objects.count() == Chunk.objects.count() == 3


@pytest.mark.django_db
def test_an_empty_document(index: Index) -> None:
    put(index, "Nothing")
    put(index, "Signs", "… --- …", "\0", "\ud800")
    assert statistics(index) == truth(index)
    assert ask(index, "signs")


@pytest.mark.django_db
def test_a_deleted_document_is_not_written(index: Index) -> None:
    gone = document(index.base, "Gone")
    Document.objects.filter(pk=gone.pk).delete()
    with pytest.raises(GoneError):
        replace_document(index, gone, rows("Gone", "Text"))
    assert not Chunk.objects.exists()


@pytest.mark.django_db
def test_two_generations_know_nothing_of_each_other(index: Index) -> None:
    fruit = put(index, "Fruit", *TEXTS)
    following = new_index(index.base)
    replace_document(following, fruit, rows("Fruit", "Cherries are red."))
    assert statistics(index) == truth(index)
    assert statistics(following) == truth(following)
    assert [hit.text for hit in ask(following, "cherries")] == ["Cherries are red."]
    drop_index(index)
    assert not Term.objects.filter(index_id=index.pk).exists()
    assert Posting.objects.count() == sum(statistics(following)[2].values())
    assert statistics(following) == truth(following)
    drop_index(index)


@pytest.mark.django_db(transaction=True)
def test_many_write_at_once(base: KnowledgeBase) -> None:
    index = new_index(base)
    documents = [document(base, f"Document {number}") for number in range(12)]

    def write(number: int) -> None:
        try:
            texts = [f"{text} {number % 5} times." for text in TEXTS]
            replace_document(index, documents[number % 12], rows("Document", *texts))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(60)))
    assert statistics(index) == truth(index)
    assert index.chunks == 36


@pytest.mark.django_db(transaction=True)
def test_hnsw_is_built_used_and_dropped(index: Index) -> None:
    for number in range(120):
        put(index, f"Document {number}", f"Number {number} is about subject {number % 7}.")
    before = [hit.text for hit in ask(index, Query("Number 17", method=Method.VECTOR))]
    hnsw.build(index)
    hnsw.build(index)
    assert hnsw.exists(index)
    after = [hit.text for hit in ask(index, Query("Number 17", method=Method.VECTOR))]
    assert after[0] == before[0]
    name = hnsw.name(index)
    drop_index(index)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", (name,))
        assert cursor.fetchone() == (None,)


@pytest.mark.django_db(transaction=True)
def test_what_a_deleted_base_leaves_of_hnsw_is_swept(acme: Workspace, index: Index) -> None:
    put(index, "Fruit", *TEXTS)
    hnsw.build(index)
    kept = new_index(new_base(acme, "kept"))
    put(kept, "Fruit", *TEXTS)
    hnsw.build(kept)
    name = hnsw.name(index)
    index.base.delete()
    hnsw.drop_leftovers()
    assert hnsw.exists(kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", (name,))
        assert cursor.fetchone() == (None,)
    drop_index(kept)
