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

from tests.servers.channel_server import serve
from tests.servers.faults import Answer
from tests.servers.whatsapp_business import Business, Sent
from tests.servers.whatsapp_forms import METHOD, Json, refusal, refused_body, refused_message
from tests.servers.whatsapp_payloads import wamid
from tests.servers.whatsapp_people import WhatsAppPeople

if TYPE_CHECKING:
    from tests.servers.channel_calls import Call, Rule

BASE = "/v23.0"
CHALLENGE = "1158201444"
CLOSED = 131047
NOT_REACHABLE = "Webhook callback URL is not reachable or invalid"
UNKNOWN_TOKEN = "Invalid OAuth access token - Cannot parse access token"
EXPIRED = "Error validating access token: Session has expired on Monday, 30-Nov-26 00:00:00 PST."
WRONG_PROOF = "Invalid appsecret_proof provided in the API argument"
NO_PROOF = "API calls from the server require an appsecret_proof argument"
UNKNOWN_OBJECT = (
    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to "
    "missing permissions, or does not support this operation."
)


class WhatsAppServer(WhatsAppPeople):
    """``tells_at_once``: whether it refuses what comes after the 24 hours, or takes it and lets it
    fail. ``typing`` are the people who see that a business is typing."""

    def reset(self) -> None:
        super().reset()
        self.tells_at_once = True
        self.read: list[str] = []
        self.typing: set[str] = set()

    def refuse(self, code: int, match: str = "/messages", **how: Any) -> Rule:
        """Have calls refused with one of Meta's errors; see ``Rule`` for the rest."""
        answer = refusal(code)
        return self.rule(match, "status", status=answer.status, body=answer.body, **how)

    def about(self) -> Json:
        return {each.name: each.secrets for each in self.businesses}

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
        proof = call.query.get("appsecret_proof", "" if caller.wants_proof else caller.proof)
        if proof != caller.proof:
            return refusal(100, message=WRONG_PROOF if proof else NO_PROOF, kind=METHOD)
        owner = next((each for each in self.businesses if object_id in _ids(each)), None)
        if owner is None and call.path.endswith("/subscribed_apps"):
            return refusal(803, message=f"(#803) Some of the aliases do not exist: {object_id}")
        if owner is None:
            told = UNKNOWN_OBJECT.format(method=call.method.lower(), id=object_id)
            return refusal(100, message=told, subcode=33, kind=METHOD)
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
        return refusal(100, message=told, subcode=33, kind=METHOD)

    def _subscription(self, business: Business, method: str, call: Call) -> Answer:
        if method == "GET":
            return Answer(200, {"data": [business.as_app()] if business.is_subscribed else []})
        if method == "DELETE":
            business.is_subscribed, business.override = False, ""
            return Answer(200, {"success": True})
        given = _body(call)
        url, token = given.get("override_callback_uri", ""), given.get("verify_token", "")
        if url and not (url.startswith("https://") and token):
            return refusal(100, message="(#100) Param override_callback_uri must be a valid URI")
        if url and not self._is_reachable(url, token):
            told = refusal(100, message=f"(#100) {NOT_REACHABLE}", kind=METHOD)
            return Answer(422, told.body)
        business.is_subscribed, business.override = True, url
        return Answer(200, {"success": True})

    def _is_reachable(self, url: str, token: str) -> bool:
        """Whether who is there knows the token, and says so as Meta wants."""
        asked = {"hub.mode": "subscribe", "hub.challenge": CHALLENGE, "hub.verify_token": token}
        answer = self.request("GET", f"{url}?{urlencode(asked)}")
        return answer.status == 200 and answer.body == CHALLENGE.encode()

    def _message(self, business: Business, call: Call) -> Answer:
        given = _body(call)
        refused = refused_body(given)
        if refused is None and given.get("status") == "read":
            return self._receipt(given)
        refused = refused or refused_message(given)
        if refused:
            return refused
        with self._changed:
            return self._sent(business, given)

    def _sent(self, business: Business, given: Json) -> Answer:
        to = "".join(filter(str.isdigit, given.get("to", ""))) or given["recipient"]
        answers = (given.get("context") or {}).get("message_id")
        if answers and answers not in self.known:
            return refusal(131009, "Message id of the context is not valid.")
        error = business.refuses(to, given.get("type", "text"), self.now())
        if error and (self.tells_at_once or error != CLOSED):
            return refusal(error)
        made = Sent(wamid(), business.phone_number_id, to, given, self.now(), error)
        business.sent.append(made)
        self.known.add(made.id)
        self.typing.discard(to)
        self._changed.notify_all()
        number = {"wa_id": to} if to != made.user_id else {}
        contact = {"input": given.get("to") or to, **number, "user_id": made.user_id}
        told = {"messaging_product": "whatsapp", "contacts": [contact]}
        return Answer(200, {**told, "messages": [{"id": made.id}]})

    def _receipt(self, given: Json) -> Answer:
        """A message was read; with ``typing_indicator``, an answer is being written."""
        message = given.get("message_id", "")
        if message not in self.senders:
            return refusal(131009, "Message id is not valid.")
        self.read.append(message)
        if given.get("typing_indicator") == {"type": "text"}:
            self.typing.add(self.senders[message])
        return Answer(200, {"success": True})


def _ids(business: Business) -> tuple[str, str]:
    return business.waba_id, business.phone_number_id


def _fields(told: Json, call: Call) -> Json:
    """What was asked for; the id comes unasked."""
    wanted = {*filter(None, call.query.get("fields", "").split(",")), "id"}
    return told if wanted == {"id"} else {k: v for k, v in told.items() if k in wanted}


def _body(call: Call) -> Json:
    """What was sent, as JSON; empty where it is something else, of which Meta reads nothing."""
    is_json = call.headers.get("content-type", "").startswith("application/json")
    try:
        given = json.loads(call.body) if is_json else {}
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


if __name__ == "__main__":
    serve(WhatsAppServer())
