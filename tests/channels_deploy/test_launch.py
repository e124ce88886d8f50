"""What a page shows before anybody opens the chat, and what becomes of it in the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from channels_deploy import script, told
from conversations.models import Conversation, Message
from conversations.publicity import words
from tests.channels_deploy.conftest import ORIGIN, Website, on_website
from tests.servers.model import Reply

if TYPE_CHECKING:
    from django.test import Client

    from tests.servers.model import ModelServer
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

OFFER: dict[str, Any] = {
    "id": "offer",
    "text": "Shall I show you prices?",
    "quick_replies": ["Yes"],
}
WIDGET: dict[str, Any] = {
    "launcher_text": "Questions?",
    "proactive_messages": [OFFER, {"id": "off", "enabled": False}],
    "translations": [
        {
            "language": "de",
            "launcher_text": "Fragen?",
            "welcome_message": "Guten Tag.",
            "proactive_messages": {"offer": {"text": "Soll ich Preise zeigen?"}},
        }
    ],
}


@pytest.fixture
def inviting(acme: Workspace) -> Website:
    return on_website(acme, appearance={"welcome_message": "Hello."}, deployment={"widget": WIDGET})


async def launch(shop: Website, language: str = "") -> dict[str, Any]:
    response = await shop.call(f"launch?language={language}", method="GET")
    assert response.status_code == 200, response.content
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert "max-age=300" in response["Cache-Control"]
    assert "Origin" in response["Vary"]
    found: dict[str, Any] = response.json()
    return found


async def test_a_page_learns_what_comes_before_the_chat(inviting: Website) -> None:
    found = await launch(inviting)
    assert found["launcher_text"] == "Questions?"
    assert (found["language"], found["dir"]) == ("en", "ltr")
    assert found["strings"]["open"] == "Open chat"
    assert [each["id"] for each in found["invitations"]] == ["offer"]
    assert found["invitations"][0]["text"] == OFFER["text"]
    assert found["invitations"][0]["when"] == "time"


async def test_it_is_in_the_visitor_s_language(inviting: Website) -> None:
    found = await launch(inviting, "de-AT")
    assert found["launcher_text"] == "Fragen?"
    assert found["strings"]["open"] == "Chat öffnen"
    assert found["invitations"][0]["text"] == "Soll ich Preise zeigen?"
    assert found["invitations"][0]["quick_replies"] == ["Yes"]
    arabic = await launch(inviting, "ar")
    assert (arabic["dir"], arabic["launcher_text"]) == ("rtl", "Questions?")
    assert (await launch(inviting, "sv"))["language"] == "en"


async def test_only_allowed_pages_learn_it(inviting: Website) -> None:
    inviting.origin = "https://other.example"
    assert (await inviting.call("launch", method="GET")).status_code == 403
    inviting.origin = ORIGIN
    assert (await inviting.call("launch", {})).status_code == 405


async def test_the_first_words_are_in_the_conversation_and_the_model_knows_them(
    inviting: Website, parrot: ModelServer
) -> None:
    await inviting.open(language="de")
    await inviting.ask("Ja", invited="offer")
    said = Message.objects.order_by("created_at").values_list("role", "content")
    first, second, _answer = [pair async for pair in said]
    assert first == ("assistant", "Soll ich Preise zeigen?")
    assert second == ("user", "Ja")
    begun = next(chat for chat in parrot.chats if chat.question == "Ja")
    assert "Soll ich Preise zeigen?" in begun.prompt
    conversation = await Conversation.objects.aget()
    assert (conversation.opening, conversation.message_count) == ("Ja", 3)
    await inviting.ask("And then?", invited="offer")
    assert await Message.objects.acount() == 5
    # On the next page they stand in the place of the welcome message.
    again = await inviting.open(language="de", token=inviting.token)
    assert again["messages"][0]["content"] == "Soll ich Preise zeigen?"
    assert again["profile"]["welcome_message"] == ""


async def test_a_message_that_is_not_there_begins_nothing(
    inviting: Website, parrot: ModelServer
) -> None:
    for invited in ("off", "nothing", 7):
        await inviting.open()
        await inviting.ask("Hello", invited=invited)
    assert await Message.objects.acount() == 6


def test_the_embed_code_has_the_second_script_where_something_comes_first(
    inviting: Website, shop: Website, client: Client
) -> None:
    assert "launch" not in told.results(shop.entity)["website"]["embed_code"]
    found = told.results(inviting.entity)["website"]
    assert found["embed_code"].endswith('/widget.launch.js" async></script>')
    assert found["embed_code_pinned"].count("integrity=") == 2
    assert found["embed_code_single"].count(f'data-key="{found["public_key"]}"') == 2
    build = script.built(script.LAUNCH)
    for address in ("/widget.launch.js", f"/widget.launch.{build.version}.js"):
        assert client.get(address).content == build.body


async def test_a_session_is_in_the_visitor_s_language(inviting: Website) -> None:
    opened = await inviting.open(language="de")
    assert opened["language"] == "de"
    assert opened["strings"]["send"] == "Senden"
    assert opened["profile"]["welcome_message"] == "Guten Tag."
    plain = await inviting.open()
    assert (plain["language"], plain["profile"]["welcome_message"]) == ("en", "Hello.")


async def test_a_language_may_be_fixed(acme: Workspace) -> None:
    lead = {"enabled": True, "required_fields": ["email"]}
    widget = {"widget": {"language": "fr"}}
    shop = await sync_to_async(on_website)(acme, deployment=widget, lead_capture=lead)
    opened = await shop.open(language="de")
    assert opened["language"] == "fr"
    assert opened["strings"]["open"] == "Ouvrir le chat"
    assert opened["profile"]["lead"]["fields"][0]["label"] == "E-mail"


async def test_what_goes_wrong_is_told_in_it_too(inviting: Website, parrot: ModelServer) -> None:
    parrot.reply(Reply("no key", status=401))
    await inviting.open(language="fr")
    (last, told) = (await inviting.ask("Bonjour"))[-1]
    assert last == "error"
    assert told["message"] == words("fr")["unanswered"]
    again = await inviting.open(language="fr", token=inviting.token)
    assert again["messages"][-1]["error"] == words("fr")["unanswered"]


@pytest.mark.parametrize(
    "language", [7, None, ["de"], "x" * 500], ids=["7", "none", "list", "long"]
)
async def test_an_odd_language_keeps_nobody_out(shop: Website, language: Any) -> None:
    assert (await shop.open(language=language))["language"] == "en"


def test_the_hosted_page_speaks_it_too(inviting: Website, client: Client) -> None:
    headers = {"Accept-Language": "de-CH, en;q=0.8"}
    response = client.get(f"/c/{inviting.entity.slug}", headers=headers)
    page = response.content.decode()
    assert '<html lang="de">' in page
    assert 'data-lang="de"' in page
    assert 'content="Guten Tag."' in page
    assert "Accept-Language" in response["Vary"]
    arabic = client.get(f"/c/{inviting.entity.slug}", headers={"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl">' in arabic.content.decode()
