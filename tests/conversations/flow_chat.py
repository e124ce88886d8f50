"""Chatflows that are live, and somebody who talks to one over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync
from django.test import AsyncClient

from conversations.models import Conversation
from drafts.models import random_slug
from drafts.types import draft_types
from tests.conversations.conftest import Api, released
from workspaces import keys

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.models import Workspace

# Hands every first message to people, and says afterwards what they wrote.
DESK: list[dict[str, Any]] = [
    {"id": "start", "type": "trigger"},
    {
        "id": "handoff1",
        "type": "handoff",
        "data": {"message": "A colleague comes.", "note": "Wants: {{input}}"},
    },
    {"id": "end", "type": "response", "data": {"message": "Team said: {{handoff1}}"}},
]
DESK_EDGES = [
    {"id": "1", "source": "start", "target": "handoff1"},
    {"id": "2", "source": "handoff1", "target": "end"},
]


def desk_flow(workspace: Workspace, *, follows: bool = True) -> Entity:
    """A live flow that hands over; without what ``follows``, the handoff is its last node."""
    return live_flow(workspace, DESK, DESK_EDGES if follows else DESK_EDGES[:1])


def live_flow(
    workspace: Workspace, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]
) -> Entity:
    draft_type = draft_types.get("chatflow")
    document = {"name": "Desk", "nodes": nodes, "edges": edges}
    configuration = draft_type.schema.model_validate(document)
    entity = draft_type.model(workspace=workspace, kind="chatflow", slug=random_slug("desk"))
    draft_type.apply(configuration, entity)
    entity.save()
    return released(entity, configuration.model_dump(mode="json"))


class Chat:
    """Somebody who talks to the flow over the API."""

    def __init__(self, entity: Entity) -> None:
        self.entity, self.session_id = entity, ""
        self.key = keys.issue(entity.workspace, "app", "manage")[1]
        self.url = f"/api/v1/chatflows/{entity.pk}/chat"

    def say(self, message: str, status: int = 200, **more: Any) -> dict[str, Any]:
        body = {"message": message, **more}
        if self.session_id:
            body["session_id"] = self.session_id
        answer = async_to_sync(Api(self.key).post)(self.url, body)
        assert answer.status_code == status, answer.content
        found: dict[str, Any] = answer.json()
        self.session_id = found.get("session_id", self.session_id)
        return found

    def read(self, status: int = 200, **query: str) -> dict[str, Any]:
        answer = async_to_sync(AsyncClient().get)(
            f"{self.url}/messages",
            {"session_id": self.session_id} | query,
            headers={"Authorization": f"Bearer {self.key}"},
        )
        assert answer.status_code == status, answer.content
        found: dict[str, Any] = answer.json()
        return found

    @property
    def row(self) -> Conversation:
        return Conversation.objects.get(session_id=self.session_id)
