"""The stand-in for WhatsApp answers as its documentation says, and sees what apps do wrong."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers.channel_server import ChannelServer
from tests.servers.faults import Answer
from tests.servers.whatsapp_payloads import (
    PERSON,
    UNNUMBERED,
    button_reply,
    image,
    list_reply,
    location,
    quick_reply,
    reaction,
    text,
    unsupported,
    voice,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.channel_calls import Call
    from tests.servers.whatsapp import WhatsAppServer

HOOK = "https://bots.example/whatsapp"
KNOWN = "our-verify-token"


class App(ChannelServer):
    """An app's webhook: it answers Meta's question, and takes what is signed."""

    secret = ""
    says = ""

    def answer(self, call: Call) -> Answer:
        if call.method == "GET":
            right = call.query["hub.verify_token"] == KNOWN
            words = self.says or call.query["hub.challenge"]
            return Answer(200 if right else 403, words.encode(), {"Content-Type": "text/plain"})
        made = hmac.new(self.secret.encode(), call.body, hashlib.sha256).hexdigest()
        return Answer(200 if call.headers["x-hub-signature-256"] == f"sha256={made}" else 401)

    @property
    def events(self) -> list[Any]:
        return [call.json for call in self.calls if call.method == "POST"]


@pytest.fixture
def app(whatsapp: WhatsAppServer) -> Iterator[App]:
    with App() as server:
        server.secret = whatsapp.business.app_secret
        whatsapp.lead(HOOK, server.url)
        yield server


@pytest.fixture
def client(whatsapp: WhatsAppServer) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {whatsapp.business.token}"}
    with httpx.Client(base_url=f"{whatsapp.url}/v23.0", headers=headers) as client:
        yield client


@pytest.fixture
def subscribed(whatsapp: WhatsAppServer, app: App, client: httpx.Client) -> App:
    assert subscribe(whatsapp, client).json() == {"success": True}
    return app


def subscribe(whatsapp: WhatsAppServer, client: httpx.Client, token: str = KNOWN) -> httpx.Response:
    body = {"override_callback_uri": HOOK, "verify_token": token}
    return client.post(f"/{whatsapp.business.waba_id}/subscribed_apps", json=body)


def send(whatsapp: WhatsAppServer, client: httpx.Client, **changed: Any) -> httpx.Response:
    body = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": PERSON,
        "type": "text",
        "text": {"body": "On its way.", "preview_url": False},
    }
    return client.post(f"/{whatsapp.business.phone_number_id}/messages", json=body | changed)


def problem(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["error"]["code"]


# Who may do what


def test_a_number_tells_of_itself(whatsapp: WhatsAppServer, client: httpx.Client) -> None:
    number = f"/{whatsapp.business.phone_number_id}"

    told = client.get(number).json()
    part = client.get(number, params={"fields": "display_phone_number"}).json()

    assert told["verified_name"] == "Jasper's Market"
    assert set(part) == {"display_phone_number", "id"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [("unknown", (401, 190)), ("expired", (401, 190)), ("barred", (403, 200))],
)
def test_a_token_that_may_not_is_refused(
    whatsapp: WhatsAppServer, client: httpx.Client, change: str, expected: tuple[int, int]
) -> None:
    whatsapp.business.has_expired = change == "expired"
    whatsapp.business.may = change != "barred"
    if change == "unknown":
        client.headers["Authorization"] = "Bearer wrong"

    answer = client.get(f"/{whatsapp.business.phone_number_id}")

    assert problem(answer) == expected
    error = answer.json()["error"]
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"]
    assert error.get("error_subcode") == (463 if change == "expired" else None)


def test_what_is_not_there_or_anothers(whatsapp: WhatsAppServer, client: httpx.Client) -> None:
    other = whatsapp.another("Other")

    assert problem(client.get("/1")) == (400, 100)
    assert problem(client.get("/1/subscribed_apps")) == (404, 803)
    assert problem(client.get(f"/{other.phone_number_id}")) == (403, 200)


# Subscriptions


def test_an_address_is_asked_before_it_is_subscribed(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    apps = f"/{whatsapp.business.waba_id}/subscribed_apps"

    assert subscribed.calls[0].query == {
        "hub.mode": "subscribe",
        "hub.challenge": "1158201444",
        "hub.verify_token": KNOWN,
    }
    assert client.get(apps).json()["data"][0]["override_callback_uri"] == HOOK
    assert client.delete(apps).json() == {"success": True}
    assert client.get(apps).json() == {"data": []}


@pytest.mark.parametrize("fault", ["token", "words", "away"])
def test_an_address_that_answers_wrongly_is_not_subscribed(
    whatsapp: WhatsAppServer, app: App, client: httpx.Client, fault: str
) -> None:
    app.says = '"1158201444"' if fault == "words" else ""
    if fault == "away":
        app.rule("", "reset")

    answer = subscribe(whatsapp, client, token="other" if fault == "token" else KNOWN)

    assert problem(answer) == (422, 100)
    assert "not reachable or invalid" in answer.json()["error"]["message"]
    assert not whatsapp.business.is_subscribed


# What comes in


def test_a_message_is_signed_over_its_escaped_bytes(
    whatsapp: WhatsAppServer, subscribed: App
) -> None:
    delivery = whatsapp.write("Où est mon colis ? 📦 a/b")

    assert delivery.arrived
    call = subscribed.calls[-1]
    assert rb"O\u00f9 est mon colis ? \ud83d\udce6 a\/b" in call.body
    assert json.dumps(call.json).encode() != call.body
    value = call.json["entry"][0]["changes"][0]["value"]
    assert call.json["object"] == "whatsapp_business_account"
    assert call.json["entry"][0]["id"] == whatsapp.business.waba_id
    assert value["metadata"]["phone_number_id"] == whatsapp.business.phone_number_id
    assert value["contacts"] == [
        {"profile": {"name": "Kerry Fisher"}, "wa_id": PERSON, "user_id": f"US.1{PERSON}"}
    ]
    message = value["messages"][0]
    assert (message["from"], message["type"]) == (PERSON, "text")
    assert message["text"]["body"] == "Où est mon colis ? 📦 a/b"
    assert message["id"].startswith("wamid.")


@pytest.mark.parametrize("apart", ["messages", "changes", "entries"])
def test_messages_come_in_batches(whatsapp: WhatsAppServer, subscribed: App, apart: Any) -> None:
    contents = [text("Hi"), image("Look"), voice(), location(), unsupported(), reaction("wamid.1")]
    contents += [button_reply("yes", "Yes"), list_reply("a", "Apples"), quick_reply("p", "Stop")]

    whatsapp.receive(*map(whatsapp.message, contents), apart=apart)

    (event,) = subscribed.events
    changes = [change for entry in event["entry"] for change in entry["changes"]]
    got = [message for change in changes for message in change["value"]["messages"]]
    assert [each["type"] for each in got] == [each["type"] for each in contents]
    assert len({each["id"] for each in got}) == len(contents)
    assert len(changes) == (1 if apart == "messages" else len(contents))
    assert len(event["entry"]) == (len(contents) if apart == "entries" else 1)


def test_what_is_not_taken_comes_again_and_then_once_more(
    whatsapp: WhatsAppServer, subscribed: App
) -> None:
    subscribed.rule("POST", "status", nth=1, status=500)
    subscribed.rule("POST", "reset", nth=2)

    delivery = whatsapp.write("Hello")
    twice = whatsapp.again(delivery)

    assert [each.status for each in delivery.attempts] == [500, 0, 200]
    assert twice.body == delivery.body
    assert [each.status for each in twice.attempts] == [200]


def test_who_never_answers_is_told_for_a_week(whatsapp: WhatsAppServer, subscribed: App) -> None:
    subscribed.rule("POST", "status", status=404)

    delivery = whatsapp.write("Hello")

    assert not delivery.arrived
    assert len(delivery.attempts) == 13


# What goes out


def test_a_text_is_taken_and_its_way_reported(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    whatsapp.write("Where is my parcel?")

    answer = send(whatsapp, client, biz_opaque_callback_data="turn-1")

    assert answer.json()["messaging_product"] == "whatsapp"
    (contact,) = answer.json()["contacts"]
    assert (contact["input"], contact["wa_id"]) == (PERSON, PERSON)
    (sent,) = whatsapp.sent
    assert answer.json()["messages"] == [{"id": sent.id}]
    assert whatsapp.until_said() == ["On its way."]
    whatsapp.report(sent)
    statuses = subscribed.events[-1]["entry"][0]["changes"][0]["value"]["statuses"]
    assert [each["status"] for each in statuses] == ["sent", "delivered", "read"]
    assert {each["id"] for each in statuses} == {sent.id}
    assert {each["biz_opaque_callback_data"] for each in statuses} == {"turn-1"}
    assert {each["recipient_id"] for each in statuses} == {PERSON}


def test_somebody_whose_number_is_unknown_is_known_by_an_id(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    whatsapp.write("Hello", UNNUMBERED)

    value = subscribed.events[0]["entry"][0]["changes"][0]["value"]
    assert value["contacts"] == [{"profile": {"name": "Kerry Fisher"}, "user_id": UNNUMBERED}]
    assert value["messages"][0]["from_user_id"] == UNNUMBERED
    assert "from" not in value["messages"][0]
    assert send(whatsapp, client, to="", recipient=UNNUMBERED).status_code == 200
    assert whatsapp.until_said(to=UNNUMBERED) == ["On its way."]


def test_after_a_day_only_templates_are_sent(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    assert problem(send(whatsapp, client)) == (400, 131047)
    whatsapp.write("Hello")
    assert send(whatsapp, client).status_code == 200

    whatsapp.advance(24 * 3600)
    refused = send(whatsapp, client)

    assert refused.json()["error"] == {
        "message": "(#131047) Re-engagement message",
        "type": "OAuthException",
        "code": 131047,
        "error_data": {
            "messaging_product": "whatsapp",
            "details": "Message failed to send because more than 24 hours have passed since the "
            "customer last replied to this number.",
        },
        "fbtrace_id": refused.json()["error"]["fbtrace_id"],
    }
    assert send(whatsapp, client, type="template", template={"name": "hi"}).status_code == 200


def test_a_closed_window_may_be_told_afterwards(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    whatsapp.tells_at_once = False

    assert send(whatsapp, client).status_code == 200
    whatsapp.report(whatsapp.sent[0])

    (status,) = subscribed.events[-1]["entry"][0]["changes"][0]["value"]["statuses"]
    assert (status["status"], status["errors"][0]["code"]) == ("failed", 131047)
    assert status["errors"][0]["title"] == "Re-engagement message"


def test_one_person_gets_forty_five_messages_and_then_one_in_six_seconds(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    whatsapp.stop_clock()
    whatsapp.write("Hello")
    answers = [send(whatsapp, client) for _ in range(45)]

    refused = send(whatsapp, client)
    whatsapp.advance(6)

    assert {each.status_code for each in answers} == {200}
    assert problem(refused) == (400, 131056)
    assert send(whatsapp, client).status_code == 200
    assert problem(send(whatsapp, client)) == (400, 131056)


@pytest.mark.parametrize(
    ("code", "status"), [(368, 403), (130429, 429), (131031, 403), (131000, 500), (2, 500)]
)
def test_a_call_may_be_refused_as_meta_would(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client, code: int, status: int
) -> None:
    whatsapp.write("Hello")
    whatsapp.refuse(code, nth=1)

    assert problem(send(whatsapp, client)) == (status, code)
    assert send(whatsapp, client).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"messaging_product": "sms"},
        {"to": ""},
        {"text": {"body": ""}},
        {"text": {"body": "x" * 4097}},
        {"type": "poem"},
    ],
    ids=["product", "nobody", "empty", "long", "poem"],
)
def test_a_message_of_a_bad_form_is_refused(
    whatsapp: WhatsAppServer, client: httpx.Client, changed: dict[str, Any]
) -> None:
    assert problem(send(whatsapp, client, **changed)) == (400, 100)


def buttons(*titles: str) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": each, "title": each}} for each in titles]
    return {"type": "button", "body": {"text": "Well?"}, "action": {"buttons": replies}}


def rows(*titles: str) -> dict[str, Any]:
    sections = [{"title": "All", "rows": [{"id": each, "title": each} for each in titles]}]
    return {
        "type": "list",
        "body": {"text": "Which?"},
        "action": {"button": "Choose", "sections": sections},
    }


@pytest.mark.parametrize(
    "interactive",
    [
        buttons(*"abcd"),
        buttons("x" * 21),
        buttons("a", "a"),
        rows(*"abcdefghijk"),
        rows("x" * 25),
        {"type": "carousel"},
    ],
    ids=["four", "long-button", "twice", "eleven", "long-row", "carousel"],
)
def test_choices_of_a_bad_form_are_refused(
    whatsapp: WhatsAppServer, client: httpx.Client, interactive: dict[str, Any]
) -> None:
    answer = send(whatsapp, client, type="interactive", interactive=interactive)

    assert problem(answer) == (400, 131009)
    assert answer.json()["error"]["error_data"]["details"]


@pytest.mark.parametrize("interactive", [buttons(*"abc"), rows(*"abcdefghij")], ids=["3", "10"])
def test_choices_are_offered(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client, interactive: dict[str, Any]
) -> None:
    whatsapp.write("Hello")

    send(whatsapp, client, type="interactive", interactive=interactive)

    assert whatsapp.until_said() == [interactive["body"]["text"]]


def test_a_message_is_read_and_answered(
    whatsapp: WhatsAppServer, subscribed: App, client: httpx.Client
) -> None:
    whatsapp.write("Hello")
    message = subscribed.events[0]["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": message}
    url = f"/{whatsapp.business.phone_number_id}/messages"

    read = client.post(url, json=receipt | {"typing_indicator": {"type": "text"}})
    unknown = client.post(url, json=receipt | {"message_id": "wamid.none"})

    assert read.json() == {"success": True}
    assert (whatsapp.read, whatsapp.typing) == ([message], {PERSON})
    assert problem(unknown) == (400, 131009)
    assert send(whatsapp, client, context={"message_id": message}).status_code == 200
    assert not whatsapp.typing
    assert problem(send(whatsapp, client, context={"message_id": "wamid.none"})) == (400, 131009)
