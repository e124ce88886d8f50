"""Flows that ask, or hand over to a person, run by others where nobody is there for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatflows import occasions
from common.problems import Problem
from drafts import creating, editing, entities
from drafts.access import open_draft
from drafts.deploying import deploy, planning
from drafts.deploying.rollback import rollback
from drafts.validation import report
from tests.chatflows.test_subflows import (
    ASK,
    GREET,
    HELLO,
    SAY,
    answered,
    deployed,
    document,
    drafted,
    kind,
    runs,
    tried,
)
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from drafts.draft import Draft
    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean", "connections_returned")]

PATH = "nodes.sub1.data.chatflow_id"
BUTTONS = {
    "id": "pick",
    "type": "buttons",
    "data": {"message": "Which?", "buttons": [{"id": "a", "label": "A"}]},
}
PERSON = {"id": "person", "type": "handoff"}
LISTED = {"id": "each", "type": "parallel", "data": {"items": "{{split(input, ',')}}"}}
TOOL = {"id": "way1", "name": "help", "description": "Helps"}
AGENT = {"id": "agent", "type": "agent", "data": {"tools": [TOOL]}}
LOOP = {"id": "loop", "type": "loop", "data": {"items": "{{split(input, ',')}}"}}


def inside(owner: dict[str, Any], handle: str, flow: Entity, **data: Any) -> dict[str, Any]:
    """A flow in which ``owner`` runs another one, as what hangs on ``handle``."""
    found = document("Outer", owner, HELLO)
    found["nodes"].append(runs(flow, **data))
    edge = {"id": "in", "source": owner["id"], "target": "sub1", "sourceHandle": handle}
    return {**found, "edges": [*found["edges"], edge]}


def started(start: dict[str, Any], flow: Entity) -> dict[str, Any]:
    """A flow that runs another one when ``start`` begins it."""
    found = document("Outer", runs(flow), SAY)
    found["nodes"][0] = {"id": "start", "type": "trigger", "data": start}
    return found


def found(actor: Actor, data: dict[str, Any]) -> list[tuple[str, str]]:
    """What is told of the node that runs another flow."""
    issues = report(drafted(actor, data), actor).issues
    at = [each for each in issues if each.path == PATH]
    assert all((each.node_id, each.place) == ("sub1", "Chatflow sub1") for each in at)
    return [(each.severity, each.message) for each in at]


def test_a_flow_that_asks_cannot_be_a_tool_nor_run_side_by_side(bob: Actor) -> None:
    asking = deployed(bob, document("Greeter", ASK, GREET))
    picking = deployed(bob, document("Picker", BUTTONS, HELLO) | {"edges": _picked()})
    words = "asks something, and in what {} runs nobody can be asked anything."
    tool, listed = "“Greeter” " + words.format("Agent"), words.format("Parallel each")
    assert found(bob, inside(AGENT, "way1", asking)) == [("error", tool)]
    assert found(bob, inside(LISTED, "body", asking)) == [("error", f"“Greeter” {listed}")]
    assert found(bob, inside(LISTED, "body", picking)) == [("error", f"“Picker” {listed}")]
    assert found(bob, inside(LOOP, "body", asking)) == []


def _picked() -> list[dict[str, Any]]:
    return [
        {"id": "1", "source": "start", "target": "pick"},
        {"id": "2", "source": "pick", "target": "hello", "sourceHandle": "a"},
    ]


@pytest.mark.django_db(transaction=True)
def test_what_could_not_run_is_not_deployed(bob: Actor) -> None:
    asking = deployed(bob, document("Greeter", ASK, GREET))
    draft = drafted(bob, inside(LISTED, "body", asking))
    assert "Nobody can be asked anything" in tried(bob, draft, "a,b")[-1].data["message"]
    with pytest.raises(Problem) as refused:
        deploy.deploy(bob, kind(), draft.id)
    assert refused.value.status == 422


def test_a_flow_that_hands_over_to_a_person(bob: Actor) -> None:
    handing = deployed(bob, document("Desk", PERSON, HELLO))
    words = "“Desk” hands over to a person, and what Parallel each runs cannot wait for one."
    assert found(bob, inside(LISTED, "body", handing)) == [("error", words)]
    scheduled = (
        "“Desk” hands over to a person. When the schedule starts the flow, nobody is there whom "
        "they could talk to."
    )
    assert found(bob, started({"trigger_type": "schedule"}, handing)) == [("warning", scheduled)]
    called = "“Desk” hands over to a person. Whoever calls the webhook does not hear what they say."
    assert found(bob, started({"trigger_type": "webhook"}, handing)) == [("warning", called)]
    assert found(bob, started({}, handing)) == []


def test_a_flow_that_asks_where_nobody_is_there(bob: Actor) -> None:
    asking = deployed(bob, document("Greeter", ASK, GREET))
    scheduled = "When the schedule starts the flow, nobody is there to answer what “Greeter” asks."
    assert found(bob, started({"trigger_type": "schedule"}, asking)) == [("warning", scheduled)]
    at_once = {"trigger_type": "webhook", "respond": "at_once"}
    called = "The webhook answers its caller at once: nobody hears what “Greeter” asks."
    assert found(bob, started(at_once, asking)) == [("warning", called)]
    assert found(bob, started({"trigger_type": "webhook"}, asking)) == []


def test_a_flow_that_asks_has_to_be_heard(bob: Actor) -> None:
    asking = deployed(bob, document("Greeter", ASK, GREET))
    words = "“Greeter” asks something that nobody hears. Let what it says be said."
    unheard = document("Outer", runs(asking, speaks=False), SAY)
    assert found(bob, unheard) == [("error", words)]
    assert found(bob, document("Outer", runs(asking), SAY)) == []


def test_what_asks_deep_within_is_named_with_those_that_run_it(bob: Actor) -> None:
    asking = deployed(bob, document("Greeter", ASK, GREET))
    middle = deployed(bob, document("Middle", runs(asking), SAY))
    upper = deployed(bob, document("Upper", runs(middle), SAY))
    words = "asks something, and in what Parallel each runs nobody can be asked anything."
    deep = f"“Greeter” (within “Upper” → “Middle”) {words}"
    assert found(bob, inside(LISTED, "body", upper)) == [("error", deep)]


def test_it_is_told_of_what_is_live_now(bob: Actor) -> None:
    inner = deployed(bob, document("Inner", HELLO))
    draft = drafted(bob, inside(LISTED, "body", inner))
    assert report(draft, bob).valid
    newer = creating.create_from_entity(bob, inner)
    editing.patch(bob, kind(), newer.id, document("Inner", ASK, GREET))
    deploy.deploy(bob, kind(), newer.id)
    assert not report(open_draft(bob, kind(), draft.id), bob).valid
    entities.remove(bob, entities.open_entity(bob, kind(), inner.pk))
    issues = report(open_draft(bob, kind(), draft.id), bob).issues
    assert [each.message for each in issues if each.path == PATH] == [
        "The chosen chatflow no longer exists, or is not deployed. Choose another."
    ]


def test_only_what_a_message_begins_counts_and_circles_end(bob: Actor) -> None:
    aside = document("Aside", HELLO)
    aside["nodes"] += [{"id": "hook", "type": "trigger", "data": {"trigger_type": "webhook"}}, ASK]
    aside["edges"].append({"id": "hooked", "source": "hook", "target": "ask"})
    first = deployed(bob, aside)
    assert found(bob, inside(LISTED, "body", first)) == []
    second = deployed(bob, document("Second", runs(first), SAY))
    circle = creating.create_from_entity(bob, first)
    editing.patch(bob, kind(), circle.id, inside(LISTED, "body", second))
    messages = report(open_draft(bob, kind(), circle.id), bob).messages("error")
    assert messages == ["Chatflow sub1: It comes back to where it began, and would never end."]


@pytest.mark.django_db(transaction=True)
def test_a_person_can_be_called_by_a_program_nevertheless(bob: Actor) -> None:
    """Hence a warning and no error: the team sees what was called for, and the run waits."""
    handing = deployed(bob, document("Desk", PERSON, HELLO))
    outer = deployed(bob, started({"trigger_type": "webhook"}, handing))
    occasion = occasions.of_webhook({"order": 1}, {}, {})
    done = answered(outer, "", channel="webhook", occasion=occasion)
    assert (done.event, done.data["handoff"]) == ("done", True)


def newer(actor: Actor, flow: Entity, data: dict[str, Any]) -> Draft:
    """A draft of the flow's next version."""
    draft = creating.create_from_entity(actor, flow)
    editing.patch(actor, kind(), draft.id, data)
    return open_draft(actor, kind(), draft.id)


