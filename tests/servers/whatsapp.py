"""Meta's Graph API for WhatsApp in tests: real HTTP on loopback, as its documentation says.

A business has a number, a token and an app secret of its own; ``server.business`` is the usual one.
People write by ``write`` and ``receive``, which post signed events to the address that was
subscribed, after it answered Meta's question. What a business may send to whom is bounded as Meta
bounds it; ``refuse`` has it refused anyhow, and ``report`` tells the app what became of a message.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.servers.channel_server import PATIENCE, ChannelServer, Delivery, serve
from tests.servers.faults import Answer
from tests.servers.whatsapp_business import Business, Sent
from tests.servers.whatsapp_forms import Json, refusal, refused_message
from tests.servers.whatsapp_payloads import (
    PERSON,
    Apart,
    as_bytes,
    event,
    grouped,
    of_messages,
    of_statuses,
    signature,
    text,
    wamid,
)

if TYPE_CHECKING:
    from tests.servers.channel_calls import Call, Rule

BASE = "/v23.0"
CHALLENGE = "1158201444"
SENDER = "facebookexternalua"
NOT_REACHABLE = "Webhook callback URL is not reachable or invalid"
# "With decreasing frequency, for up to seven days."
WAITS = (0, 60, 300, 900, 3600, 6 * 3600, *[24 * 3600] * 6)
UNKNOWN_TOKEN = "Invalid OAuth access token - Cannot parse access token"
EXPIRED = "Error validating access token: Session has expired on Monday, 30-Nov-26 00:00:00 PST."
UNKNOWN_OBJECT = (
    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to "
    "missing permissions, or does not support this operation."
)


class WhatsAppServer(ChannelServer):
    """``tells_at_once``: whether it refuses what it will not deliver, or takes it and lets it fail
    afterwards. ``typing`` are the people who see that a business is typing."""

    hastens = 1_000_000.0

    def reset(self) -> None:
        super().reset()
        self.businesses: list[Business] = []
        self.tells_at_once = True
        self.known: set[str] = set()
        self.read: list[str] = []
        self.typing: set[str] = set()
        self._senders: dict[str, str] = {}
        self.business = self.another("Jasper's Market")

    def another(self, name: str) -> Business:
        """One more business."""
        self.businesses.append(Business(name, len(self.businesses) + 1))
        return self.businesses[-1]

    def refuse(self, code: int, match: str = "/messages", **how: Any) -> Rule:
        """Have calls refused with one of Meta's errors; see ``Rule`` for the rest."""
        answer = refusal(code)
        return self.rule(match, "status", status=answer.status, body=answer.body, **how)

    # What people do

    def write(self, words: str, sender: str = PERSON, **how: Any) -> Delivery:
        """Somebody writes a text; ``how`` goes to ``receive``."""
        return self.receive(self.message(text(words), sender), **how)

    def message(self, content: Json, sender: str = PERSON, id_: str = "", on: str = "") -> Json:
        """Something that somebody sends (``text``, ``image`` ...), perhaps in answer to a message
        of the business."""
        made = {"from": sender, "id": id_ or wamid(), "timestamp": str(int(self.now())), **content}
        self.known.add(made["id"])
        self._senders[made["id"]] = sender
        return made | ({"context": {"from": self.business.display_number, "id": on}} if on else {})

    def receive(
        self, *messages: Json, business: Business | None = None, apart: Apart = "messages"
    ) -> Delivery:
        """Deliver messages, all at once; which opens the window for answers to them."""
        business = business or self.business
        for each in messages:
            business.written[each["from"]] = self.now()
        values = [of_messages(business.metadata, group) for group in grouped(messages, apart)]
        return self.tell(event(business.waba_id, values, apart), business)

    def report(self, sent: Sent, *statuses: str, apart: Apart = "messages") -> Delivery:
        """Tell the app what became of a message: ``sent``, ``delivered``, ``read``; of one with an
        error that it failed."""
        business = next(each for each in self.businesses if sent in each.sent)
        usual = ["failed"] if sent.error else ["sent", "delivered", "read"]
        told = [sent.status(each, self.now()) for each in statuses or usual]
        values = [of_statuses(business.metadata, group) for group in grouped(told, apart)]
        return self.tell(event(business.waba_id, values, apart), business)

    def tell(self, body: Json, business: Business | None = None) -> Delivery:
        """Deliver an event, signed, and again until it arrives."""
        business = business or self.business
        assert business.address, "The app gave no address."
        assert business.is_subscribed, "The app did not subscribe."
        raw = as_bytes(body)
        signed = {"X-Hub-Signature-256": signature(business.app_secret, raw)}
        return self.deliver(business.address, raw, signed | {"User-Agent": SENDER}, WAITS)

    def again(self, delivery: Delivery, business: Business | None = None) -> Delivery:
        """Deliver the same bytes once more, as Meta does now and then."""
        return self.tell(json.loads(delivery.body), business)

    def until_said(self, count: int = 1, to: str = PERSON, seconds: float = PATIENCE) -> list[str]:
        """What was sent to somebody as soon as it is so many messages."""

        def said() -> list[str]:
            return [each.text for each in self.sent if each.to == to]

        with self._changed:
            done = self._changed.wait_for(lambda: len(said()) >= count, seconds)
        assert done, f"only {said()} was sent"
        return said()

    @property
    def sent(self) -> list[Sent]:
        """What all businesses sent."""
        return [each for business in self.businesses for each in business.sent]

    def push(self, wanted: Json) -> Any:
        """``{"write": words}``, with other arguments of ``write`` beside it."""
        made = self.write(wanted.pop("write"), **wanted)
        return {"attempts": [each.status for each in made.attempts]}

    # What it answers

    def answer(self, call: Call) -> Answer:
        base, _slash, rest = call.path.removeprefix("/").partition("/")
        parts = rest.split("/")
        if f"/{base}" != BASE or len(parts) > 2:
            return refusal(100, message=f"Unknown path components: {call.path}")
        refused = self._refused(call, parts[0])
        if refused:
            return refused
        return self._found(call, parts[0], "".join(parts[1:]))

    def _refused(self, call: Call, object_id: str) -> Answer | None:
        """Why who calls may not do so, or nothing of that id is there."""
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        caller = next((each for each in self.businesses if each.token == token), None)
        if caller is None:
            return refusal(190, message=UNKNOWN_TOKEN)
        if caller.has_expired:
            return refusal(190, message=EXPIRED, subcode=463)
        owner = next((each for each in self.businesses if object_id in _ids(each)), None)
        if owner is None and call.path.endswith("/subscribed_apps"):
            return refusal(803, message=f"(#803) Some of the aliases do not exist: {object_id}")
        if owner is None:
            told = UNKNOWN_OBJECT.format(method=call.method.lower(), id=object_id)
            return refusal(100, message=told, subcode=33)
        return None if owner is caller and caller.may else refusal(200)

    def _found(self, call: Call, object_id: str, edge: str) -> Answer:
        business = next(each for each in self.businesses if object_id in _ids(each))
        is_number = object_id == business.phone_number_id
        match call.method, edge:
            case "GET", "" if is_number:
                return Answer(200, _fields(business.as_number(), call))
            case "POST", "messages" if is_number:
                return self._message(business, call)
            case "GET", "phone_numbers" if not is_number:
                return Answer(200, {"data": [_fields(business.as_number(), call)]})
            case method, "subscribed_apps" if not is_number:
                return self._subscription(business, method, call)
        told = UNKNOWN_OBJECT.format(method=call.method.lower(), id=object_id)
        return refusal(100, message=told, subcode=33)

    def _subscription(self, business: Business, method: str, call: Call) -> Answer:
        if method == "GET":
            return Answer(200, {"data": [business.as_app()] if business.is_subscribed else []})
        if method == "DELETE":
            business.is_subscribed, business.override = False, ""
            return Answer(200, {"success": True})
        given = _body(call)
        if given is None:
            return refusal(100)
        url, token = given.get("override_callback_uri", ""), given.get("verify_token", "")
        if url and not (url.startswith("https://") and token):
            return refusal(100, message="(#100) Param override_callback_uri must be a valid URI")
        if url and not self._is_reachable(url, token):
            return Answer(422, refusal(100, message=f"(#100) {NOT_REACHABLE}").body)
        business.is_subscribed, business.override = True, url
        return Answer(200, {"success": True})

    def _is_reachable(self, url: str, token: str) -> bool:
        """Whether who is there knows the token, and says so as Meta wants."""
        asked = {"hub.mode": "subscribe", "hub.challenge": CHALLENGE, "hub.verify_token": token}
        answer = self.request("GET", f"{url}?{urlencode(asked)}")
        return answer.status == 200 and answer.body == CHALLENGE.encode()

    def _message(self, business: Business, call: Call) -> Answer:
        given = _body(call)
        if given is None:
            return refusal(100, message="(#100) The parameter messaging_product is required.")
        if given.get("status") == "read":
            return self._receipt(given)
        refused = refused_message(given)
        if refused:
            return refused
        with self._changed:
            return self._sent(business, given)

    def _sent(self, business: Business, given: Json) -> Answer:
        to = "".join(filter(str.isdigit, given["to"]))
        answers = (given.get("context") or {}).get("message_id")
        if answers and answers not in self.known:
            return refusal(131009, "Message id of the context is not valid.")
        error = business.refuses(to, given.get("type", "text"), self.now())
        if error and self.tells_at_once:
            return refusal(error)
        made = Sent(wamid(), business.phone_number_id, to, given, self.now(), error)
        business.sent.append(made)
        self.known.add(made.id)
        self.typing.discard(to)
        self._changed.notify_all()
        contacts = [{"input": given["to"], "wa_id": to}]
        told = {"messaging_product": "whatsapp", "contacts": contacts}
        return Answer(200, {**told, "messages": [{"id": made.id}]})

    def _receipt(self, given: Json) -> Answer:
        """A message was read; with ``typing_indicator``, an answer is being written."""
        message = given.get("message_id", "")
        if message not in self._senders:
            return refusal(131009, "Message id is not valid.")
        self.read.append(message)
        if given.get("typing_indicator") == {"type": "text"}:
            self.typing.add(self._senders[message])
        return Answer(200, {"success": True})


def _ids(business: Business) -> tuple[str, str]:
    return business.waba_id, business.phone_number_id


def _fields(told: Json, call: Call) -> Json:
    """What was asked for; the id comes unasked."""
    wanted = {*filter(None, call.query.get("fields", "").split(",")), "id"}
    return told if wanted == {"id"} else {k: v for k, v in told.items() if k in wanted}


def _body(call: Call) -> Json | None:
    """What was sent, as JSON; None where it is something else."""
    if not call.headers.get("content-type", "").startswith("application/json") and call.body:
        return None
    try:
        given = json.loads(call.body or b"{}")
    except ValueError:
        return None
    return given if isinstance(given, dict) else None


if __name__ == "__main__":
    serve(WhatsAppServer())
