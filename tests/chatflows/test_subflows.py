"""Chatflows that run others of the workspace: drafted, previewed, live, undeployed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from common.problems import Problem
from conversations import live, preview
from drafts import creating, editing, entities
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.models import Entity
from drafts.types import draft_types
from drafts.validation import report
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conversations.answering import Frame
    from drafts.draft import Draft
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean", "connections_returned")]


def kind() -> Any:
    return draft_types.get("chatflow")


def document(name: str, *nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A chain of nodes, from a start on."""
    chain = [{"id": "start", "type": "trigger"}, *nodes]
    edges = [
        {"id": f"e{n}", "source": chain[n]["id"], "target": each["id"]}
        for n, each in enumerate(chain[1:])
    ]
    return {"name": name, "nodes": chain, "edges": edges, **more}


def runs(flow: Entity | str, **data: Any) -> dict[str, Any]:
    id_ = flow if isinstance(flow, str) else str(flow.pk)
    return {"id": "sub1", "type": "subflow", "data": {"chatflow_id": id_, **data}}


def asks() -> dict[str, Any]:
    return {"id": "llm1", "type": "llm", "data": {"prompt": "{{input}}", "streams": True}}


ASK = {"id": "ask", "type": "collect_input", "data": {"question": "Who?"}}
GREET = {"id": "greet", "type": "response", "data": {"message": "Hello {{ask}}"}}
HELLO = {"id": "hello", "type": "response", "data": {"message": "Hello {{input}}"}}
SAY = {"id": "say", "type": "response", "data": {"message": "Said: {{sub1}}"}}


def drafted(actor: Actor, data: dict[str, Any]) -> Draft:
    return creating.create(actor, kind(), data)


def deployed(actor: Actor, data: dict[str, Any]) -> Entity:
    result = deploy.deploy(actor, kind(), drafted(actor, data).id)
    return Entity.objects.get(pk=result.release.entity_id)


async def _gathered(frames: AsyncIterator[Frame]) -> list[Frame]:
    return [each async for each in frames]


def answered(entity: Entity, message: str, session_id: str = "", **asked: Any) -> Frame:
    prepared = live.prepare(entity, live.Asked(message, session_id, **asked))
    return async_to_sync(_gathered)(prepared.frames())[-1]


def tried(actor: Actor, draft: Draft, message: str, session_id: str = "") -> list[Frame]:
    async def frames() -> list[Frame]:
        asked = preview.Asked(message, session_id)
        stream = await preview.answer_stream(actor, kind(), draft.id, asked, lambda: actor)
        return await _gathered(stream)

    return async_to_sync(frames)()


def errors(actor: Actor, draft: Draft) -> list[tuple[str, str]]:
    found = report(open_draft(actor, kind(), draft.id), actor).issues
    return [(each.path, str(each.message)) for each in found if each.severity == "error"]


@pytest.mark.django_db(transaction=True)
def test_preview_and_live_run_what_is_live_and_wait_with_it(bob: Actor) -> None:
    greeter = deployed(bob, document("Greeter", ASK, GREET))
    draft = drafted(bob, document("Outer", runs(greeter), SAY))
    first = tried(bob, draft, "Hi")
    assert first[-1].data["message"] == "Who?"
    places = [f.data["node_id"] for f in first if f.event == "node_finished"]
    assert places == ["start", "sub1/start", "sub1/ask", "sub1"]
    second = tried(bob, draft, "Ana", first[-1].data["session_id"])
    said = "Hello Ana\n\nSaid: Who?\n\nHello Ana"
    assert second[-1].data["message"] == said
    outer = deployed(bob, open_draft(bob, kind(), draft.id).data)
    asked = answered(outer, "Hi")
    assert asked.data["message"] == "Who?"
    assert answered(outer, "Ana", asked.data["session_id"]).data["message"] == said


@pytest.mark.django_db(transaction=True)
def test_the_models_of_inner_flows_are_at_hand(bob: Actor, model: ModelServer) -> None:
    model.reply("from the inner one")
    inner = deployed(bob, document("Inner", asks()))
    middle = deployed(bob, document("Middle", runs(inner)))
    outer = deployed(bob, document("Outer", runs(middle), SAY))
    assert answered(outer, "Hi").data["message"].startswith("from the inner one")


