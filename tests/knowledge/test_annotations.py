"""What people say of a source: it is found by that, and answers can be limited to tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from knowledge.models import Chunk, Document
from tests.knowledge.client import wait
from tests.knowledge.test_answers import bot, preview
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
TEXTS = {
    "North": ("A parcel costs five euros.", {"context": "Prices for Norway.", "tags": ["north"]}),
    "South": ("A parcel costs three euros.", {"context": "Prices for Spain.", "tags": ["south"]}),
    "Hours": ("The shop is open until six.", {"tags": ["north", "shop"]}),
}


@pytest.fixture
def draft_id(api: KnowledgeApi) -> str:
    """A draft of three sources with tags, two of which say where they count."""
    made = api.new_draft(name="Shop")
    for name, (text, notes) in TEXTS.items():
        source = api.add_text(made, text, name)
        path = f"/draft/{made}/sources/{source['id']}"
        assert api.patch(path, {"annotations": notes}).status_code == 200
    wait(lambda: all(asked(api, made, word) for word in ("parcel", "shop")))
    return made


def asked(api: KnowledgeApi, draft_id: str, question: str, **more: Any) -> list[str]:
    """The titles of what a question finds in the draft."""
    answer = api.post(f"/draft/{draft_id}/search", {"query": question, **more})
    assert answer.status_code == 200, answer.content
    return [hit["title"] for hit in answer.json()["results"]]


def titles(api: KnowledgeApi, kb_id: str, question: str, **more: Any) -> list[str]:
    return [hit["title"] for hit in api.search(kb_id, question, **more)]


def test_a_passage_is_found_by_what_its_source_is(api: KnowledgeApi, draft_id: str) -> None:
    wait(lambda: asked(api, draft_id, "Norway", search_method="keyword") == ["North"])
    assert asked(api, draft_id, "Spain", search_method="keyword") == ["South"]
    wait(lambda: asked(api, draft_id, "What does it cost in Norway?")[0] == "North")
    assert asked(api, draft_id, "What does it cost in Spain?")[0] == "South"

    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    assert titles(api, kb_id, "Norway", search_method="keyword") == ["North"]
    for place, title in (("Norway", "North"), ("Spain", "South")):
        question = f"What does it cost in {place}?"
        for method in ("vector", "hybrid"):
            assert titles(api, kb_id, question, search_method=method)[0] == title
    (hit, *_others) = api.search(kb_id, "Norway")
    assert hit["content"] == "A parcel costs five euros."


def test_only_what_is_said_otherwise_is_indexed_again(api: KnowledgeApi, draft_id: str) -> None:
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    before = set(Chunk.objects.values_list("document__name", "pk"))
    again = api.post(f"/{kb_id}/draft").json()["draft_id"]
    north = next(s for s in api.sources(again) if s["name"] == "North")
    path = f"/draft/{again}/sources/{north['id']}"
    api.patch(path, {"annotations": {"context": "Prices for Sweden."}})
    api.post(f"/draft/{again}/finalize")
    wait(lambda: titles(api, kb_id, "Sweden", search_method="keyword") == ["North"])
    api.indexed(kb_id)
    assert titles(api, kb_id, "Norway", search_method="keyword") == []
    after = set(Chunk.objects.values_list("document__name", "pk"))
    assert {name for name, _pk in before - after} == {"North"}


def test_a_draft_answers_from_some_of_its_sources(api: KnowledgeApi, draft_id: str) -> None:
    question = "How much is a parcel?"
    assert set(asked(api, draft_id, question)) >= {"North", "South"}
    south = asked(api, draft_id, question, filters={"tags": ["south"]})
    north = asked(api, draft_id, question, filters={"tags": ["north", "nowhere"]})
    assert (south, set(north)) == (["South"], {"North", "Hours"})
    hours = next(s["id"] for s in api.sources(draft_id) if s["name"] == "Hours")
    question = "When is the shop open?"
    assert asked(api, draft_id, question, filters={"sources": [hours]}) == ["Hours"]
    assert "Hours" not in asked(api, draft_id, question, filters={"tags": ["south"]})
    both = {"tags": ["south"], "sources": [hours]}
    assert asked(api, draft_id, question, filters=both) == []


@pytest.mark.parametrize(
    "filters", [[], {"tags": "south"}, {"documents": []}, {"tags": [1]}, {"owner": ["me"]}]
)
def test_what_is_no_filter_of_a_draft(api: KnowledgeApi, draft_id: str, filters: Any) -> None:
    body = {"query": "parcel", "filters": filters}
    assert api.post(f"/draft/{draft_id}/search", body).status_code == 422


def test_a_chatbot_answers_from_what_is_tagged(
    api: KnowledgeApi, alice: Actor, draft_id: str
) -> None:
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    south = Document.objects.get(base_id=UUID(kb_id), name="South")
    question = "How much is a parcel?"
    for filters, expected in (
        ({}, set(TEXTS)),
        ({"tags": ["south"]}, {"South"}),
        ({"tags": ["north"], "sources": []}, {"North", "Hours"}),
        ({"documents": [str(south.pk)]}, {"South"}),
        ({"sources": [south.source_id], "tags": ["north"]}, set()),
        ({"documents": [str(uuid4())]}, set()),
        ({"languages": ["klingon"]}, set()),
        ({"languages": ["english", "klingon"]}, set(TEXTS)),
    ):
        attached = [{"kb_id": kb_id, "override_retrieval": {"filters": filters}}]
        said = preview(*bot(alice, kb_id, knowledge_bases=attached), question)
        assert set(said["sources"]) == expected, filters


def test_tags_are_typed_one_a_line(api: KnowledgeApi, alice: Actor, client: Client) -> None:
    signed_in(client, alice)
    made = api.new_draft()
    source_id = api.add_text(made, "A parcel costs five euros.")["id"]
    bots, bot_id = bot(alice, kb_id := api.deployed(made))
    made = api.post(f"/{kb_id}/draft").json()["draft_id"]
    for place, field in (
        (f"kb/draft/{made}/sources/", f"sources.{source_id}.annotations.tags"),
        (
            f"chatbots/draft/{bot_id}/knowledge/",
            f"knowledge_bases.{kb_id}.override_retrieval.filters.tags",
        ),
    ):
        posted = {"_changed": field, "patch_id": str(uuid4()), field: "north\n\n far south \n"}
        answer = client.post(f"/w/acme/{place}", posted, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert f'name="{field}"' in client.get(f"/w/acme/{place}").content.decode()
    (source,) = api.sources(made)
    assert source["annotations"]["tags"] == ["north", "far south"]
    (base,) = bots.get(f"/draft/{bot_id}").json()["data"]["knowledge_bases"]
    assert base["override_retrieval"]["filters"]["tags"] == ["north", "far south"]


def test_a_tag_that_no_source_has_is_told(api: KnowledgeApi, alice: Actor, draft_id: str) -> None:
    kb_id = api.deployed(draft_id)
    bots, bot_id = bot(alice, kb_id)
    for tags, told in ((["south"], False), (["west", "south"], False), (["west", "east"], True)):
        attached = [{"kb_id": kb_id, "override_retrieval": {"filters": {"tags": tags}}}]
        bots.patch(f"/draft/{bot_id}", {"data": {"knowledge_bases": attached}})
        warnings = bots.post(f"/draft/{bot_id}/validate").json()["warnings"]
        words = "No source of Shop is tagged east, west: nothing will be found in it."
        assert (words in warnings) == told


def test_a_base_is_attached_once_however_its_id_is_written(
    api: KnowledgeApi, alice: Actor, draft_id: str
) -> None:
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    limited = {"kb_id": kb_id, "override_retrieval": {"filters": {"tags": ["south"]}}}
    bots, bot_id = bot(alice, kb_id, knowledge_bases=[limited, {"kb_id": kb_id.upper()}])
    errors = str(bots.post(f"/draft/{bot_id}/validate").json()["errors"])
    assert "is attached twice" in errors


def test_a_filter_that_cannot_be_is_refused(api: KnowledgeApi, alice: Actor, draft_id: str) -> None:
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    bots, bot_id = bot(alice, kb_id)

    def attach(filters: dict[str, Any]) -> int:
        attached = [{"kb_id": kb_id, "override_retrieval": {"filters": filters}}]
        answer = bots.patch(f"/draft/{bot_id}", {"data": {"knowledge_bases": attached}})
        return int(answer.status_code)

    assert attach({"documents": ["abc"]}) == 422
    assert attach({"owner": ["me"]}) == 422
    assert attach({"tags": ["a\x00b"]}) == 400
    assert attach({"tags": ["x" * 501]}) == 200
    assert bots.post(f"/draft/{bot_id}/validate").json()["errors"]
    assert preview(bots, bot_id, "How much is a parcel?")["sources"] == []
    asked = {"query": "parcel", "filters": {"tags": ["a\x00b"]}}
    assert api.post(f"/{kb_id}/search", asked).status_code == 400
