"""Zaps post messages with a key of ours, and are told the answer where they ask for it."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from channels_deploy import connecting, told
from channels_deploy.answering import outbound
from channels_deploy.channels.zapier import channel
from channels_deploy.models import Chat
from conversations.models import Conversation
from tests.channels_deploy.messengers.conftest import PUBLIC_URL, Bot
from tests.conversations.conftest import deployed
from tests.servers.flood import CHUNKED, HEADER, ONE_BYTE, Flood
from workspaces import keys

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from tests.servers.receiver import ReceiverServer
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def zaps(alice: Actor, model: ModelServer, redis_clean: None, settings: Any) -> Bot:
    """A chatbot that is live for Zaps."""
    settings.PUBLIC_URL = PUBLIC_URL
    entity = deployed(alice.workspace)
    connecting.sync(entity, {"zapier": {"webhook_url": None}})
    return Bot(entity, entity.connections.get())


def key_of(workspace: Workspace, scope: str = "manage", **more: Any) -> str:
    return keys.issue(workspace, "Zapier", scope, **more)[1]


def post(bot: Bot, key: str, body: Any, **headers: str) -> Any:
    address = told.results(bot.entity)["zapier"]["webhook_url"].removeprefix(PUBLIC_URL)
    given = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().post(
        address, json.dumps(body), content_type="application/json", headers=given | headers
    )


def test_it_is_live_with_the_deploy(zaps: Bot) -> None:
    result = told.results(zaps.entity)["zapier"]
    assert result["status"] == "success"
    assert result["webhook_url"] == f"{PUBLIC_URL}/webhooks/zapier/{zaps.entity.pk}"
    assert result["auth_test_url"] == f"{PUBLIC_URL}/api/v1/me"


def test_a_message_is_taken_once_and_answered_in_its_conversation(
    zaps: Bot, model: ModelServer
) -> None:
    key = key_of(zaps.entity.workspace)
    body = {"message": "Hello", "session_id": "crm-7", "id": "deal-7", "name": "Ana"}
    answers = [post(zaps, key, body) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["session_id"] == "crm-7"
    zaps.answer()
    talk = Conversation.objects.get()
    assert (talk.channel, talk.session_id, talk.message_count) == ("zapier", "crm-7", 2)
    assert talk.visitor == {"name": "Ana"}
    assert not zaps.outbound


def test_without_a_session_each_message_begins_a_conversation(zaps: Bot) -> None:
    key = key_of(zaps.entity.workspace)
    for _ in range(2):
        post(zaps, key, {"message": "Hello"})
    same = {"message": "Hello again"}
    for _ in range(2):
        post(zaps, key, same, **{"Idempotency-Key": "k-1"})
    zaps.answer()
    assert Conversation.objects.count() == 3


def test_a_form_is_read_too(zaps: Bot) -> None:
    key = key_of(zaps.entity.workspace)
    answer = Client().post(
        f"/webhooks/zapier/{zaps.entity.pk}",
        "message=Hello+there&session_id=f-1",
        content_type="application/x-www-form-urlencoded",
        headers={"X-API-Key": key},
    )
    assert answer.status_code == 200
    assert zaps.inbound[0].text == "Hello there"


@pytest.mark.parametrize("key", ["", "pxb_none_x"], ids=["no key", "a wrong one"])
def test_without_a_key_nothing_is_taken(zaps: Bot, key: str) -> None:
    assert post(zaps, key, {"message": "Hello"}).status_code == 401
    assert not zaps.inbound


def test_keys_of_others_open_nothing(zaps: Bot, evil: Workspace) -> None:
    other = deployed(zaps.entity.workspace)
    assert post(zaps, key_of(evil), {"message": "Hello"}).status_code == 401
    of_another_bot = key_of(zaps.entity.workspace, "chat", subject_id=other.pk)
    refused = post(zaps, of_another_bot, {"message": "Hello"})
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "This API key is another bot's.",
    )
    assert not zaps.inbound
    own = key_of(zaps.entity.workspace, "chat", subject_id=zaps.entity.pk)
    assert post(zaps, own, {"message": "Hello"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({}, "message", id="nothing"),
        pytest.param({"message": " "}, "message", id="blank"),
        pytest.param({"message": "Hi", "session_id": "a b"}, "session_id", id="session"),
        pytest.param({"message": "Hi", "callback_url": "ftp://x"}, "callback_url", id="callback"),
        pytest.param({"message": "Hi", "system_prompt": "x"}, "system_prompt", id="unknown"),
    ],
)
def test_what_is_wrong_is_told(zaps: Bot, body: Any, path: str) -> None:
    answer = post(zaps, key_of(zaps.entity.workspace), body)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_the_answer_goes_where_the_zap_wants_it(
    zaps: Bot, model: ModelServer, receiver: ReceiverServer
) -> None:
    model.reply("It is **free**.")
    hook = receiver.catch_hook()
    body = {"message": "How much?", "callback_url": hook.url}
    post(zaps, key_of(zaps.entity.workspace), body)
    zaps.answer()
    (row,) = zaps.outbound
    assert row.status == "sent"
    (call,) = receiver.calls
    assert call.json == {"id": str(row.pk), "text": "It is free.", "channel": "zapier"}


def test_a_callback_that_is_busy_is_left_alone_for_as_long_as_it_asks(
    zaps: Bot, model: ModelServer, receiver: ReceiverServer
) -> None:
    hook = receiver.catch_hook()
    receiver.busy(hook, 1, nth=1)
    receiver.busy(hook, 600, nth=2)
    body = {"message": "How much?", "callback_url": hook.url}
    post(zaps, key_of(zaps.entity.workspace), body)
    zaps.answer()
    first, second = receiver.calls
    assert second.at - first.at >= 1
    (row,) = zaps.outbound
    assert (row.status, row.attempts) == ("waiting", 2)
    Chat.objects.update(lease_until=None)
    zaps.answer()
    assert zaps.outbound[0].status == "sent"
    assert len(hook.taken) == 1


def test_a_callback_into_the_private_network_is_refused(zaps: Bot, model: ModelServer) -> None:
    body = {"message": "Hi", "callback_url": "http://169.254.169.254/latest"}
    post(zaps, key_of(zaps.entity.workspace), body)
    zaps.answer()
    (row,) = zaps.outbound
    assert row.status == "failed"
    assert "private network" in row.error


@pytest.mark.usefixtures("model")
def test_a_callback_to_what_is_no_name_is_told(zaps: Bot) -> None:
    body = {"message": "Hi", "callback_url": "https://xn--.example/x"}
    post(zaps, key_of(zaps.entity.workspace), body)
    zaps.answer()
    (row,) = zaps.outbound
    assert row.error == "The callback address cannot be reached."


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Answers are sent once, to addresses of this machine too."""
    monkeypatch.setattr(outbound, "MOST_SENDINGS", 1)
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.mark.usefixtures("model", "once")
@pytest.mark.parametrize(
    ("begins", "again", "status"),
    [(CHUNKED, ONE_BYTE, "sent"), (b"HTTP/1.1 200 OK\r\n", HEADER, "unknown")],
    ids=["its body", "its head"],
)
def test_an_answer_without_end_is_not_waited_for(
    zaps: Bot, begins: bytes, again: bytes, status: str
) -> None:
    with Flood(begins, again) as endless:
        post(zaps, key_of(zaps.entity.workspace), {"message": "Hi", "callback_url": endless.url})
        zaps.answer()
    (row,) = zaps.outbound
    assert row.status == status


@pytest.mark.usefixtures("model", "once")
def test_whoever_never_answers_is_given_up(zaps: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        post(zaps, key_of(zaps.entity.workspace), {"message": "Hi", "callback_url": url})
        zaps.answer()
    (row,) = zaps.outbound
    assert (row.status, row.error) == ("unknown", "The callback address did not answer.")
