"""What people do with a live channel, and with the credential that it is made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channels_deploy import by_hand, channels, connecting
from channels_deploy.models import Connection
from common.problems import Problem
from drafts import creating, editing
from drafts.access import open_draft
from drafts.deploying import channels as entity_channels
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.channels_deploy.messengers.conftest import on_telegram
from tests.servers.telegram import TOKEN
from tests.support.product import wait_until
from workspaces import credentials
from workspaces.models import AuditEntry, Credential

if TYPE_CHECKING:
    from drafts.models import Entity
    from tests.servers.telegram import TelegramServer
    from workspaces.access import Actor

CHATBOTS = draft_types.get("chatbot")
SITE = {"type": "website", "enabled": True, "config": {"allowed_domains": ["shop.example"]}}
CHANNEL = "deployment.channels.telegram.config"


def carry_out(row: Connection) -> Connection:
    """Whatever is to be done with it, here or by a worker that other tests have started."""
    waiting = Connection.objects.filter(pk=row.pk, status="pending")

    def is_done() -> bool:
        if connecting.attempt(row.pk):
            waiting.update(lease_until=None)
        return not waiting.exists()

    wait_until(is_done)
    return Connection.objects.filter(pk=row.pk).first() or Connection()


def entity_of(row: Connection) -> Entity:
    """The entity as it is now."""
    entity = Connection.objects.select_related("entity__live_release").get(pk=row.pk).entity
    assert entity is not None
    return entity


def planned(bob: Actor, draft_id: str) -> dict[str, tuple[str, str]]:
    """What the plan says of each channel: the action, and the note."""
    found = deploy.plan(bob, open_draft(bob, CHATBOTS, draft_id))
    return {each.type: (each.action, each.note) for each in found.channels}


@pytest.fixture
def row(telegram: TelegramServer, alice: Actor) -> Connection:
    """The Telegram channel of a chatbot that was deployed to it and to a website."""
    values = {"bot_token": TOKEN}
    key = credentials.create(alice, name="Our bot", kind="telegram", values=values)
    telegram_channel = {"type": "telegram", "enabled": True, "config": {"bot_token": str(key.pk)}}
    data = {"name": "Helper", "system_prompt": "Help.", "deployment": {"channels": []}}
    data["deployment"] = {"channels": [SITE, telegram_channel]}
    result = deploy.deploy(alice, CHATBOTS, creating.create(alice, CHATBOTS, data).id)
    found = carry_out(result.entity.connections.get(channel="telegram"))
    assert (found.status, telegram.webhook.secret) == ("success", found.webhook_secret)
    return found


def test_switched_off_it_is_withdrawn_and_no_deploy_brings_it_back(
    row: Connection, alice: Actor, telegram: TelegramServer
) -> None:
    entity = entity_of(row)
    entity_channels.switch(alice, entity, "telegram", on=False)
    off = carry_out(row)
    assert (off.status, off.enabled, telegram.webhook.url) == ("disabled", False, "")
    draft = creating.create_from_entity(alice, entity)
    words = "It stays off: it was switched off by hand."
    assert planned(alice, draft.id) == {"website": ("keep", ""), "telegram": ("keep", words)}
    deploy.deploy(alice, CHATBOTS, draft.id)
    assert carry_out(row).status == "disabled"
    assert telegram.webhook.url == ""
    telegram.advance(2)
    entity_channels.switch(alice, entity, "telegram", on=True)
    assert carry_out(row).status == "success"
    assert telegram.webhook.url.endswith(row.path)
    actions = AuditEntry.objects.filter(action__startswith="channel.").order_by("at")
    assert [(e.action, e.target) for e in actions] == [
        ("channel.switched_off", "Helper: Telegram"),
        ("channel.switched_on", "Helper: Telegram"),
    ]


def test_a_release_without_it_ends_that_it_is_off_by_hand(
    row: Connection, alice: Actor, telegram: TelegramServer
) -> None:
    telegram.advance(2)
    by_hand.disable(entity_of(row), "telegram")
    carry_out(row)
    for enabled in (False, True):
        draft = creating.create_from_entity(alice, entity_of(row))
        change = {"deployment": {"channels": {"telegram": {"enabled": enabled}}}}
        editing.patch(alice, CHATBOTS, draft.id, change)
        action, _note = planned(alice, draft.id)["telegram"]
        assert action == ("register" if enabled else "remove")
        assert deploy.plan(alice, open_draft(alice, CHATBOTS, draft.id)).breaking == ()
        deploy.deploy(alice, CHATBOTS, draft.id)
    assert carry_out(row).status == "success"


def test_only_what_was_switched_off_by_hand_is_switched_on(row: Connection) -> None:
    entity = entity_of(row)
    by_hand.enable(entity, "telegram")
    by_hand.disable(entity, "website")
    by_hand.disable(entity, "website")
    assert entity.connections.get(channel="website").status == "disabled"
    with pytest.raises(Problem) as off:
        by_hand.retry(entity, "website")
    assert off.value.status == 409
    by_hand.enable(entity, "website")
    assert entity.connections.get(channel="website").status == "success"
    connecting.sync(entity, {})
    with pytest.raises(Problem) as not_asked_for:
        by_hand.enable(entity, "website")
    assert not_asked_for.value.status == 409


def test_removed_it_is_withdrawn_forgotten_and_in_no_draft(
    row: Connection, alice: Actor, telegram: TelegramServer
) -> None:
    entity = entity_of(row)
    before = creating.create_from_entity(alice, entity)
    entity_channels.remove(alice, entity, "telegram")
    entity.refresh_from_db()
    assert entity.live_release is not None
    assert (entity.live_release.number, entity.live_release.note) == (2, "Telegram removed")
    carry_out(row)
    assert not Connection.objects.filter(pk=row.pk).exists()
    assert telegram.webhook.url == ""
    draft = creating.create_from_entity(alice, entity)
    assert [each["type"] for each in draft.data["deployment"]["channels"]] == ["website"]
    assert planned(alice, draft.id) == {"website": ("keep", "")}
    # One that was begun before is told that another version went live, and what this one would do.
    with pytest.raises(Problem) as moved_on:
        deploy.deploy(alice, CHATBOTS, before.id)
    assert moved_on.value.status == 409
    assert {"type": "telegram", "action": "register", "note": ""} in moved_on.value.extra["plan"][
        "channels"
    ]


def test_what_cannot_be_withdrawn_is_forgotten_at_the_second_time(
    row: Connection, alice: Actor, telegram: TelegramServer
) -> None:
    telegram.rule("deleteWebhook", "status", status=400)
    entity_channels.remove(alice, entity_of(row), "telegram")
    stuck = carry_out(row)
    assert (stuck.status, stuck.enabled) == ("error", False)
    entity_channels.remove(alice, entity_of(stuck), "telegram")
    assert not Connection.objects.filter(pk=row.pk).exists()


def test_asked_for_again_it_does_not_go(row: Connection, telegram: TelegramServer) -> None:
    telegram.advance(2)
    entity = entity_of(row)
    by_hand.forget(entity, "telegram")
    connecting.sync(entity, {"telegram": row.config})
    assert carry_out(row).status == "success"


def test_new_values_connect_it_again(telegram: TelegramServer, alice: Actor) -> None:
    bot = on_telegram(alice, token="123:wrong")
    assert bot.connect().error == "Invalid bot token"
    stored = Credential.objects.get()
    credentials.replace(alice, stored, {"bot_token": TOKEN})
    assert bot.connect().status == "success"
    # Another name changes nothing there.
    credentials.replace(alice, stored, {"bot_token": TOKEN}, name="Renamed")
    bot.connection.refresh_from_db()
    assert bot.connection.status == "success"


def test_the_bot_of_before_is_let_go(row: Connection, alice: Actor) -> None:
    """What the old token points at us, the new one cannot take back."""
    stored = Credential.objects.get()
    credentials.replace(alice, stored, {"bot_token": "123:wrong"})
    assert TOKEN not in Connection.objects.get(pk=row.pk).parting
    after = carry_out(row)
    assert (after.status, after.error, after.parting) == ("error", "Invalid bot token", "")


def test_another_credential_lets_the_bot_of_before_go(
    row: Connection, alice: Actor, telegram: TelegramServer
) -> None:
    values = {"bot_token": "123:wrong"}
    other = credentials.create(alice, name="Other", kind="telegram", values=values)
    draft = creating.create_from_entity(alice, entity_of(row))
    config = {"config": {"bot_token": str(other.pk)}}
    editing.patch(alice, CHATBOTS, draft.id, {"deployment": {"channels": {"telegram": config}}})
    words = "It is connected again, with another credential."
    assert planned(alice, draft.id)["telegram"] == ("update", words)
    deploy.deploy(alice, CHATBOTS, draft.id)
    assert carry_out(row).error == "Invalid bot token"
    assert telegram.webhook.url == ""


def test_a_deleted_credential_ends_it(
    row: Connection, alice: Actor, telegram: TelegramServer
) -> None:
    credentials.delete(alice, Credential.objects.get())
    gone = carry_out(row)
    assert gone.status == "error"
    assert "credential is gone" in gone.error
    assert (telegram.webhook.url, gone.parting) == ("", "")


def test_what_failed_is_tried_again_by_the_next_deploy(row: Connection, alice: Actor) -> None:
    Connection.objects.filter(pk=row.pk).update(status="error", error="It said no.")
    draft = creating.create_from_entity(alice, entity_of(row))
    words = "It is not connected yet, and is tried again."
    assert planned(alice, draft.id)["telegram"] == ("register", words)


def test_nobody_else_s_credential_is_followed(
    row: Connection, mallory: Actor, alice: Actor
) -> None:
    values = {"bot_token": "999:of-somebody-else"}
    foreign = credentials.create(mallory, name="Theirs", kind="telegram", values=values)
    Connection.objects.filter(pk=row.pk).update(config={"bot_token": str(foreign.pk)})
    credentials.replace(mallory, foreign, {"bot_token": "999:another"})
    assert Connection.objects.get(pk=row.pk).status == "success"


def test_a_document_loses_only_the_channel_that_is_removed() -> None:
    assert channels.without({"deployment": {"channels": [SITE]}}, "telegram") is None
    assert channels.without({"deployment": {"channels": [SITE]}}, "website") == {
        "deployment": {"channels": []}
    }
