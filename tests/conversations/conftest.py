"""Assistants to talk to: a draft and a deployed one of the same configuration."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import AsyncClient, Client

from drafts import creating
from drafts.models import Release, random_slug
from drafts.types import draft_types
from tests.support.people import signed_in
from workspaces import keys

if TYPE_CHECKING:
    from drafts.draft import Draft
    from drafts.models import Entity
    from tests.servers.model import ModelServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

PLAIN: dict[str, Any] = {
    "name": "Helper",
    "system_prompt": "You help {{visitor_name}}.",
    "model": "small-1",
    "memory": {"max_messages": 6},
    "variables": [{"name": "visitor_name", "default": "somebody"}],
    "features": {"enable_follow_up_suggestions": False},
}


@pytest.fixture(autouse=True)
def _clean(redis_clean: None, connections_returned: None) -> None:
    """Sessions and counters of one test are not another's."""


def draft_of(actor: Actor, **data: Any) -> Draft:
    """A new draft of a chatbot; what is given replaces parts of ``PLAIN``."""
    return creating.create(actor, draft_types.get("chatbot"), PLAIN | data)


def deployed(workspace: Workspace, **data: Any) -> Entity:
    """A chatbot that is live, with what is given in place of parts of ``PLAIN``."""
    draft_type = draft_types.get("chatbot")
    configuration = draft_type.schema.model_validate(PLAIN | data)
    entity = draft_type.model(workspace=workspace, kind="chatbot", slug=random_slug("helper"))
    draft_type.apply(configuration, entity)
    entity.save()
    return released(entity, configuration.model_dump(mode="json"))


def released(entity: Entity, configuration: dict[str, Any]) -> Entity:
    """``entity`` with another live version."""
    number = entity.releases.count() + 1
    release = Release.objects.create(entity=entity, number=number, configuration=configuration)
    entity.live_release = release
    entity.save(update_fields=["live_release"])
    return entity


@dataclass
class Api:
    """Calls the API with a key."""

    key: str

    async def post(self, path: str, body: Any, **headers: str) -> Any:
        return await AsyncClient().post(
            path,
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    async def stream(self, path: str, body: Any) -> list[tuple[str, dict[str, Any]]]:
        response = await self.post(path, body, Accept="text/event-stream")
        assert response.status_code == 200, response.content
        return await events(response)


async def events(response: Any) -> list[tuple[str, dict[str, Any]]]:
    """The server-sent events of a response: name and data."""
    raw = b"".join([chunk async for chunk in response.streaming_content]).decode()
    found = []
    for block in raw.split("\n\n"):
        if block.startswith("event: "):
            name, data = block.split("\n", 1)
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


@pytest.fixture
def api(acme: Workspace) -> Api:
    """Acme's API, by a manage key."""
    return Api(keys.issue(acme, "server", "manage")[1])


@pytest.fixture
def evil_api(evil: Workspace) -> Api:
    return Api(keys.issue(evil, "mallory", "manage")[1])


@dataclass
class Panel:
    """The preview panel of a draft, as the builder's page speaks to it."""

    client: Client
    base: str

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"{self.base}/{path}", body, content_type="application/json")


def panel_of(actor: Actor, draft: Draft) -> Panel:
    client = signed_in(Client(), actor)
    return Panel(client, f"/w/{actor.workspace.slug}/chatbots/draft/{draft.id}/preview")


@pytest.fixture
def parrot(model: ModelServer) -> ModelServer:
    """The configured model; it greets unless it is told otherwise."""
    return model