def of_others(actor: Actor, draft: Draft) -> list[tuple[str, str]]:
    """What is told of the flow as a whole."""
    issues = report(draft, actor).issues
    return [(each.severity, each.words) for each in issues if each.path == "nodes"]


WOULD_FAIL = (
    "“Outer” is live and runs this chatflow. It would fail with this version: “Inner” asks "
    "something, and in what Parallel each runs nobody can be asked anything. Change that one first."
)


@pytest.mark.django_db(transaction=True)
def test_a_flow_that_begins_to_ask_names_those_that_cannot_take_it(
    bob: Actor, client: Client
) -> None:
    inner = deployed(bob, document("Inner", HELLO))
    outer = deployed(bob, inside(LISTED, "body", inner))
    deployed(bob, document("Fine", runs(inner), SAY))
    draft = newer(bob, inner, document("Inner", ASK, GREET))
    assert of_others(bob, draft) == [("error", WOULD_FAIL)]
    plan = signed_in(client, bob).get(f"/w/acme/chatflows/draft/{draft.id}/plan/")
    assert WOULD_FAIL in plan.content.decode()
    with pytest.raises(Problem) as refused:
        deploy.deploy(bob, kind(), draft.id)
    assert refused.value.status == 422
    # Where the other one makes room for it, it goes live.
    deploy.deploy(bob, kind(), newer(bob, outer, document("Outer", runs(inner), SAY)).id)
    assert of_others(bob, draft) == []
    deploy.deploy(bob, kind(), draft.id)


