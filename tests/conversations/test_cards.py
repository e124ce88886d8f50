"""Cards and links of a flow's answer: told beside the message, and kept with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from channels_deploy import connecting
from tests.channels_deploy.conftest import DOMAINS, Website
from tests.conversations.flow_chat import Chat, live_flow

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]

URL = "https://shop.example/blue"
CARD = {"title": "{{input}}", "link_label": "See it", "link_url": URL}
SAID: dict[str, Any] = {
    "cards": [
        {"title": "Shoe", "text": "", "image_url": "", "link": {"label": "See it", "url": URL}}
    ],
    "links": [{"label": "Shop", "url": "https://shop.example"}],
}


@pytest.fixture
def shop(acme: Workspace) -> Entity:
    data = {"message": "Look:", "cards": [CARD], "links": SAID["links"]}
    nodes: list[dict[str, Any]] = [
        {"id": "start", "type": "trigger"},
        {"id": "end", "type": "response", "data": data},
    ]
    return live_flow(acme, nodes, [{"id": "1", "source": "start", "target": "end"}])


def test_the_api_tells_them(shop: Entity) -> None:
    chat = Chat(shop)
    done = chat.say("Shoe")
    assert {name: done[name] for name in SAID} == SAID
    assert done["message"].endswith(
        f"> **Shoe**\n> [See it]({URL})\n\n[Shop](https://shop.example)"
    )
    url = f"/api/v1/conversations/{chat.row.pk}"
    kept = Client().get(url, headers={"Authorization": f"Bearer {chat.key}"}).json()
    question, answer = kept["messages"]
    assert {name: answer[name] for name in SAID} == SAID
    assert (question["cards"], question["links"]) == ([], [])


async def test_a_page_that_is_loaded_again_shows_the_same(shop: Entity) -> None:
    config = {"widget_position": "bottom-right", "allowed_domains": DOMAINS}
    await sync_to_async(connecting.sync)(shop, {"website": config})
    site = Website(shop, await shop.connections.aget(channel="website"))
    await site.open()
    done = (await site.ask("Shoe"))[-1][1]
    opened = await site.open(token=site.token)
    answer = opened["messages"][-1]
    assert answer["content"] == done["message"]
    assert {name: answer[name] for name in SAID} == SAID