@pytest.mark.django_db(transaction=True)
def test_what_is_gone_or_foreign_is_an_error_at_its_node(bob: Actor, mallory: Actor) -> None:
    theirs = deployed(mallory, document("Theirs", HELLO))
    draft = drafted(bob, document("Outer", runs(theirs), SAY))
    path = "nodes.sub1.data.chatflow_id"
    words = "The chosen chatflow no longer exists, or is not deployed. Choose another."
    assert (path, words) in errors(bob, draft)
    failed = tried(bob, draft, "Hi")[-1]
    assert failed.event == "error"
    assert "no longer exists" in failed.data["message"]
    mine = deployed(bob, document("Mine", HELLO))
    outer = deployed(bob, document("Outer", runs(mine), SAY))
    entities.remove(bob, mine)
    frame = answered(outer, "Hi")
    assert (frame.event, frame.data["code"]) == ("error", "not-configured")
    report_ = report(drafted(bob, document("Copy", runs("nonsense"), SAY)), bob)
    assert [e.node_id for e in report_.issues if e.path == path] == ["sub1"]


def test_circles_are_told_where_they_can_be_seen(bob: Actor) -> None:
    first = deployed(bob, document("First", HELLO))
    second = deployed(bob, document("Second", runs(first), SAY))
    draft = creating.create_from_entity(bob, first)
    patch = document("First", runs(second), SAY)
    editing.patch(bob, kind(), draft.id, patch)
    assert (
        "nodes.sub1.data.chatflow_id",
        "It comes back to where it began, and would never end.",
    ) in errors(bob, draft)
    itself = {"nodes": {"sub1": {"data": {"chatflow_id": str(first.pk).upper()}}}}
    editing.patch(bob, kind(), draft.id, itself)
    assert "comes back" in dict(errors(bob, draft))["nodes.sub1.data.chatflow_id"]
    third = deployed(bob, document("Third", runs(second), SAY))
    fourth = deployed(bob, document("Fourth", runs(third), SAY))
    deep = drafted(bob, document("Deep", runs(fourth), SAY))
    assert "At most 3" in dict(errors(bob, deep))["nodes.sub1.data.chatflow_id"]


def test_a_value_for_a_variable_that_is_not_there_is_warned_about(bob: Actor) -> None:
    inner = deployed(bob, document("Inner", HELLO, variables=[{"name": "plan"}]))
    inputs = [{"name": "plan", "value": "x"}, {"name": "colour", "value": "y"}]
    draft = drafted(bob, document("Outer", runs(inner, inputs=inputs), SAY))
    warnings = report(draft, bob).messages("warning")
    assert "Chatflow sub1: Inner has no variable colour." in warnings
    assert not any("plan" in each for each in warnings)


def test_deleting_one_names_those_that_run_it(bob: Actor) -> None:
    inner = deployed(bob, document("Inner", HELLO))
    deployed(bob, document("Live runner", runs(inner), SAY))
    drafted(bob, document("Drafted runner", runs(inner), SAY))
    page = signed_in(Client(), bob).get(f"/w/acme/chatflows/{inner.pk}/").content.decode()
    assert "These run it" in page
    assert "Live runner" in page
    assert "Drafted runner" in page


def test_the_form_offers_what_is_live_but_not_the_flow_itself(bob: Actor, mallory: Actor) -> None:
    deployed(mallory, document("Theirs", HELLO))
    deployed(bob, document("Inner flow", HELLO))
    mine = deployed(bob, document("Mine itself", HELLO))
    draft = creating.create_from_entity(bob, mine)
    editing.patch(bob, kind(), draft.id, {"nodes": {"sub1": {"type": "subflow"}}})
    client = signed_in(Client(), bob)
    page = client.get(f"/w/acme/chatflows/draft/{draft.id}/nodes/sub1/").content.decode()
    assert "Inner flow</option>" in page
    assert "Mine itself</option>" not in page
    assert "Theirs" not in page


@pytest.mark.django_db(transaction=True)
def test_each_question_to_the_servers_model_is_counted(
    bob: Actor, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 7
    inner = deployed(bob, document("Inner", asks()))
    llm2 = asks() | {"id": "llm2"}
    outer = deployed(bob, document("Outer", asks(), runs(inner), llm2))
    model.reply("one", "two", "three", "four", "five", "six", "seven")
    assert answered(outer, "Hi").data["message"] == "one\n\ntwo\n\nthree"
    assert answered(outer, "Hi").event == "done"
    frame = answered(outer, "Hi")
    assert (frame.event, frame.data["code"]) == ("error", "rate-limit")
    assert 0 < frame.data["retry_after"] <= 86_400
    assert "its 7 messages a day from the server's own model" in frame.data["message"]
    assert len(model.chats) == 7
    with pytest.raises(Problem) as refused:
        answered(outer, "Hi")
    assert (refused.value.status, len(model.chats)) == (429, 7)


@pytest.mark.django_db(transaction=True)
def test_a_visitor_is_told_plainly_when_the_server_pays_no_more(
    bob: Actor, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    outer = deployed(bob, document("Outer", asks(), asks() | {"id": "llm2"}))
    model.reply("one")
    frame = answered(outer, "Hi", public=True)
    assert frame.data["code"] == "rate-limit"
    assert frame.data["message"].startswith("This chat has answered as much as it may for today.")
