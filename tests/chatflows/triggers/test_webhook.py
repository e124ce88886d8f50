"""Calls of a live flow's webhook: answered, refused, repeated, carried on."""

from __future__ import annotations

import asyncio
import base64
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from celery import current_app
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from chatflows import tasks
from chatflows.models import Delivery, Webhook
from chatflows.triggers import deliveries
from common import webhook_signature
from conversations.models import Conversation, Message
from drafts.builder import shown_once
from drafts.deploying import rollback
from drafts.entities import remove
from tests.chatflows.triggers.conftest import (
    CHAT,
    HOOK,
    Caller,
    calling,
    deployed_again,
    flow,
    live_flow,
)
from tests.support.people import signed_in
from workspaces import credentials, keys
from workspaces.models import Credential

if TYPE_CHECKING:
    from drafts.models import Entity
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def orders(bob: Actor) -> Entity:
    return live_flow(bob, flow())


async def _webhook() -> Webhook:
    return await sync_to_async(Webhook.objects.get)()


async def test_a_call_is_answered_with_what_the_flow_says(orders: Entity) -> None:
    hook = await calling(orders)
    answer = await hook.call({"order": 17, "message": "Hello"})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["status"], found["output"], found["data"]) == ("done", "Got 17.", None)
    conversation = await Conversation.objects.aget()
    assert (conversation.channel, conversation.session_id) == ("webhook", found["session_id"])
    asked, said = [each async for each in Message.objects.order_by("created_at")]
    assert (asked.content, said.content) == ("Hello", "Got 17.")
    assert said.trace[0]["output"]["body"] == {"order": 17, "message": "Hello"}


async def test_what_is_said_as_json_comes_as_data(bob: Actor) -> None:
    says = '{"order": {{json(hook.body)}}, "by": "{{hook.query.by}}"}'
    entity = await sync_to_async(live_flow)(bob, flow(says=says))
    hook = await calling(entity)
    answer = await hook.send(b"a=1&a=2", "application/x-www-form-urlencoded", query="?by=x")
    assert answer.json()["data"] == {"order": {"a": ["1", "2"]}, "by": "x"}


async def test_a_flow_reads_headers_but_no_secrets(bob: Actor) -> None:
    entity = await sync_to_async(live_flow)(bob, flow(says="{{json(hook.headers)}}"))
    hook = await calling(entity)
    answer = await hook.call(
        {},
        authorization="Bearer s3cret",
        cookie="a=s3cret",
        x_api_key="s3cret",
        x_auth="s3cret",
        x_forwarded_for="10.0.0.1",
        x_event="paid",
    )
    assert answer.json()["data"]["x-event"] == "paid"
    assert b"s3cret" not in answer.content
    assert b"10.0.0.1" not in answer.content


async def test_a_flow_that_asks_is_carried_on_by_its_session(bob: Actor) -> None:
    document = flow(says="Thank you, {{name}}.")
    question = {"question": "Who are you?", "variable": "name"}
    document["nodes"].append({"id": "ask", "type": "collect_input", "data": question})
    document["edges"] = [
        {"id": "a", "source": "hook", "target": "ask"},
        {"id": "b", "source": "ask", "target": "say"},
    ]
    hook = await calling(await sync_to_async(live_flow)(bob, document))
    first = (await hook.call({"order": 1})).json()
    assert (first["status"], first["output"]) == ("waiting", "Who are you?")
    second = (await hook.call({"message": "Ana", "session_id": first["session_id"]})).json()
    assert (second["status"], second["output"]) == ("done", "Thank you, Ana.")
    assert await Conversation.objects.acount() == 1


async def test_one_that_is_not_there_tells_nothing(orders: Entity, bob: Actor) -> None:
    unknown = await Caller("x" * 32).call({})
    for token in ("x", "é" * 32, "x" * 500):
        other = await Caller(token).call({})
        assert (other.status_code, other.content) == (404, unknown.content)
    hook = await calling(orders)
    await sync_to_async(remove)(bob, orders)
    deleted = await hook.call({})
    assert (deleted.status_code, deleted.content) == (404, unknown.content)


