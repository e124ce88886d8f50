"""The builder over HTTP, as its script talks to it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drafts import editing
from drafts.access import open_draft
from workspaces.access import Role

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from drafts.types import DraftType
    from workspaces.access import Actor

STATE = re.compile(r'<script id="draft-state" type="application/json">(.*?)</script>', re.DOTALL)


@dataclass
class Screen:
    client: Client
    actor: Actor
    kind: DraftType[Any]
    draft_id: str

    @property
    def base(self) -> str:
        return f"/w/{self.actor.workspace.slug}/{self.kind.url_name}/draft/{self.draft_id}/"

    @property
    def version(self) -> int:
        return open_draft(self.actor, self.kind, self.draft_id, Role.VIEWER).version

    @property
    def data(self) -> dict[str, Any]:
        return open_draft(self.actor, self.kind, self.draft_id, Role.VIEWER).data

    def get(self, path: str = "basics/", *, part: bool = False, **query: str) -> Answer:
        headers = {"HX-Request": "true"} if part else {}
        return self.client.get(self.base + path, query, headers=headers)

    def save(
        self, step: str = "basics", *, base: int | None = None, patch_id: str = "p", **fields: Any
    ) -> Answer:
        """What the script posts: the changed fields by name, dots written as ``__``."""
        named = {name.replace("__", "."): value for name, value in fields.items()}
        body = {"_changed": list(named), "patch_id": patch_id}
        body |= {name: value for name, value in named.items() if value is not None}
        headers = {"HX-Request": "true"} | ({} if base is None else {"If-Match": f'"{base}"'})
        return self.client.post(f"{self.base}{step}/", body, headers=headers)

    def act(self, path: str, **fields: Any) -> Answer:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{self.base}basics/"}
        return self.client.post(self.base + path, fields, headers=headers)

    def patch(self, actor: Actor, data: dict[str, Any]) -> None:
        """Somebody changes the draft elsewhere."""
        editing.patch(actor, self.kind, self.draft_id, data)


def state(response: Answer) -> dict[str, Any]:
    """The JSON about the draft in an answer."""
    found = STATE.search(response.content.decode())
    assert found, response.content.decode()[:2000]
    parsed: dict[str, Any] = json.loads(found[1])
    return parsed
