"""What Zapier asks for: a test of the key, hooks on and off, examples, and polling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from conversations import handoff
from conversations.leads import record_lead
from conversations.models import Conversation
from tests.webhooks.conftest import EVERY, Program
from webhooks.models import Subscription
from workspaces import keys

if TYPE_CHECKING:
    from tests.servers.receiver import Hook
    from tests.webhooks.conftest import Desk
    from workspaces.access import Actor

ZAP = "https://hooks.zapier.com/hooks/standard/12345/0123456789abcdef/"


@pytest.fixture
def zap(desk: Desk, settings: Any) -> Hook:
    """A Zap that is on, at a host that the server's owner has named."""
    settings.ZAPIER_HOSTS = [desk.receiver.url.removeprefix("http://")]
    return desk.receiver.zap()


def test_a_key_says_whom_it_stands_for(api: Program, alice: Actor) -> None:
    found = api("GET", "me")
    assert found.status_code == 200
    assert found.json() == {
        "id": str(api.row.pk),
        "name": "Zapier",
        "scope": "manage",
        "workspace_id": str(alice.workspace_id),
        "workspace": "Acme",
        "email": "alice@example.com",
    }


def test_a_bad_key_is_401_and_a_key_that_may_only_chat_403(
    api: Program, desk: Desk, alice: Actor
) -> None:
    bad = Program("pxb_abcdefghij_" + "x" * 43)("GET", "me")
    assert (bad.status_code, bad["Content-Type"]) == (401, "application/problem+json")
    assert Client().get("/api/v1/me").status_code == 401
    chat = keys.issue(alice.workspace, "Chat", "chat", desk.bot.pk, by=alice)[1]
    assert Program(chat)("GET", "me").status_code == 403
    assert Program(chat)("GET", "hooks/samples?event=lead.created").status_code == 403


def test_a_zap_is_switched_on_told_and_off(desk: Desk, api: Program, zap: Hook) -> None:
    body = {"target_url": zap.url, "event": "message.created"}
    made = api("POST", "hooks", body)
    assert made.status_code == 201
    assert desk.told == []  # nothing is sent while it is made
    desk.say()
    desk.work()
    assert len(zap.taken) == 2
    assert {each.json["type"] for each in zap.taken} == {"message.created"}
    path = f"hooks/{made.json()['id']}"
    assert [api("DELETE", path).status_code for _ in range(2)] == [204, 204]
    desk.say("s-2")
    desk.sweep()
    assert len(zap.taken) == 2


def test_a_zap_that_is_switched_on_again_has_the_same_id(
    desk: Desk, api: Program, zap: Hook
) -> None:
    body = {"target_url": zap.url, "event": "message.created"}
    first, again = (api("POST", "hooks", body).json()["id"] for _ in range(2))
    assert first == again
    Subscription.objects.update(status="disabled", reason="failing")
    third = api("POST", "hooks", {**body, "chatbot_id": str(desk.bot.pk)})
    assert (third.status_code, third.json()["id"]) == (201, first)
    assert (desk.row.status, desk.row.entity_id) == ("active", desk.bot.pk)
    other = api("POST", "hooks", {**body, "event": "lead.created"}).json()["id"]
    assert other != first


def test_a_dead_zap_is_forgotten(desk: Desk, api: Program, zap: Hook) -> None:
    made = api("POST", "hooks", {"target_url": zap.url, "event": "conversation.created"}).json()
    zap.gone = True
    desk.say()
    desk.work()
    assert desk.row.status == "ended"
    assert desk.row.encrypted == ""
    assert not desk.row.deliveries.exists()
    assert api("GET", "webhooks").json()["results"] == []
    assert api("DELETE", f"hooks/{made['id']}").status_code == 204