async def test_only_posts_are_taken(orders: Entity) -> None:
    hook = await calling(orders)
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = await hook.call({}, method=method)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("raw", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b'{"a": "\\u0000"}', "application/json", 400),
        (b"[" * 100 + b"]" * 100, "application/json", 400),
        (b'"' + b"x" * 256 * 1024 + b'"', "application/json", 413),
        (b"a=%00", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=1" % n for n in range(101)), "application/x-www-form-urlencoded", 400),
        (b"<a/>", "application/xml", 415),
        (b"x", "multipart/form-data; boundary=x", 415),
        (b"", "text/plain", 200),
        (b"7", "application/vnd.api+json", 200),
        (b"null", "application/json; charset=utf-8", 200),
    ],
)
async def test_what_cannot_be_read_is_refused(
    orders: Entity, raw: bytes, media_type: str, status: int
) -> None:
    answer = await (await calling(orders)).send(raw, media_type)
    assert answer.status_code == status, answer.content
    if status != 200:
        assert answer["Content-Type"] == "application/problem+json"


async def test_a_failure_is_told_plainly_and_kept_in_full(bob: Actor) -> None:
    document = flow()
    asking = {"url": "http://127.0.0.1:1/secret-path", "timeout_seconds": 5}
    document["nodes"].append({"id": "ask", "type": "http", "data": asking})
    document["edges"] = [
        {"id": "a", "source": "hook", "target": "ask"},
        {"id": "b", "source": "ask", "target": "say"},
    ]
    hook = await calling(await sync_to_async(live_flow)(bob, document))
    answer = await hook.call({"order": 1}, idempotency_key="k1")
    assert answer.status_code == 502
    assert b"127.0.0.1" not in answer.content
    failed = await Message.objects.aget(role="assistant")
    assert failed.status == "failed"
    assert "ask" in failed.error
    assert (await _webhook()).last_error == failed.error
    # Its sender sends it again: what may have done something is not done twice.
    again = await hook.call({"order": 1}, idempotency_key="k1")
    assert (again.status_code, again.json()) == (502, answer.json())
    assert await Message.objects.filter(role="assistant").acount() == 1


