"""Chatflows in every state that has a page: an empty draft, a whole one with test cases, and a live
flow that is started in three ways, is being changed, and has handed a conversation to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from chatflows.starters.order_desk import STARTER as ORDER_DESK
from chatflows.starters.triage import STARTER as TRIAGE
from conversations.models import Conversation, Handoff, Message
from drafts import creating, editing
from drafts.deploying import deploy
from drafts.types import draft_types

if TYPE_CHECKING:
    from drafts.draft import Draft
    from drafts.models import Entity
    from workspaces.access import Actor

STARTS: list[dict[str, Any]] = [
    {"id": "called", "type": "trigger", "data": {"trigger_type": "webhook"}},
    {"id": "daily", "type": "trigger", "data": {"trigger_type": "schedule"}},
]
CASES: list[dict[str, Any]] = [
    {
        "id": "bill",
        "name": "Knows a bill",
        "messages": ["Where is my bill?"],
        "expectations": [{"kind": "passes_node", "value": "http1"}],
    },
    {"id": "empty", "name": "", "messages": []},
]

# With the fields of one node.
AS_LIST = "?view=list&focus=nodes.response1.data.message"


@dataclass(frozen=True)
class Flows:
    """Drafts, what is live, and a conversation with it that a person has to take."""

    empty: Draft
    full: Draft
    live: Entity
    change: Draft
    conversation: Conversation


def build(owner: Actor) -> Flows:
    kind = draft_types.get("chatflow")
    entity = deploy.deploy(owner, kind, creating.create(owner, kind, _started()).id).entity
    change = creating.create_from_entity(owner, entity)
    editing.patch(owner, kind, change.id, {"nodes": {"response1": {"data": {"message": ""}}}})
    return Flows(
        empty=creating.create(owner, kind, {}),
        full=creating.create(owner, kind, {**ORDER_DESK.data, "test_cases": CASES}),
        live=entity,
        change=change,
        conversation=_handed_over(entity),
    )


def _started() -> dict[str, Any]:
    """A flow that is started in three ways."""
    nodes, edges = list(TRIAGE.data["nodes"]), list(TRIAGE.data["edges"])
    more = [{"id": each["id"], "source": each["id"], "target": "llm1"} for each in STARTS]
    return {**TRIAGE.data, "nodes": [*nodes, *STARTS], "edges": [*edges, *more]}


def _handed_over(entity: Entity) -> Conversation:
    at = timezone.now()
    conversation = Conversation.objects.create(
        workspace=entity.workspace,
        entity=entity,
        channel="website",
        session_id="handed-over",
        opening="Can I talk to somebody?",
        message_count=1,
        created_at=at,
        last_message_at=at,
    )
    Message.objects.create(
        conversation=conversation, role="user", content=conversation.opening, created_at=at
    )
    Handoff.objects.create(conversation=conversation, note="They want a person.", since=at)
    return conversation


def pages(workspace: str, flows: Flows) -> dict[str, str]:
    """Every page about them by a name that can name a file."""
    kind = draft_types.get("chatflow")

    def draft(draft: Draft, name: str, *more: str) -> str:
        return reverse(f"drafts:{name}", args=[workspace, kind.url_name, draft.id, *more])

    def live(name: str) -> str:
        return reverse(f"chatflows:{name}", args=[workspace, flows.live.pk])

    steps = {
        f"flow-builder-{number}-{step.name}": draft(flows.full, "builder", step.name)
        for number, step in enumerate(kind.steps, start=1)
    }
    conversation = reverse("conversations:conversation", args=[workspace, flows.conversation.pk])
    return steps | {
        "flows": reverse("chatflows:list", args=[workspace]),
        "flow": live("detail"),
        "flow-deployment": live("deployment"),
        "flow-deployed": live("deployed"),
        "flow-versions": reverse("drafts:versions", args=[workspace, kind.url_name, flows.live.pk]),
        "flow-builder-empty": draft(flows.empty, "builder", "workflow"),
        "flow-builder-list": draft(flows.change, "builder", "workflow") + AS_LIST,
        "flow-plan": draft(flows.change, "plan"),
        "flow-problems": draft(flows.change, "problems"),
        "conversation-handed-over": conversation,
    }