def test_what_would_still_run_is_warned_of(bob: Actor) -> None:
    inner = deployed(bob, document("Inner", HELLO))
    deployed(bob, started({"trigger_type": "schedule", "cron": "0 9 * * *"}, inner))
    draft = newer(bob, inner, document("Inner", PERSON, HELLO))
    told = (
        "“Outer” is live and runs this chatflow. “Inner” hands over to a person. When the schedule "
        "starts the flow, nobody is there whom they could talk to."
    )
    assert of_others(bob, draft) == [("warning", told)]
    assert report(draft, bob).valid


def test_those_that_run_it_by_way_of_others_are_named_too(bob: Actor) -> None:
    inner = deployed(bob, document("Inner", HELLO))
    middle = deployed(bob, document("Middle", runs(inner), SAY))
    deployed(bob, inside(LISTED, "body", middle))
    draft = newer(bob, inner, document("Inner", ASK, GREET))
    ((severity, words),) = of_others(bob, draft)
    assert severity == "error"
    assert "“Outer” is live" in words
    assert "“Inner” (within “Middle”) asks something" in words
    # Another flow in its midst that asks is as bad.
    asking = deployed(bob, document("Greeter", ASK, GREET))
    draft = newer(bob, inner, document("Inner", runs(asking), SAY))
    ((_severity, words),) = of_others(bob, draft)
    assert "“Greeter” (within “Middle” → “Inner”) asks something" in words


def test_those_that_could_not_go_so_deep_are_named(bob: Actor) -> None:
    leaf = deployed(bob, document("Leaf", HELLO))
    inner = deployed(bob, document("Inner", HELLO))
    middle = deployed(bob, document("Middle", runs(inner), SAY))
    upper = deployed(bob, document("Upper", runs(middle), SAY))
    deployed(bob, document("Outer", runs(upper), SAY))
    draft = newer(bob, inner, document("Inner", runs(leaf), SAY))
    ((severity, words),) = of_others(bob, draft)
    assert severity == "error"
    assert "“Outer” is live" in words
    assert "At most 3 run in the midst of one another." in words


@pytest.mark.django_db(transaction=True)
def test_going_back_to_a_version_that_asks_is_refused_as_well(bob: Actor) -> None:
    inner = deployed(bob, document("Inner", ASK, GREET))
    deploy.deploy(bob, kind(), newer(bob, inner, document("Inner", HELLO)).id)
    deployed(bob, inside(LISTED, "body", inner))
    entity = entities.open_entity(bob, kind(), inner.pk)
    assert WOULD_FAIL in planning.plan_rollback(bob, entity, 1).misfit
    with pytest.raises(Problem) as refused:
        rollback(bob, entity, 1)
    assert WOULD_FAIL in refused.value.detail


def test_other_workspaces_and_drafts_do_not_count(bob: Actor, mallory: Actor) -> None:
    inner = deployed(bob, document("Inner", HELLO))
    drafted(bob, inside(LISTED, "body", inner))
    drafted(mallory, inside(LISTED, "body", inner))
    assert of_others(bob, newer(bob, inner, document("Inner", ASK, GREET))) == []