async def test_the_same_call_is_run_once(orders: Entity) -> None:
    hook = await calling(orders)
    first = await hook.call({"order": 1}, webhook_id="msg_1")
    again = await hook.call({"order": 1}, webhook_id="msg_1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert await Conversation.objects.acount() == 1
    other = await hook.call({"order": 2}, webhook_id="msg_1")
    assert other.status_code == 422
    too_long = await hook.call({}, idempotency_key="x" * 256)
    assert too_long.status_code == 400


async def test_of_the_same_calls_at_once_one_runs(orders: Entity) -> None:
    hook = await calling(orders)
    answers = await asyncio.gather(*(hook.call({"order": 1}, webhook_id="m") for _ in range(5)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert await Conversation.objects.acount() == 1


async def test_a_call_is_forgotten_after_a_day(orders: Entity) -> None:
    hook = await calling(orders)
    await hook.call({"order": 1}, webhook_id="msg_1")
    await Delivery.objects.aupdate(created_at=timezone.now() - timedelta(days=1, seconds=1))
    await sync_to_async(deliveries.sweep)()
    await hook.call({"order": 1}, webhook_id="msg_1")
    assert await Conversation.objects.acount() == 2


async def test_an_interrupted_call_is_told_and_not_begun_again(orders: Entity) -> None:
    hook = await calling(orders)
    await hook.call({"order": 1}, webhook_id="msg_1")
    before = timezone.now() - timedelta(seconds=1)
    lost = {"status": "running", "lease_until": before, "answer": None, "answer_status": None}
    await Delivery.objects.aupdate(**lost)
    for _sweeps in range(2):
        answer = await hook.call({"order": 1}, webhook_id="msg_1")
        assert (answer.status_code, answer.json()["title"]) == (502, "Interrupted")
        await sync_to_async(deliveries.sweep)()
    assert "interrupted" in (await _webhook()).last_error
    assert await Conversation.objects.acount() == 1


SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, yes").decode()


def _signed(
    raw: bytes, secret: str = SECRET, moment: float = 0, name: str = "m1"
) -> dict[str, str]:
    at = str(int(time.time() + moment))
    return {
        "webhook_id": name,
        "webhook_timestamp": at,
        "webhook_signature": f"v1,bm9uZQ== {webhook_signature.signed(secret, name, at, raw)}",
    }


@pytest.fixture
def guarded(bob: Actor) -> Entity:
    made = credentials.create(bob, name="Shop", kind="http", values={"token": SECRET})
    return live_flow(bob, flow({**HOOK, "credential_id": str(made.pk)}))


async def test_a_signed_call_is_let_in_and_others_are_not(guarded: Entity) -> None:
    hook, raw = await calling(guarded), b'{"order": 5}'
    unsigned = await hook.call(raw)
    assert (unsigned.status_code, unsigned["Content-Type"]) == (401, "application/problem+json")
    wrong = [
        _signed(raw, "whsec_AAAA"),
        _signed(b'{"order": 6}'),
        _signed(raw, moment=-310),
        _signed(raw, moment=310),
        _signed(raw) | {"webhook_id": "m2"},
        _signed(raw) | {"webhook_timestamp": "yesterday"},
        _signed(raw) | {"webhook_signature": "v1,é"},
    ]
    for headers in wrong:
        assert (await hook.call(raw, **headers)).status_code == 401
    headers = _signed(raw)
    assert (await hook.call(raw, **headers)).json()["output"] == "Got 5."
    # Somebody who listened sends it again.
    await hook.call(raw, **headers)
    assert await Conversation.objects.acount() == 1


async def test_without_its_credential_no_call_is_let_in(guarded: Entity) -> None:
    await Credential.objects.all().adelete()
    hook, raw = await calling(guarded), b"{}"
    assert (await hook.call(raw, **_signed(raw, ""))).status_code == 503
    assert "credential" in (await _webhook()).last_error


async def test_a_secret_with_nothing_in_it_lets_nobody_in(bob: Actor) -> None:
    make, prefix = sync_to_async(credentials.create), {"token": webhook_signature.PREFIX}
    made = await make(bob, name="Empty", kind="http", values=prefix)
    document = flow({**HOOK, "credential_id": str(made.pk)})
    hook, raw = await calling(await sync_to_async(live_flow)(bob, document)), b"{}"
    assert (await hook.call(raw, **_signed(raw, webhook_signature.PREFIX))).status_code == 503


def test_a_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    secret, name, at = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
    )
    raw = b'{"test": 2432232314}'
    made = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert webhook_signature.signed(secret, name, at, raw) == made
    headers = {"webhook-id": name, "webhook-timestamp": at, "webhook-signature": made}
    webhook_signature.check(secret, headers, raw, int(at) + 299)


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever worker there is hears of nothing."""
    monkeypatch.setattr(current_app, "send_task", lambda *_words, **_more: None)


async def test_a_call_is_taken_while_workers_cannot_be_told(
    bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(*_words: object, **_more: object) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", send)
    entity = await sync_to_async(live_flow)(bob, flow({**HOOK, "respond": "at_once"}))
    hook = await calling(entity)
    assert (await hook.call({"order": 7})).status_code == 202
    assert (await Delivery.objects.aget()).status == Delivery.Status.WAITING


@pytest.mark.usefixtures("no_worker")
async def test_a_call_that_is_answered_at_once_is_run_by_a_worker(bob: Actor) -> None:
    entity = await sync_to_async(live_flow)(bob, flow({**HOOK, "respond": "at_once"}))
    hook = await calling(entity)
    answer = await hook.call({"order": 9}, webhook_id="m1")
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    assert await Conversation.objects.acount() == 0
    again = await hook.call({"order": 9}, webhook_id="m1")
    assert (again.status_code, again.json()) == (202, answer.json())
    row = await Delivery.objects.aget()
    for _times in range(2):
        await sync_to_async(tasks.deliver)(str(row.pk))
    conversation = await Conversation.objects.aget()
    assert conversation.session_id == answer.json()["session_id"]
    assert (await Message.objects.aget(role="assistant")).content == "Got 9."
    assert (await Delivery.objects.aget()).payload == {}
    assert (await hook.call({"order": 9}, webhook_id="m1")).json() == answer.json()


@pytest.mark.usefixtures("no_worker")
async def test_only_so_many_calls_wait(bob: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MOST_WAITING", 2)
    entity = await sync_to_async(live_flow)(bob, flow({**HOOK, "respond": "at_once"}))
    hook = await calling(entity)
    statuses = [(await hook.call({"order": n})).status_code for n in range(3)]
    assert statuses == [202, 202, 429]


async def test_calls_are_limited(orders: Entity, settings: Any) -> None:
    settings.WEBSITE_MESSAGES_PER_HOUR = 2
    hook = await calling(orders)
    answers = [await hook.call({"order": n}, webhook_id=f"m{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0


async def test_wrongly_signed_calls_use_up_nothing_of_the_owners(
    guarded: Entity, settings: Any
) -> None:
    settings.WEBSITE_MESSAGES_PER_HOUR = 1
    hook, raw = await calling(guarded), b'{"order": 5}'
    wrong = [await hook.call(raw, **_signed(raw, "whsec_AAAA")) for _ in range(3)]
    assert [answer.status_code for answer in wrong] == [401, 401, 401]
    assert (await hook.call(raw, **_signed(raw))).status_code == 200
    assert (await hook.call(raw, **_signed(raw, name="m2"))).status_code == 429


async def test_what_is_refused_before_it_runs_may_be_sent_again(
    bob: Actor, model: ModelServer, settings: Any
) -> None:
    document = flow()
    document["nodes"].append({"id": "llm1", "type": "llm", "data": {"prompt": "Hi"}})
    document["edges"] = [
        {"id": "a", "source": "hook", "target": "llm1"},
        {"id": "b", "source": "llm1", "target": "say"},
    ]
    hook = await calling(await sync_to_async(live_flow)(bob, document))
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    assert (await hook.call({"order": 1}, webhook_id="m1")).status_code == 200
    refused = await hook.call({"order": 1}, webhook_id="m2")
    assert refused.status_code == 429
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 0
    assert (await hook.call({"order": 1}, webhook_id="m2")).status_code == 200


async def test_a_release_without_the_start_switches_it_off_and_one_with_it_on(
    orders: Entity, bob: Actor
) -> None:
    hook = await calling(orders)
    await sync_to_async(deployed_again)(bob, orders, flow(CHAT, says="Hi"))
    assert (await hook.call({})).status_code == 410
    entity = await sync_to_async(type(orders).objects.get)(pk=orders.pk)
    await sync_to_async(rollback.rollback)(bob, entity, 1)
    assert (await hook.call({"order": 3})).json()["output"] == "Got 3."


def test_the_address_can_be_replaced(orders: Entity, bob: Actor, vera: Actor) -> None:
    editor, viewer = signed_in(Client(), bob), signed_in(Client(), vera)
    before = Webhook.objects.get().token
    path = f"/w/{bob.workspace.slug}/chatflows/{orders.pk}/webhook/"
    assert viewer.post(path).status_code in {403, 404}
    assert Webhook.objects.get().token == before
    assert editor.post(path).status_code == 302
    row = Webhook.objects.get()
    assert row.token != before
    assert Client().post(f"/hooks/v1/{before}").status_code == 404
    page = path.replace("webhook", "deployment")
    assert row.url in editor.get(page).content.decode()
    assert row.token not in viewer.get(page).content.decode()


def test_a_deploy_tells_the_address_and_no_draft_does(orders: Entity, bob: Actor) -> None:
    _, raw = keys.issue(bob.workspace, "server", "manage")
    client = Client(headers={"Authorization": f"Bearer {raw}"})
    path, row = f"/api/v1/chatflows/{orders.pk}", Webhook.objects.get()
    told = client.get(f"{path}/deployment").json()["channels"]["webhook"]
    assert (told["status"], told["url"], told["error"]) == ("success", row.url, "")
    assert row.token not in client.get(path).content.decode()
    assert row.token not in client.post(f"{path}/draft").content.decode()


@pytest.mark.parametrize(("starts", "is_shown"), [((HOOK,), False), ((HOOK, CHAT), True)])
def test_a_key_to_chat_with_is_shown_where_one_can_chat(
    alice: Actor, starts: tuple[dict[str, Any], ...], *, is_shown: bool
) -> None:
    entity = live_flow(alice, flow(*starts, says="Hello"))
    shown_once.keep(alice, entity.pk, "pxb_secret")
    client = signed_in(Client(), alice)
    page = client.get(f"/w/{alice.workspace.slug}/chatflows/{entity.pk}/deployed/").content.decode()
    assert ("pxb_secret" in page, "#api-title" in page) == (is_shown, is_shown)
    assert ('id="api-title"' in page) is is_shown