@pytest.mark.parametrize(
    ("target", "words"),
    [
        pytest.param("http://hooks.zapier.com/hooks/standard/1/a/", "https://", id="not https"),
        pytest.param("https://example.com/hooks/", "hooks.zapier.com", id="another host"),
        pytest.param("https://hooks.zapier.com.evil.example/", "hooks.zapier.com", id="a tail"),
        pytest.param("https://a@hooks.zapier.com/", "user name", id="a user"),
        pytest.param("https://hooks.zapier.com:8443/", "not allowed", id="another port"),
        pytest.param("https://evil.example\\@hooks.zapier.com/", "characters", id="a backslash"),
        pytest.param("https://127.0.0.1/", "hooks.zapier.com", id="this machine"),
        pytest.param("ftp://hooks.zapier.com/", "not an address", id="not the web"),
        pytest.param("https://hooks.zapier.com/#x", "after #", id="a fragment"),
    ],
)
def test_other_addresses_are_refused(api: Program, target: str, words: str) -> None:
    refused = api("POST", "hooks", {"target_url": target, "event": "message.created"})
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["path"] == "target_url"
    assert words in error["message"]
    assert not Subscription.objects.exists()


def test_hooks_of_another_workspace_are_not_there(
    api: Program, evil_api: Program, desk: Desk
) -> None:
    made = api("POST", "hooks", {"target_url": ZAP, "event": "message.created"}).json()["id"]
    assert evil_api("DELETE", f"hooks/{made}").status_code == 404
    assert desk.row.status == "active"
    same = evil_api("POST", "hooks", {"target_url": ZAP, "event": "message.created"})
    assert same.json()["id"] != made
    stolen = {"target_url": ZAP, "event": "lead.created", "chatbot_id": str(desk.bot.pk)}
    assert evil_api("POST", "hooks", stolen).status_code == 422


@pytest.mark.parametrize("event", EVERY)
def test_where_nothing_happened_there_is_one_example(
    api: Program, evil_api: Program, desk: Desk, event: str
) -> None:
    desk.say(handoff="Help")
    record_lead(desk.bot, "s-1", {"email": "ana@example.com"}, channel="website")
    (sample,) = evil_api("GET", f"hooks/samples?event={event}").json()
    assert evil_api("GET", f"hooks/events?event={event}").json() == []
    (real, *_) = api("GET", f"hooks/samples?event={event}").json()
    assert sample.keys() == real.keys()
    assert sample["data"].keys() == real["data"].keys()
    for name, part in sample["data"].items():
        assert part.keys() == real["data"][name].keys(), name


@pytest.mark.parametrize("event", EVERY)
def test_what_is_asked_for_is_what_is_sent(desk: Desk, api: Program, event: str) -> None:
    desk.webhook(event)
    for number in range(2):
        desk.say(f"s-{number}", handoff="Help")
        record_lead(desk.bot, f"s-{number}", {"email": f"{number}@example.com"}, channel="website")
        desk.work()
    asked = api("GET", f"hooks/events?event={event}").json()
    sent = {each.json["id"]: each.json for each in desk.hook.taken}
    assert [sent[each["id"]] for each in asked] == asked
    assert len(sent) == len(asked)
    times = [each["timestamp"] for each in asked]
    assert times == sorted(times, reverse=True)
    assert api("GET", f"hooks/samples?event={event}").json() == asked[:3]
    of_bot = f"hooks/events?event={event}&chatbot_id={desk.bot.pk}"
    assert api("GET", of_bot).json() == asked
    conversation = Conversation.objects.latest("created_at").pk
    assert api("GET", f"hooks/events?event={event}&assistant_id={conversation}").json() == []


def test_that_somebody_stepped_in_is_no_handoff_that_was_requested(
    desk: Desk, api: Program
) -> None:
    desk.webhook("handoff.requested")
    handoff.take_over(desk.alice, desk.say().pk)
    desk.work()
    assert api("GET", "hooks/events?event=handoff.requested").json() == []
    assert not desk.told


def test_polls_have_an_end(desk: Desk, api: Program) -> None:
    for number in range(60):
        desk.say(f"s-{number}")
    found = api("GET", "hooks/events?event=message.created").json()
    assert len({each["id"] for each in found}) == 100


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("", "event"),
        ("event=nothing", "event"),
        ("event=lead.created&since=1", "since"),
        ("event=lead.created&assistant_id=x", "assistant_id"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(api: Program, query: str, path: str) -> None:
    for name in ("samples", "events"):
        refused = api("GET", f"hooks/{name}?{query}")
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["path"] == path
