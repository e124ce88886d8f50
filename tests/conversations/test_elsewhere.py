"""A preview's conversation as other channels would show it; nothing is sent anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from conversations import preview_store
from tests.conversations.conftest import Panel, draft_of, events, panel_of
from tests.servers.model import Reply
from tests.support.people import signed_in

if TYPE_CHECKING:
    from drafts.draft import Draft
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
LOOK = {"welcome_message": "**Hello**", "suggested_prompts": ["Opening hours"]}


@pytest.fixture
def draft(bob: Actor) -> Draft:
    return draft_of(bob, appearance=LOOK, features={"enable_follow_up_suggestions": True})


@pytest.fixture
def panel(bob: Actor, draft: Draft) -> Panel:
    return panel_of(bob, draft)


def say(panel: Panel, message: str, session_id: str) -> None:
    response = panel.post("messages", {"message": message, "session_id": session_id})
    async_to_sync(events)(response)


def shown(bob: Actor, draft: Draft, headers: dict[str, str] | None = None, **query: str) -> str:
    client = signed_in(Client(), bob)
    address = f"/w/acme/chatbots/draft/{draft.id}/preview/as"
    return client.get(address, query, headers=headers or {}).content.decode()


def test_the_greeting_and_the_last_answers_are_shown(
    bob: Actor, draft: Draft, panel: Panel, parrot: ModelServer
) -> None:
    parrot.reply("We *open* at <8>.")
    parrot.reply('["On Sundays?"]')
    say(panel, "When & where?", "mine")
    html = shown(bob, draft, PART, channel="telegram", session="mine")
    assert "<html" not in html
    for words in (
        "<strong>Hello</strong>",
        "Opening hours",
        "When &amp; where?",
        "We <em>open</em> at &lt;8&gt;.",
        "On Sundays?",
    ):
        assert words in html


def test_what_was_suggested_goes_with_its_answer(
    bob: Actor, draft: Draft, panel: Panel, parrot: ModelServer
) -> None:
    parrot.reply("Yes.")
    parrot.reply('["On Sundays?"]')
    say(panel, "Open?", "mine")
    [_asked, answer] = preview_store.load(bob.workspace_id, draft.id, "mine").messages
    assert answer["follow_ups"] == ["On Sundays?"]
    assert panel.post("reset", {"session_id": "mine"}).status_code == 204
    assert preview_store.load(bob.workspace_id, draft.id, "mine").messages == ()


def test_as_a_page_it_shows_the_conversation_of_last(
    bob: Actor, draft: Draft, panel: Panel, parrot: ModelServer
) -> None:
    parrot.reply("At eight.")
    say(panel, "When?", "mine")
    html = shown(bob, draft, channel="whatsapp")
    assert "<html" in html
    assert "as WhatsApp would show it" in html
    assert "At eight." in html


def test_what_the_channel_cannot_show_is_told_once(
    bob: Actor, draft: Draft, panel: Panel, parrot: ModelServer
) -> None:
    for message in ("Where?", "Again?"):
        parrot.reply("[here](https://a.example)", "[]")
        say(panel, message, "mine")
    html = shown(bob, draft, PART, channel="whatsapp", session="mine")
    assert html.count("WhatsApp has no links behind words") == 1


def test_an_answer_that_failed_is_sent_nowhere(
    bob: Actor, draft: Draft, panel: Panel, parrot: ModelServer
) -> None:
    parrot.reply(Reply(status=400))
    say(panel, "When?", "mine")
    html = shown(bob, draft, PART, channel="discord", session="mine")
    assert html.count('class="bubble"') == 2


def test_the_website_shows_itself_and_others_find_nothing(
    bob: Actor, vera: Actor, mallory: Actor, draft: Draft
) -> None:
    assert shown(bob, draft, PART, channel="") == ""
    address = f"/w/acme/chatbots/draft/{draft.id}/preview/as?channel="
    for actor, channel, status in (
        (bob, "fax", 404),
        (vera, "telegram", 403),
        (mallory, "telegram", 404),
    ):
        assert signed_in(Client(), actor).get(f"{address}{channel}").status_code == status
