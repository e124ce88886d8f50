"""The stand-ins for people's endpoints and Zapier's take what is right, and say what is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers.channel_calls import Call
from tests.servers.receiver import PER_SECOND, SECRET, Hook, wrong_signature

if TYPE_CHECKING:
    from tests.servers.receiver import ReceiverServer

BODY = json.dumps({"id": "evt_1", "event": "message.created"}).encode()


def signed(receiver: ReceiverServer, **changed: str) -> dict[str, str]:
    moment = str(int(receiver.now()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    made = hmac.new(key, f"evt_1.{moment}.".encode() + BODY, hashlib.sha256).digest()
    headers = {
        "webhook-id": "evt_1",
        "webhook-timestamp": moment,
        "webhook-signature": f"v1a,other v1,{base64.b64encode(made).decode()}",
    }
    return {**headers, **changed}


def post(hook: Hook, content: Any = BODY, **headers: str) -> httpx.Response:
    return httpx.post(
        hook.url, content=content, headers={"Content-Type": "application/json", **headers}
    )


def test_the_published_example_of_standard_webhooks_verifies() -> None:
    call = Call(
        "POST",
        "/",
        {},
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        b'{"test": 2432232314}',
        at=1614265330,
    )

    assert wrong_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", call) == ""


def test_what_is_signed_is_taken(receiver: ReceiverServer) -> None:
    hook = receiver.hook()

    answer = post(hook, **signed(receiver))

    assert answer.status_code == 200
    (got,) = receiver.until_taken(hook)
    assert (got.id, got.json["event"]) == ("evt_1", "message.created")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"webhook-id": ""}, "A header of Standard Webhooks is missing."),
        ({"webhook-id": "evt_2"}, "No signature fits."),
        ({"webhook-timestamp": "1"}, "The timestamp is too far off."),
        ({"webhook-signature": "v1,bm9uZQ=="}, "No signature fits."),
    ],
    ids=["missing", "other", "old", "wrong"],
)
def test_what_is_signed_badly_is_refused(
    receiver: ReceiverServer, changed: dict[str, str], problem: str
) -> None:
    hook = receiver.hook()

    answer = post(hook, **signed(receiver, **changed))

    assert (answer.status_code, answer.json()) == (401, {"detail": problem})
    assert not hook.taken
    assert hook.received[0].problem == problem


def test_a_retry_is_known_by_its_id(receiver: ReceiverServer) -> None:
    hook = receiver.hook()
    receiver.rule(hook.path, "status", nth=1, status=500)
    receiver.rule(hook.path, "reset", nth=2, acts=True)

    first = post(hook, **signed(receiver))
    with pytest.raises(httpx.ReadError):
        post(hook, **signed(receiver))
    third = post(hook, **signed(receiver))

    assert (first.status_code, third.status_code) == (500, 200)
    assert [each.id for each in hook.taken] == ["evt_1", "evt_1"]


def test_who_is_busy_says_for_how_long(receiver: ReceiverServer) -> None:
    hook, other = receiver.hook(), receiver.zap()
    receiver.busy(hook, 30)

    answer = post(hook, **signed(receiver))

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert post(other).status_code == 200


def test_a_zap_tracks_what_it_takes(receiver: ReceiverServer) -> None:
    zap = receiver.zap()

    answer = post(zap)

    assert answer.json()["status"] == "success"
    assert set(answer.json()) == {"attempt", "id", "request_id", "status"}
    assert [each.id for each in zap.taken] == ["evt_1"]


def test_a_zap_that_was_turned_off_is_gone(receiver: ReceiverServer) -> None:
    zap = receiver.zap()

    assert httpx.delete(zap.url).status_code == 200
    assert post(zap).status_code == 410


@pytest.mark.parametrize("content", [b'[{"id": 1}]', b"{}", b"{"], ids=["list", "no-id", "broken"])
def test_a_zap_wants_an_object_with_an_id(receiver: ReceiverServer, content: bytes) -> None:
    zap = receiver.zap()

    assert post(zap, content).status_code == 400
    assert zap.received[0].problem


def test_zapier_takes_thirty_in_a_second(receiver: ReceiverServer) -> None:
    receiver.stop_clock()
    hook = receiver.catch_hook()

    with httpx.Client() as client:
        answers = [client.post(hook.url, json={"n": n}) for n in range(PER_SECOND + 1)]
    receiver.advance(1)

    assert [each.status_code for each in answers] == [200] * PER_SECOND + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert post(hook).status_code == 200


def test_nobody_is_at_another_address(receiver: ReceiverServer) -> None:
    assert httpx.post(f"{receiver.url}/hooks/none").status_code == 404


def test_another_process_has_a_hook_made(receiver: ReceiverServer) -> None:
    url = httpx.post(f"{receiver.url}/_ctl/push", json={"hook": "zap"}).json()["url"]

    assert httpx.post(url, json={"id": "1"}).status_code == 200
