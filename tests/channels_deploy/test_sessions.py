"""Sessions of visitors: what a token opens, for how long, and what it does not open."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.core import signing
from django.core.cache import cache
from django.test import AsyncClient

from channels_deploy import tokens
from conversations import replacing
from conversations.models import Conversation, Feedback, Lead, Message
from tests.channels_deploy.conftest import ORIGIN, Website, on_website
from tests.conversations.conftest import events
from tests.servers.model import Reply
from workspaces import keys

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

LOOK: dict[str, Any] = {
    "appearance": {"title": "Shop help", "welcome_message": "Hello.", "theme": "auto"},
    "system_prompt": "CANARY-prompt",
}
PUBLIC = {
    *("name", "title", "welcome_message", "suggested_prompts", "placeholder", "avatar_url"),
    *("theme", "primary_color", "position", "feedback", "citations", "follow_ups", "collect"),
    *("lead", "launcher_text", "invitations"),
}


async def test_a_session_tells_what_a_browser_may_know_and_no_more(acme: Workspace) -> None:
    shop = await sync_to_async(on_website)(acme, **LOOK)
    opened = await shop.open()
    assert set(opened) == {
        *("token", "expires_at", "session_id", "profile", "strings", "messages"),
        *("collect_needed", "lead_needed", "styles", "handoff", "wait", "language"),
    }
    assert set(opened["profile"]) == PUBLIC
    assert opened["profile"]["title"] == "Shop help"
    assert opened["messages"] == []
    assert "CANARY" not in json.dumps(opened)


async def test_opening_writes_nothing(shop: Website) -> None:
    await shop.open()
    assert await Conversation.objects.acount() == 0


async def test_a_message_is_answered_and_kept_with_its_page(
    shop: Website, parrot: ModelServer
) -> None:
    parrot.reply(Reply("Nine to five."))
    await shop.open(page="https://shop.example/hours")
    *tokens_, (last, done) = await shop.ask("When are you open?")
    assert {name for name, _ in tokens_} == {"token"}
    assert (last, done["message"]) == ("done", "Nine to five.")
    conversation = await Conversation.objects.aget()
    assert conversation.channel == "website"
    assert conversation.visitor == {"page": "https://shop.example/hours"}
    response = await shop.call("feedback", {"message_id": done["message_id"], "value": "up"})
    assert response.status_code == 204
    assert await Feedback.objects.filter(value="up").acount() == 1


async def test_a_long_address_or_pass_keeps_nobody_out(shop: Website, parrot: ModelServer) -> None:
    await shop.open(page=f"https://shop.example/?{'q' * 9000}", token="t" * 20_000)
    await shop.ask("When are you open?")
    conversation = await Conversation.objects.aget()
    assert conversation.visitor["page"].startswith("https://shop.example/?qqq")


async def test_a_message_in_any_script_may_be_as_long(shop: Website, parrot: ModelServer) -> None:
    await shop.open()
    await shop.ask("字" * 16_000)
    refused = await shop.call("messages", {"message": "字" * 16_001})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["message"] == "Write at most 16000 characters."


async def test_a_conversation_goes_on_with_the_old_token(
    shop: Website, parrot: ModelServer
) -> None:
    opened = await shop.open()
    await shop.ask("I am Ana")
    again = await shop.open(token=shop.token, session_id=opened["session_id"])
    assert again["session_id"] == opened["session_id"]
    assert [message["content"] for message in again["messages"]] == [
        "I am Ana",
        "Hello from the model.",
    ]
    await shop.ask("Who am I?")
    assert "I am Ana" in parrot.chats[-1].prompt


class _Earlier(signing.TimestampSigner):
    """Signs as it was done some time ago."""

    def __init__(self, ago: timedelta) -> None:
        super().__init__(salt=tokens.SALT)
        self.ago = ago

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time() - self.ago.total_seconds()))


def aged(token: str, ago: timedelta) -> str:
    """The same pass, as if it had been issued ``ago``."""
    return _Earlier(ago).sign_object(signing.loads(token, salt=tokens.SALT))


async def test_a_conversation_goes_on_for_days_and_not_for_ever(
    shop: Website, parrot: ModelServer
) -> None:
    opened = await shop.open()
    await shop.ask("Hello")
    fresh = shop.token
    shop.token = aged(fresh, timedelta(minutes=29))
    await shop.ask("Still there?")
    shop.token = aged(fresh, timedelta(minutes=31))
    assert (await shop.call("messages", {"message": "Hi"})).status_code == 401
    again = await shop.open(token=aged(fresh, timedelta(days=29)))
    assert again["session_id"] == opened["session_id"]
    late = await shop.open(token=aged(fresh, timedelta(days=31)))
    assert late["session_id"] != opened["session_id"]
    assert late["messages"] == []


async def test_the_name_of_a_conversation_opens_nothing(shop: Website, parrot: ModelServer) -> None:
    """Somebody else's session, named in every place where a name can stand."""
    foreign = (await shop.open())["session_id"]
    await shop.ask("My card number is CANARY-card")
    shop.token = ""
    opened = await shop.open(session_id=foreign)
    assert opened["session_id"] != foreign
    assert opened["messages"] == []
    for path, body in (
        ("messages", {"message": "Go on"}),
        ("feedback", {"message_id": "x", "value": "up"}),
        ("leads", {"fields": {}}),
    ):
        response = await shop.call(path, body | {"session_id": foreign})
        assert response.status_code == 404
    await shop.ask("What did I say?")
    assert "CANARY" not in parrot.chats[-1].prompt


