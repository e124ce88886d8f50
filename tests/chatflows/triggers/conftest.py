"""A flow that is live, with a webhook and a schedule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from chatflows.models import Webhook
from drafts import creating, editing
from drafts.deploying import deploy
from drafts.types import draft_types

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor


@pytest.fixture(autouse=True)
def _clean(redis_clean: None, connections_returned: None) -> None:
    """The counters of one test are not another's."""


def flow(*starts: dict[str, Any], says: str = "Got {{hook.body.order}}.") -> dict[str, Any]:
    """A flow with these starts (a webhook, where none are given), all of which say something."""
    starts = starts or ({"id": "hook", "trigger_type": "webhook"},)
    nodes = [
        {"id": one["id"], "type": "trigger", "data": {k: v for k, v in one.items() if k != "id"}}
        for one in starts
    ]
    return {
        "name": "Orders",
        "nodes": [*nodes, {"id": "say", "type": "response", "data": {"message": says}}],
        "edges": [
            {"id": f"e{number}", "source": one["id"], "target": "say"}
            for number, one in enumerate(starts)
        ],
    }


CHAT = {"id": "start", "trigger_type": "chat_message"}
HOOK = {"id": "hook", "trigger_type": "webhook"}
CLOCK = {"id": "clock", "trigger_type": "schedule", "every": "cron", "cron": "30 9 * * *"}


def live_flow(actor: Actor, document: dict[str, Any]) -> Entity:
    """The flow, deployed."""
    kind = draft_types.get("chatflow")
    return deploy.deploy(actor, kind, creating.create(actor, kind, document).id).entity


def deployed_again(actor: Actor, entity: Entity, document: dict[str, Any]) -> Entity:
    """Another release of the flow."""
    kind = draft_types.get("chatflow")
    draft = creating.create_from_entity(actor, kind.model.objects.get(pk=entity.pk))
    gone = {each["id"]: None for each in draft.data["nodes"]}
    wanted = {
        each["id"]: {k: v for k, v in each.items() if k != "id"} for each in document["nodes"]
    }
    edges = {each["id"]: None for each in draft.data.get("edges") or ()}
    wires = {each["id"]: _without_id(each) for each in document["edges"]}
    editing.patch(actor, kind, draft.id, {"nodes": gone, "edges": edges})
    editing.patch(actor, kind, draft.id, {"nodes": wanted, "edges": wires})
    return deploy.deploy(actor, kind, draft.id).entity


def _without_id(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "id"}


@dataclass
class Caller:
    """Calls a webhook as another program does."""

    token: str

    async def call(self, body: Any = None, method: str = "POST", **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.send(raw, "application/json", method, **headers)

    async def send(
        self, raw: bytes, media_type: str, method: str = "POST", query: str = "", **headers: str
    ) -> Any:
        return await AsyncClient().generic(
            method,
            f"/hooks/v1/{self.token}{query}",
            raw,
            content_type=media_type,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


async def calling(entity: Entity) -> Caller:
    row = await sync_to_async(Webhook.objects.get)(entity=entity.pk)
    return Caller(row.token)
