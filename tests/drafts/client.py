"""A client of the API with a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.test import Client

from workspaces import keys
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from workspaces.access import Actor


class Api:
    """Speaks for ``actor`` with a manage key of theirs, about drafts of one kind."""

    def __init__(self, actor: Actor, kind: str = "notes") -> None:
        self.base = f"/api/v1/{kind}"
        _key, self.key = keys.issue(actor.workspace, "test", ApiKey.Scope.MANAGE, by=actor)
        self.client = Client()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.client.generic(
            method,
            f"{self.base}{path}",
            raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}"} | headers,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)
