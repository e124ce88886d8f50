"""The content security policy of every page there is: from where it takes its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.abuse.routes import routes
from tests.abuse.scene import build
from workspaces.models import Role

if TYPE_CHECKING:
    from tests.abuse.scene import Scene

NARROW = "img-src 'self' data:"
WIDE = f"{NARROW} https:"
BUILDER = "w/<slug:workspace>/<slug:kind>/draft/<str:draft_id>/<slug:step>/"
# Where the widget stands, so that a chatbot's own picture is shown.
OF_A_CHATBOT = {
    "c/<slug:slug>",
    "w/<slug:workspace>/chatbots/<uuid:entity_id>/deployment/",
    "w/<slug:workspace>/chatbots/<uuid:entity_id>/deployed/",
}


def pictures_of(answer: Any) -> str:
    policy = answer.headers.get("Content-Security-Policy", "")
    return next((p for p in policy.split("; ") if p.startswith("img-src")), "")


def wide_in(scene: Scene) -> set[str]:
    """The addresses whose pages show pictures of other sites."""
    wide, narrow = set(), 0
    for client in (scene.client(Role.OWNER), Client(raise_request_exception=False)):
        for route in routes():
            answer = client.get(route.path(scene))
            if not answer["Content-Type"].startswith("text/html") or answer.status_code >= 300:
                continue
            assert pictures_of(answer) in {NARROW, WIDE}, route.pattern
            if pictures_of(answer) == WIDE:
                wide.add(route.pattern)
            narrow += pictures_of(answer) == NARROW
    assert narrow > 30
    return wide


def test_pictures_come_from_here_but_where_a_chatbot_shows_its_own(home: Scene) -> None:
    assert wide_in(home) == {BUILDER}


@pytest.mark.usefixtures("db", "redis_clean")
def test_a_chatbot_shows_its_own_picture_where_the_widget_stands() -> None:
    appearance = {"avatar_url": "https://pictures.example/a.png"}
    assert wide_in(build("Painter", "MARK-PAINTER", appearance=appearance)) == {
        BUILDER,
        *OF_A_CHATBOT,
    }
