"""Everything that takes a body: who may send it, where to, by which method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.test import Client

from drafts import creating
from drafts.types import draft_types
from knowledge import adding
from tests.abuse.routes import Route, routes
from tests.abuse.scene import ORIGIN, document, flow
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.types import DraftType
    from tests.abuse.scene import Scene

UNSAFE = ("post", "put", "patch")
# What is done there is asked for by the address alone: a body is not looked at.
WITHOUT_BODY = (
    *("undo", "redo", "validate", "rollback", "retry", "check", "test", "<uuid:entity_id>/draft"),
    *("cancel", "reindex", "evaluate", "tests/stop", "disable", "enable", "secret", "redeliver"),
    *("take-over", "give-back"),
    # Only looked at.
    "launch",
    # These take a file.
    *("sources/upload", "questions/import"),
)


# Signing out does what it should; the admin lets nobody of a workspace in; pictures for us.
LEFT_OUT = ("accounts/logout", "admin/", "styleguide/")


@dataclass(frozen=True)
class Sender:
    """One address that takes ``method``, and somebody who may use it."""

    route: Route
    method: str
    client: Client
    scene: Scene

    @property
    def name(self) -> str:
        return f"{self.method} {self.route.pattern}"

    @property
    def reads_json(self) -> bool:
        """Whether a body that is not right must be refused."""
        widget = self.route.pattern.startswith("widget") or "/preview" in self.route.pattern
        with_body = not self.route.pattern.endswith(WITHOUT_BODY)
        ours = self.route.pattern.endswith("draft/<str:draft_id>/start")
        return ours or ((self.route.is_api or widget) and with_body)

    def send(self, body: bytes, media_type: str) -> Any:
        other = {}
        if "draft_id" in self.route.names:  # the last one may have been deployed or abandoned
            kind, data = drafted(self.route.pattern, self.scene.mark)
            other = {"draft_id": creating.create(self.scene.owner, kind, data).id}
        if "source_id" in self.route.names:
            owner, draft_id = self.scene.owner, other["draft_id"]
            added = adding.add_text(owner, draft_id, "Text", "Some words.", "markdown")
            other["source_id"] = added["id"]
        path = self.route.path(self.scene, **other)
        return getattr(self.client, self.method)(path, body, content_type=media_type)


def drafted(address: str, mark: str) -> tuple[DraftType[Any], dict[str, Any]]:
    """The kind whose drafts ``address`` is about, and what one of them holds."""
    if "/kb/" in address:
        return draft_types.get("kb"), {"name": "Manual"}
    if "/chatflows/" in address:
        return draft_types.get("chatflow"), flow(mark)
    return draft_types.get("chatbot"), document(mark)


def senders(scene: Scene) -> Iterator[Sender]:
    program, browser, visitor = scene.program(), scene.client(Role.OWNER), _visitor(scene)
    for route in routes():
        if route.pattern.startswith(LEFT_OUT):
            continue
        client = program if route.is_api else browser
        if route.pattern.startswith("widget"):
            client = visitor
        for method in _taken(route.pattern, client, route.path(scene)):
            yield Sender(route, method, client, scene)


_known: dict[str, tuple[str, ...]] = {}


def _taken(pattern: str, client: Client, path: str) -> tuple[str, ...]:
    """The methods that the address says it takes; every one when it does not say."""
    if pattern not in _known:
        allowed = client.options(path).headers.get("Allow")
        _known[pattern] = (
            UNSAFE if allowed is None else tuple(m for m in UNSAFE if m.upper() in allowed)
        )
    return _known[pattern]


def _visitor(scene: Scene) -> Client:
    """A page of an allowed origin that holds a session."""
    opened = Client().post(
        f"/widget/v1/{scene.values['public_key']}/session",
        content_type="application/json",
        headers={"Origin": ORIGIN},
    )
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {opened.json()['token']}"}
    return Client(raise_request_exception=False, headers=headers)
