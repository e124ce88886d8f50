"""What a question finds in a live index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from knowledge.index import statement
from knowledge.index.lookup import Filters, Method
from knowledge.index.writing import replace_document
from knowledge.models import Document, Index
from knowledge.retrieval.query import Query, Target
from knowledge.retrieval.search import search
from tests.knowledge.retrieval.conftest import (
    EMBEDDER,
    ask,
    document,
    new_base,
    new_index,
    put,
    rows,
)

if TYPE_CHECKING:
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
REFUND = "Refunds are paid within fourteen days to the card that the order was paid with."
SHIPPING = "Parcels leave our warehouse in Rotterdam every morning except on public holidays."
ACCOUNT = "Reset your password on the sign-in page; a link is sent to your address by mail."


@pytest.fixture
def shop(index: Index) -> Index:
    put(index, "Refunds", REFUND)
    put(index, "Shipping", SHIPPING)
    put(index, "Account", ACCOUNT)
    return index


@pytest.mark.parametrize("method", list(Method))
def test_every_method_finds_the_passage(shop: Index, method: Method) -> None:
    hits = ask(shop, Query("When are refunds paid to my card?", method=method))
    assert hits[0].text == REFUND
    assert hits[0].title == "Refunds"


def test_one_common_word_is_enough(shop: Index) -> None:
    query = "Xylophone zeppelin, quixotic password obfuscation?"
    assert [hit.text for hit in ask(shop, Query(query, method=Method.KEYWORD))] == [ACCOUNT]


def test_a_hit_tells_its_place_and_scores(shop: Index) -> None:
    hit = ask(shop, "refunds card")[0]
    assert (hit.page, hit.start, hit.end) == (1, 0, len(REFUND))
    assert hit.score == pytest.approx(1)
    assert hit.keyword > 1
    assert 0 < hit.vector <= 1
    assert 0 < hit.relevance <= 1
    assert hit.base_id == shop.base_id


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize(
    "text",
    [
        *("", " \0 ", "\0refunds\0", "the of and is", "?!… --- ''", "🙂🙂🙂", "\ud800 lone"),
        *("a & b | !c <-> d:*", "'; DROP TABLE knowledge_chunk; --", "%s %(x)s {}", "\\'"),
        *("退款", "x" * 100_000, "refund " * 15_000),
    ],
    ids=lambda text: repr(str(text)[:12]),
)
def test_no_question_fails(shop: Index, text: str, method: Method) -> None:
    hits = ask(shop, Query(text, method=method))
    assert all(0 <= hit.relevance <= 1 and 0 <= hit.score <= 1.1 for hit in hits)


def test_words_are_stemmed_by_the_language_of_the_document(index: Index) -> None:
    german = put(
        index,
        "Rückgabe",
        "Die Rückgabe der Häuser ist in vierzehn Tagen möglich, wenn sie unbewohnt sind.",
    )
    german.refresh_from_db()
    assert german.language == "german"
    assert ask(index, Query("Haus", method=Method.KEYWORD))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "東京都は日本の首都であり、世界でも有数の大都市として知られている。人口は千四百万人。",
            "首都",
        ),
        ("กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทยและเป็นศูนย์กลางการปกครองการศึกษาการคมนาคม", "เมืองหลวง"),
    ],
)
def test_scripts_without_spaces_are_found_by_word(index: Index, text: str, question: str) -> None:
    put(index, "Capital", text)
    put(index, "Other", REFUND)
    assert [h.text for h in ask(index, Query(question, method=Method.KEYWORD))] == [text]


def test_what_is_disabled_is_not_found(shop: Index) -> None:
    assert REFUND in [hit.text for hit in ask(shop, "refunds card")]
    Document.objects.filter(name="Refunds").update(enabled=False)
    assert REFUND not in [hit.text for hit in ask(shop, "refunds card")]


@pytest.mark.parametrize("few", [-1, 5_000], ids=["searched", "read through"])
def test_filters(shop: Index, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(statement.CONSTANTS, "few", few)
    account = Document.objects.get(name="Account")
    account.annotations = {"tags": ["login", "security"]}
    account.save()

    def found(filters: Filters) -> list[str]:
        return [hit.title for hit in ask(shop, Query("refunds card", filters=filters))]

    assert found(Filters(documents=(account.pk,))) == ["Account"]
    assert found(Filters(sources=("Shipping",))) == ["Shipping"]
    assert found(Filters(tags=("security", "unused"))) == ["Account"]
    assert found(Filters(languages=("french",))) == []
    assert set(found(Filters(languages=("english",)))) == {"Refunds", "Shipping", "Account"}
    assert found(Filters(documents=())) == []


def test_importance_moves_a_passage(index: Index) -> None:
    put(index, "Old", "The office in Berlin opens at nine.")
    new = put(index, "New", "The office in Berlin opens at ten.")
    for importance, first in (("low", "Old"), ("high", "New")):
        Document.objects.filter(pk=new.pk).update(annotations={"importance": importance})
        assert ask(index, "When does the office in Berlin open?")[0].title == first


def test_a_threshold_leaves_out_what_does_not_fit(shop: Index) -> None:
    fits = ask(shop, "refunds paid card order")[0].relevance
    assert ask(shop, Query("quantum chromodynamics", threshold=fits)) == []
    query = Query("refunds paid card order", threshold=fits - 0.01)
    assert [hit.text for hit in ask(shop, query)] == [REFUND]


def test_near_duplicates_are_given_once(index: Index) -> None:
    text = " ".join(f"word{n}" for n in range(60))
    put(index, "One", text)
    put(index, "Two", f"{text} end")
    put(index, "Three", "word1 in something else entirely")
    assert len(ask(index, "word1 word2")) == 2


def test_a_parent_is_given_once_in_place_of_its_parts(index: Index) -> None:
    texts = ("Alpha is the first letter.", "Alpha comes before beta.")
    parent = document(index.base, "Letters", *texts)
    parts = [replace(row, parent=(1, 0)) for row in rows("Letters", *texts)]
    replace_document(index, parent, parts)
    index.refresh_from_db()
    hits = ask(index, "alpha")
    assert [hit.text for hit in hits] == [parent.pages[0]["text"]]


def test_neighbours_come_along(index: Index) -> None:
    put(index, "Story", "Once upon a time.", "A dragon slept.", "It woke up.", "The end came.")
    hit = ask(index, Query("dragon", top_k=1, neighbours=1))[0]
    assert hit.text == "A dragon slept."
    assert hit.context == "Once upon a time.\n\nA dragon slept.\n\nIt woke up."


def test_what_was_found_or_given_already_is_no_neighbour(index: Index) -> None:
    texts = ("Once upon a time.", "A dragon slept.", "It woke up.", "Dragon gold.", "The end came.")
    put(index, "Story", *texts)
    hits = ask(index, Query("dragon", top_k=2, neighbours=1))
    given = "\n\n".join(hit.context for hit in hits)
    assert sorted(given.split("\n\n")) == sorted(texts)


def test_several_bases_answer_together(acme: Workspace, shop: Index) -> None:
    other = new_index(new_base(acme, "other"))
    put(other, "Lizards", "Refunds for lizards are paid in crickets, to the card of the lizard.")
    for number in range(30):
        put(other, f"Filler {number}", f"Nothing to see in number {number}, move along please.")
    hits = ask([shop, other], "When are refunds paid to the card of the order?")
    assert [hit.title for hit in hits[:2]] == ["Refunds", "Lizards"]
    targets = [Target(shop, threshold=1.0), Target(other, top_k=1)]
    found = search(targets, Query("refunds paid card"), lambda _: EMBEDDER)
    assert [hit.title for hit in found] == ["Lizards"]
    keyword = [Target(shop, method=Method.KEYWORD), Target(other)]
    assert search(keyword, Query("password"), lambda _: EMBEDDER)[0].title == "Account"


def test_what_there_is_no_room_for_keeps_out_nothing_like_it(acme: Workspace, index: Index) -> None:
    texts = [f"The spare key for door {n} is kept " + "by the porter " * 9 for n in ("one", "two")]
    put(index, "First", texts[0], "A key: the spare key.")
    other = new_index(new_base(acme, "other"))
    put(other, "Second", texts[0])
    targets = [Target(index, top_k=1), Target(other, top_k=1)]
    found = search(targets, Query("spare key"), lambda _: EMBEDDER)
    assert [hit.title for hit in found] == ["First", "Second"]
