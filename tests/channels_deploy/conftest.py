"""A shop whose website shows a deployed chatbot."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test import AsyncClient

from channels_deploy import connecting
from tests.conversations.conftest import deployed, events, parrot

if TYPE_CHECKING:
    from channels_deploy.models import Connection
    from drafts.models import Entity
    from workspaces.models import Workspace

__all__ = ["parrot"]

ORIGIN = "https://shop.example"
DOMAINS = ["shop.example", "*.shop.example"]


@pytest.fixture(autouse=True)
def _clean(redis_clean: None, connections_returned: None) -> None:
    """The counters of one test are not another's."""


@dataclass
class Website:
    """Calls the widget's addresses as a browser on a page of ``origin`` does."""

    entity: Entity
    connection: Connection
    origin: str | None = ORIGIN
    token: str = ""

    async def call(self, path: str, body: Any = None, method: str = "POST", **headers: str) -> Any:
        given = {"Origin": self.origin} if self.origin is not None else {}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        return await AsyncClient().generic(
            method,
            f"/widget/v1/{self.connection.public_key}/{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers=given | headers,
        )

    async def open(self, **body: Any) -> dict[str, Any]:
        """Open a session and hold its token from here on."""
        response = await self.call("session", body)
        assert response.status_code == 200, response.content
        found: dict[str, Any] = response.json()
        self.token = found["token"]
        return found

    async def ask(self, message: str, **more: Any) -> list[tuple[str, dict[str, Any]]]:
        response = await self.call("messages", {"message": message, **more})
        assert response.status_code == 200, response.content
        return await events(response)


def on_website(workspace: Workspace, *, domains: list[str] | None = None, **data: Any) -> Website:
    """A chatbot that is live on ``domains``."""
    entity = deployed(workspace, **data)
    allowed = DOMAINS if domains is None else domains
    config = {"widget_position": "bottom-right", "allowed_domains": allowed}
    connecting.sync(entity, {"website": config})
    return Website(entity, entity.connections.get(channel="website"))


@pytest.fixture
def shop(acme: Workspace) -> Website:
    return on_website(acme)
