"""What Meta posts to apps: messages of all types, statuses, and the signed bytes of both."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]
# Whether what is delivered at once is one change, one change each, or one entry each.
Apart = Literal["messages", "changes", "entries"]

# People are known by their numbers, or, with a number of theirs unknown, by an id.
PERSON, NAME, UNNUMBERED = "16505551234", "Kerry Fisher", "US.13491208655302741918"
_numbers = count(1)


def wamid() -> str:
    """The id of a message."""
    number = b64encode(f"{PERSON}{next(_numbers):08}".encode()).decode()
    return f"wamid.HBgL{number}FQIAEhg="


def user_id_of(person: str) -> str:
    """The id of somebody, which businesses are told beside the number, if they are told that."""
    return person if "." in person else f"US.1{person}"


def addressed(sender: str) -> Json:
    """Who a message is from."""
    own = {"from_user_id": user_id_of(sender)}
    return own if "." in sender else {"from": sender, **own}


def _contact(message: Json) -> Json:
    number = {"wa_id": message["from"]} if "from" in message else {}
    return {"profile": {"name": NAME}, **number, "user_id": message["from_user_id"]}


def text(body: str) -> Json:
    return {"type": "text", "text": {"body": body}}


def button_reply(id_: str, title: str) -> Json:
    """The press of a button that an interactive message offered."""
    reply = {"type": "button_reply", "button_reply": {"id": id_, "title": title}}
    return {"type": "interactive", "interactive": reply}


def list_reply(id_: str, title: str, description: str = "") -> Json:
    """The choice of a row that an interactive message offered."""
    chosen = {"id": id_, "title": title, "description": description}
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": chosen}}


def quick_reply(payload: str, words: str) -> Json:
    """The press of a button of a template."""
    return {"type": "button", "button": {"payload": payload, "text": words}}


def image(caption: str = "") -> Json:
    held = {"mime_type": "image/jpeg", "sha256": "l5dFzJ8sP4Gp", "id": "1003383421387256"}
    return {"type": "image", "image": ({"caption": caption} if caption else {}) | held}


def voice() -> Json:
    held = {"mime_type": "audio/ogg; codecs=opus", "sha256": "tUmSpGj7", "id": "1908647269898587"}
    return {"type": "audio", "audio": held | {"voice": True}}


def reaction(to: str, emoji: str = "\U0001f44d") -> Json:
    return {"type": "reaction", "reaction": {"message_id": to, "emoji": emoji}}


def location() -> Json:
    return {"type": "location", "location": {"latitude": 38.9806263, "longitude": -77.0305374}}


def unsupported() -> Json:
    """What the Cloud API does not hand on."""
    told = {"title": "Message type unknown", "message": "Message type unknown"}
    details = {"error_data": {"details": "Message type is currently not supported."}}
    return {"type": "unsupported", "errors": [{"code": 131051, **told, **details}]}


def as_bytes(body: Json) -> bytes:
    """JSON as Meta writes it: no blanks, nothing beyond ASCII, slashes with a backslash. Who reads
    and writes it again has other bytes, which the signature does not fit."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def signature(secret: str, body: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def grouped(items: Sequence[Json], apart: Apart) -> list[Sequence[Json]]:
    """What of ``items`` goes into one change each."""
    return [items] if apart == "messages" else [[each] for each in items]


def of_messages(metadata: Json, messages: Sequence[Json]) -> Json:
    """What a change holds of people's messages."""
    contacts = {each["from_user_id"]: _contact(each) for each in messages}
    return {
        "messaging_product": "whatsapp",
        "metadata": metadata,
        "contacts": list(contacts.values()),
        "messages": list(messages),
    }


def of_statuses(metadata: Json, statuses: Sequence[Json]) -> Json:
    """What a change holds of what became of messages."""
    return {"messaging_product": "whatsapp", "metadata": metadata, "statuses": list(statuses)}


def event(waba_id: str, values: list[Json], apart: Apart) -> Json:
    """The body of a delivery; ``values`` are what its changes hold."""
    changes = [{"value": each, "field": "messages"} for each in values]
    if apart == "entries":
        entries = [{"id": waba_id, "changes": [each]} for each in changes]
    else:
        entries = [{"id": waba_id, "changes": changes}]
    return {"object": "whatsapp_business_account", "entry": entries}