async def test_an_answer_of_somebody_else_cannot_be_rated(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    _, (_, done) = (await shop.ask("Hello"))[-2:]
    shop.token = ""
    await shop.open()
    response = await shop.call("feedback", {"message_id": done["message_id"], "value": "down"})
    assert response.status_code == 404
    assert await Feedback.objects.acount() == 0


async def _refused(shop: Website, token: str) -> None:
    shop.token = token
    response = await shop.call("messages", {"message": "Hi"})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert (await shop.open(token=token))["messages"] == []


async def test_a_token_is_good_for_one_key_and_one_origin(
    shop: Website, acme: Workspace, parrot: ModelServer
) -> None:
    other = await sync_to_async(on_website)(acme)
    await shop.open()
    await shop.ask("Hello")
    await _refused(other, shop.token)
    elsewhere = Website(shop.entity, shop.connection, origin="https://www.shop.example")
    await _refused(elsewhere, shop.token)


async def test_what_we_did_not_sign_for_this_is_no_token(shop: Website, acme: Workspace) -> None:
    await shop.open()
    given = {"key": shop.connection.public_key, "session_id": "s_1", "origin": ORIGIN}
    _, raw = await sync_to_async(keys.issue)(acme, "server", "manage")
    forged = signing.dumps({**given, "visitor": {}}, salt="another.purpose")
    for token in ("", "x", "a.b.c", shop.token[:-1], shop.token + "x", forged, raw):
        shop.token = token
        assert (await shop.call("messages", {"message": "Hi"})).status_code == 401


async def test_a_token_travels_in_one_place_only(shop: Website) -> None:
    opened = await shop.open()
    shop.token = ""
    for headers in ({"X-API-Key": opened["token"]}, {"Cookie": f"token={opened['token']}"}):
        response = await shop.call("messages", {"message": "Hi"}, **headers)
        assert response.status_code == 401
    response = await shop.call(f"messages?token={opened['token']}", {"message": "Hi"})
    assert response.status_code == 401


async def test_a_token_opens_nothing_else(shop: Website) -> None:
    await shop.open()
    for token in (shop.token, shop.connection.public_key):
        headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
        for path in (
            "/api/v1/chatbots",
            f"/api/v1/chatbots/{shop.entity.pk}",
            f"/api/v1/chatbots/{shop.entity.pk}/deployment",
            "/api/v1/credentials",
        ):
            response = await AsyncClient().get(path, headers=headers)
            assert response.status_code == 401
        path = f"/api/v1/chatbots/{shop.entity.pk}/chat"
        response = await AsyncClient().post(
            path, "{}", content_type="application/json", headers=headers
        )
        assert response.status_code == 401


async def test_another_person_at_the_browser_begins_anew(
    shop: Website, parrot: ModelServer
) -> None:
    first = await shop.open()
    await shop.ask("Hello")
    named = await shop.open(token=shop.token, identity={"user_id": "ana"})
    assert named["session_id"] == first["session_id"]
    same = await shop.open(token=shop.token)
    assert same["session_id"] == first["session_id"]
    other = await shop.open(token=shop.token, identity={"user_id": "ben"})
    assert other["session_id"] != first["session_id"]
    assert other["messages"] == []


async def test_a_lead_is_kept_with_its_conversation(acme: Workspace, parrot: ModelServer) -> None:
    capture = {"enabled": True, "timing": "before_chat", "consent_text": "We write back."}
    shop = await sync_to_async(on_website)(acme, lead_capture=capture)
    assert (await shop.open())["lead_needed"] is True
    wrong = await shop.call("leads", {"fields": {"email": "nobody"}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["path"] == "fields.email"
    right = await shop.call("leads", {"fields": {"email": "ana@example.com"}})
    assert right.status_code == 204
    lead = await Lead.objects.select_related("conversation").aget()
    assert (lead.email, lead.consent) == ("ana@example.com", "We write back.")
    again = await shop.open(token=shop.token)
    assert again["lead_needed"] is False


async def test_a_browser_may_fill_in_what_it_knows(acme: Workspace) -> None:
    capture = {"enabled": True, "optional_fields": ["phone", "company", "website"]}
    plan = {"name": "plan", "collect_before_chat": True}
    shop = await sync_to_async(on_website)(acme, lead_capture=capture, variables=[plan])
    profile = (await shop.open())["profile"]
    fields = [*profile["lead"]["fields"], *profile["collect"]]
    assert [(field["name"], field["type"], field["autocomplete"]) for field in fields] == [
        ("email", "email", "email"),
        ("phone", "tel", "tel"),
        ("company", "text", "organization"),
        ("website", "url", "url"),
        ("plan", "text", None),
    ]


async def test_what_is_known_of_a_visitor_stands_in_the_lead_form(
    acme: Workspace, parrot: ModelServer
) -> None:
    """Of them alone: what they told before the chat, and how the page names them."""
    capture = {"enabled": True, "optional_fields": ["name", "phone"]}
    asked = {"name": "visitor_name", "collect_before_chat": True}
    shop = await sync_to_async(on_website)(acme, lead_capture=capture, variables=[asked])

    def filled_in(opened: dict[str, Any]) -> dict[str, str]:
        return {each["name"]: each["default"] for each in opened["profile"]["lead"]["fields"]}

    opened = await shop.open()
    assert filled_in(opened) == {"email": "", "name": "", "phone": ""}
    fields = opened["profile"]["lead"]["fields"]
    assert [each["variable"] for each in fields] == ["", "visitor_name", ""]
    who = {"user_id": "ana", "name": "Ana", "email": "ana@example.com"}
    told = filled_in(await shop.open(token=shop.token, identity=who))
    assert told == {"email": "ana@example.com", "name": "Ana", "phone": ""}
    await shop.ask("Hello", variables={"visitor_name": "Ana B."})
    told = filled_in(await shop.open(token=shop.token))
    assert told == {"email": "ana@example.com", "name": "Ana B.", "phone": ""}
    assert filled_in(await shop.open()) == {"email": "", "name": "", "phone": ""}


async def test_what_is_needed_before_the_chat_is_insisted_on(
    acme: Workspace, parrot: ModelServer
) -> None:
    asked = {"name": "mail", "type": "email", "required": True, "collect_before_chat": True}
    shop = await sync_to_async(on_website)(acme, variables=[asked])
    assert (await shop.open())["collect_needed"] is True
    response = await shop.call("messages", {"message": "Hi"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == "variables.mail"
    await shop.ask("Hi", variables={"mail": "ana@example.com"})
    assert (await shop.open(token=shop.token))["collect_needed"] is False


async def test_only_declared_variables_are_kept_of_a_visitor(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    for turn in range(3):
        strange = {f"strange_{turn}_{n}": "x" * 2000 for n in range(40)}
        await shop.ask("Hi", variables=strange | {"visitor_name": f"Ana {turn}"})
    assert "You help Ana 2." in parrot.chats[-1].prompt
    assert (await Conversation.objects.aget()).variables == {"visitor_name": "Ana 2"}
    many = {f"strange_{n}": "x" for n in range(51)}
    assert (await shop.call("messages", {"message": "Hi", "variables": many})).status_code == 422


async def test_the_last_answer_is_given_again(shop: Website, parrot: ModelServer) -> None:
    parrot.reply(Reply("First."))
    parrot.reply(Reply("Second."))
    await shop.open()
    await shop.ask("Hello")
    await shop.ask("", regenerate=True)
    shown = (await shop.open(token=shop.token))["messages"]
    assert [message["content"] for message in shown] == ["Hello", "Second."]
    assert await Message.objects.filter(status="replaced").acount() == 1


async def test_an_answer_is_replaced_once_however_often_another_is_asked_for_at_once(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    await shop.ask("Hello")
    parrot.default = Reply("Another.", first_token_ms=200)
    again = {"message": "", "regenerate": True}
    answers = await asyncio.gather(*(shop.call("messages", again) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    (made,) = (answer for answer in answers if answer.status_code == 200)
    assert (await events(made))[-1][0] == "done"
    said = [m["content"] for m in (await shop.open(token=shop.token))["messages"]]
    assert said == ["Hello", "Another."]
    await shop.ask("", regenerate=True)
    assert await Message.objects.filter(status="replaced").acount() == 2


async def test_who_leaves_before_another_answer_begins_is_in_nobody_s_way_for_long(
    shop: Website, parrot: ModelServer
) -> None:
    await shop.open()
    *_, (_done, said) = await shop.ask("Hello")
    await shop.call("messages", {"message": "", "regenerate": True})  # and nobody reads it
    left: Any = await sync_to_async(cache.ttl)(f"replacing:{said['message_id']}")  # type: ignore[attr-defined]
    assert 0 < left <= 10


async def test_an_answer_keeps_others_waiting_to_its_end_and_not_for_long_if_its_process_is_killed(
    shop: Website, parrot: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "SECONDS", 2)
    monkeypatch.setattr(replacing, "EVERY", 0.2)
    await shop.open()
    *_, (_done, said) = await shop.ask("Hello")
    parrot.default = Reply("Another.", first_token_ms=4000)
    again = {"message": "", "regenerate": True}
    made = asyncio.ensure_future(events(await shop.call("messages", again)))
    await asyncio.sleep(3)
    assert (await shop.call("messages", again)).status_code == 409
    left: Any = await sync_to_async(cache.ttl)(f"replacing:{said['message_id']}")  # type: ignore[attr-defined]
    assert 0 < left <= 2
    assert (await made)[-1][0] == "done"


async def test_an_answer_to_one_that_was_replaced_meanwhile_is_replaced_too(
    shop: Website, parrot: ModelServer
) -> None:
    """Also when the cache, which keeps the others waiting, was emptied in between."""
    await shop.open()
    await shop.ask("Hello")
    parrot.default = Reply("Another.", first_token_ms=200)
    again = {"message": "", "regenerate": True}
    first = await shop.call("messages", again)
    await sync_to_async(cache.clear)()
    second = await shop.call("messages", again)
    await asyncio.gather(events(first), events(second))
    assert len((await shop.open(token=shop.token))["messages"]) == 2


async def test_an_answer_that_failed_is_shown_without_the_model_s_words(
    shop: Website, parrot: ModelServer
) -> None:
    parrot.reply(Reply("One two three", cut_after=2))
    await shop.open()
    error = (await shop.ask("Count"))[-1][1]["message"]
    _question, answer = (await shop.open(token=shop.token))["messages"]
    assert (answer["content"], answer["status"]) == ("One two", "failed")
    assert answer["error"] == error == "The answer could not be given. Try again in a moment."


def test_a_pass_that_is_no_pass_is_none() -> None:
    strange = signing.dumps({"key": "k", "surprise": 1}, salt=tokens.SALT)
    assert tokens.read(strange, "k", "o") is None


async def test_the_welcome_knows_what_the_page_tells(acme: Workspace, parrot: ModelServer) -> None:
    shop = await sync_to_async(on_website)(
        acme,
        variables=[{"name": "who", "default": "you"}],
        appearance={"welcome_message": "Hello {{who}}."},
    )
    assert (await shop.open())["profile"]["welcome_message"] == "Hello you."
    told = await shop.open(token=None, variables={"who": "Ana"})
    assert told["profile"]["welcome_message"] == "Hello Ana."
    await shop.ask("Hi", variables={"who": "Ana"})
    again = await shop.open(token=shop.token)
    assert again["profile"]["welcome_message"] == "Hello Ana."
