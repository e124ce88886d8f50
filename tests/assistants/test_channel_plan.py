"""What the plan says of channels: what is known to go wrong, and changes in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from channels_deploy.models import Connection
from drafts import creating, editing
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.support.people import signed_in
from workspaces import credentials
from workspaces.models import Credential

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from drafts.channel_changes import ChannelChange
    from drafts.draft import Draft
    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean", "model")]

CHATBOTS = draft_types.get("chatbot")
TOKENS = {
    "telegram": {"bot_token": "7000000001:AAE-test_0123456789abcdefghijklmnop"},
    "discord": {"bot_token": "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gtest1.0123456789abcdef0123456789abcdef"},
    "whatsapp": {
        "access_token": "EAAtest0123456789abcdefghij",
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "app_secret": "0123456789abcdef0123456789abcdef",
    },
}
ACCOUNTS: dict[str, dict[str, Any]] = {
    "telegram": {"bot_id": 7000000001},
    "discord": {"application_id": "123456789012345678"},
    "whatsapp": {"waba_id": "102290129340398"},
}
FIELD = {"telegram": "bot_token", "discord": "bot_token", "whatsapp": "credential_id"}
EVERY = pytest.mark.parametrize("channel", [*TOKENS])


@pytest.fixture(autouse=True)
def _on_the_internet(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://bots.example"


def stored(actor: Actor, channel: str, name: str = "Our account") -> Credential:
    return credentials.create(actor, name=name, kind=channel, values=TOKENS[channel])


def using(channel: str, credential: Credential) -> dict[str, Any]:
    return {"type": channel, "enabled": True, "config": {FIELD[channel]: str(credential.pk)}}


def draft_with(actor: Actor, name: str, *channels: dict[str, Any], **more: Any) -> Draft:
    deployment = {"channels": list(channels), **more}
    data = {"name": name, "system_prompt": "Help.", "deployment": deployment}
    return creating.create(actor, CHATBOTS, data)


def live(actor: Actor, name: str, *channels: dict[str, Any], **more: Any) -> Entity:
    """A chatbot whose channels are all connected, as the account of ``TOKENS``."""
    draft = draft_with(actor, name, *channels, **more)
    entity = deploy.deploy(actor, CHATBOTS, draft.id).entity
    for row in entity.connections.all():
        facts = ACCOUNTS.get(row.channel, {})
        Connection.objects.filter(pk=row.pk).update(status="success", facts=facts)
    return entity


def planned(actor: Actor, draft: Draft) -> dict[str, ChannelChange]:
    return {each.type: each for each in deploy.plan(actor, draft).channels}


def changed(actor: Actor, entity: Entity, **deployment: Any) -> Draft:
    draft = creating.create_from_entity(actor, entity)
    editing.patch(actor, CHATBOTS, draft.id, {"deployment": deployment})
    return open_draft(actor, CHATBOTS, draft.id)


@EVERY
def test_an_account_that_answers_for_another_bot_is_told_before(alice: Actor, channel: str) -> None:
    first = stored(alice, channel)
    live(alice, "Support", using(channel, first))
    again = stored(alice, channel, "The same")
    found = planned(alice, draft_with(alice, "Sales", using(channel, again)))[channel]
    words = "The account of “The same” answers for “Support”, and for one bot only."
    assert (found.action, found.note) == ("register", words)
    assert found.limit is not None
    assert (found.limit.words, found.limit.idle) == ("In use elsewhere", True)
    assert found.limit.path == f"deployment.channels.{channel}.config.{FIELD[channel]}"


@EVERY
def test_of_another_workspace_nothing_is_told_but_that(
    alice: Actor, mallory: Actor, channel: str
) -> None:
    live(mallory, "Secret plans", using(channel, stored(mallory, channel)))
    draft = draft_with(alice, "Sales", using(channel, stored(alice, channel)))
    found = planned(alice, draft)[channel]
    assert found.note == "The account of “Our account” answers for another bot, and for one only."


@EVERY
def test_its_own_account_is_nobody_else_s(alice: Actor, channel: str) -> None:
    entity = live(alice, "Support", using(channel, stored(alice, channel)))
    draft = creating.create_from_entity(alice, entity)
    [found] = deploy.plan(alice, draft).channels
    assert (found.action, found.note, found.limit) == ("keep", "", None)


def test_what_its_service_refused_is_told_until_it_is_replaced(
    client: Client, alice: Actor
) -> None:
    credential = stored(alice, "telegram")
    words = "Invalid bot token"
    credentials.note_refusal(alice.workspace_id, credential.pk, TOKENS["telegram"], words)
    draft = draft_with(alice, "Sales", using("telegram", credential))
    found = planned(alice, draft)["telegram"]
    assert found.note == "Telegram refused “Our account” when it was last tried: Invalid bot token"
    signed_in(client, alice)
    base = f"/w/acme/chatbots/draft/{draft.id}"
    for page in ("plan", "deploy"):
        html = client.get(f"{base}/{page}/").content.decode()
        assert "Credential refused" in html
        assert found.note in html
    answer: Any = deploy.plan(alice, draft).as_dict()
    assert answer["channels"] == [{"type": "telegram", "action": "register", "note": found.note}]
    credential.refresh_from_db()
    other = {"bot_token": "7000000002:AAE-test_0123456789abcdefghijklmnop"}
    credentials.note_refusal(alice.workspace_id, credential.pk, other, "Of other values")
    credential.refresh_from_db()
    assert credential.refusal == words
    credentials.replace(alice, credential, TOKENS["telegram"])
    assert planned(alice, draft)["telegram"].limit is None


def test_a_channel_that_is_off_by_hand_is_told_of_nothing_else(alice: Actor) -> None:
    entity = live(alice, "Support", using("telegram", stored(alice, "telegram")))
    row = Connection.objects.filter(entity=entity)
    row.update(enabled=False, paused=True, status="disabled")
    Credential.objects.update(refusal="Invalid bot token")
    found = planned(alice, creating.create_from_entity(alice, entity))["telegram"]
    assert found.note == "It stays off: it was switched off by hand."


def test_what_the_widget_shows_changes_the_website(alice: Actor) -> None:
    website = {"type": "website", "enabled": True, "config": {"allowed_domains": ["shop.example"]}}
    entity = live(alice, "Support", website, {"type": "zapier", "enabled": True})
    found = planned(alice, changed(alice, entity, widget={"launcher_text": "Ask us"}))
    assert (found["website"].action, found["zapier"].action) == ("update", "keep")
    assert found["website"].note == "What the widget shows changes."


def test_channels_are_planned_in_the_order_in_which_people_know_them(alice: Actor) -> None:
    names = ["zapier", "whatsapp", "website", "discord", "telegram"]
    entity = live(alice, "Support", *({"type": name, "enabled": True} for name in names[:2]))
    channels = [{"type": name, "enabled": True} for name in names]
    found = planned(alice, changed(alice, entity, channels=channels))
    assert list(found) == ["website", "telegram", "discord", "whatsapp", "zapier"]


def test_a_channel_that_comes_is_told_by_names(client: Client, alice: Actor) -> None:
    entity = live(alice, "Support")
    credential = stored(alice, "whatsapp", "Our number")
    website = {"type": "website", "enabled": True, "config": {"allowed_domains": ["shop.example"]}}
    draft = changed(alice, entity, channels=[using("whatsapp", credential), website])
    signed_in(client, alice)
    html = client.get(f"/w/acme/chatbots/draft/{draft.id}/plan/").content.decode()
    assert re.search(r">\s*WhatsApp\s*<", html)
    assert "On\nCredential: Our number" in html
    assert "Allowed domains: shop.example" in html
    assert str(credential.pk) not in html
    assert "Type: whatsapp" not in html


def test_another_credential_is_told_with_the_channel_that_it_is_for(
    client: Client, alice: Actor
) -> None:
    first = stored(alice, "telegram", "Old bot")
    entity = live(alice, "Support", using("telegram", first))
    draft = changed(alice, entity, channels=[using("telegram", stored(alice, "telegram", "New"))])
    signed_in(client, alice)
    html = client.get(f"/w/acme/chatbots/draft/{draft.id}/plan/").content.decode()
    assert re.search(r">\s*Telegram: Credential\s*<", html)


def test_the_button_does_not_speak_of_changes_where_there_are_none(
    client: Client, alice: Actor
) -> None:
    entity = live(alice, "Support")
    draft = creating.create_from_entity(alice, entity)
    signed_in(client, alice)
    html = client.get(f"/w/acme/chatbots/draft/{draft.id}/plan/").content.decode()
    assert "Deploy all the same" in html
    assert "Deploy the changes" not in html
    changed_one = changed(alice, entity, widget={"launcher_text": "Ask us"})
    html = client.get(f"/w/acme/chatbots/draft/{changed_one.id}/plan/").content.decode()
    assert "Deploy the changes" in html
