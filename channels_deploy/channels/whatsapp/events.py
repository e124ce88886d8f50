"""What Meta tells of a number: messages for the assistant, and what became of ours. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy.channels.whatsapp.errors import words
from channels_deploy.loose_json import object_at, objects_at
from channels_deploy.messenger import Arrived, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Json = Mapping[str, Any]

# How long after somebody wrote they can be answered, and what sending the answer may take of it.
WINDOW, SENDING = timedelta(hours=24), timedelta(minutes=2)
# What people send that may come with words, and what never does.
CAPTIONED = frozenset({"document", "image", "video"})
WORDLESS = frozenset({"audio", "contacts", "location", "order", "sticker", "unsupported"})
# By Meta's names, ours; what is not here says nothing of whether people got the message.
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def values_of(event: Json) -> Iterator[Json]:
    """What happened to numbers: an event has several entries, and an entry several changes."""
    for entry in objects_at(event, "entry"):
        for change in objects_at(entry, "changes"):
            if change.get("field") == "messages":
                yield object_at(change, "value")


def number_id(value: Json) -> str:
    """Whose number it happened to."""
    return str(object_at(value, "metadata").get("phone_number_id", ""))


def arrived(value: Json) -> Iterator[Arrived]:
    """The messages that have something to answer."""
    contacts = {_person(contact): contact for contact in objects_at(value, "contacts")}
    only = next(iter(contacts)) if len(contacts) == 1 else ""
    for message in objects_at(value, "messages"):
        said, person = _said(message), _person(message) or only
        if said and person and message.get("id") and not message.get("group_id"):
            at = _time(message)
            yield Arrived(
                id=str(message["id"]),
                chat=person,
                address={_place(person): person, "message_id": str(message["id"])},
                visitor=_visitor(person, contacts.get(person, {})),
                at=at,
                deadline=at + WINDOW - SENDING if at else None,
                **said,
            )


def reports(value: Json) -> Iterator[Report]:
    """What became of messages of ours."""
    for status in objects_at(value, "statuses"):
        known, errors = STATUSES.get(str(status.get("status"))), objects_at(status, "errors")
        if known and status.get("id"):
            yield Report(
                id=str(status["id"]),
                status=known,
                error=words(errors[0]) if errors and known == "failed" else "",
                name=str(status.get("biz_opaque_callback_data") or ""),
            )


def _said(message: Json) -> dict[str, Any]:
    """What is to be answered; nothing of what needs no answer, such as a reaction."""
    kind = str(message.get("type", ""))
    if kind == "request_welcome":
        return {"greets": True}
    read = READERS.get(kind)
    if text := read(object_at(message, kind)).strip() if read else "":
        return {"text": text}
    if kind in CAPTIONED | WORDLESS or kind == "interactive":
        return {"notice": _("I can read text only. Please write what you need.")}
    return {}


def _reply(interactive: Json) -> str:
    """What is on the button or the row that was chosen."""
    reply = object_at(interactive, str(interactive.get("type", "")))
    return str(reply.get("title") or "")


# The words of a message, by its type.
READERS: Mapping[str, Callable[[Json], str]] = {
    "text": lambda content: str(content.get("body") or ""),
    "button": lambda content: str(content.get("text") or content.get("payload") or ""),
    "interactive": _reply,
    **dict.fromkeys(CAPTIONED, lambda content: str(content.get("caption") or "")),
}


def _person(given: Json) -> str:
    """Who it is: their number, or where they hide it what stands for it in this business."""
    names = ("from", "wa_id", "from_user_id", "user_id")
    return next((str(given[name]) for name in names if given.get(name)), "")


def _place(person: str) -> str:
    """What the API calls whom a message goes to."""
    return "to" if person.isdecimal() else "recipient"


def _visitor(person: str, contact: Json) -> dict[str, str]:
    profile = object_at(contact, "profile")
    known = {
        "user_id": person,
        "name": str(profile.get("name") or "")[:200],
        "phone": f"+{person}" if person.isdecimal() else "",
        "user": f"@{profile['username']}"[:200] if profile.get("username") else "",
    }
    return {name: value for name, value in known.items() if value}


def _time(message: Json) -> datetime | None:
    seconds = str(message.get("timestamp", ""))
    if not (seconds.isascii() and seconds.isdigit()) or float(seconds) > LATEST:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
