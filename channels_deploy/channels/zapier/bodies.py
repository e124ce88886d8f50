"""What a Zap posts: a message, and where its answer is to go. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl
from uuid import uuid4

from pydantic import Field, StringConstraints

from channels_deploy.messenger import Arrived
from common.http import json_object
from conversations.bodies import Body, MessageText, SessionId, parsed

if TYPE_CHECKING:
    from channels_deploy.messenger import Call

FORM = "application/x-www-form-urlencoded"
Short = Annotated[str, StringConstraints(max_length=200)]


class Posted(Body):
    """``session_id`` names the conversation; without one each message begins a new one. With an
    ``id``, or the header ``Idempotency-Key``, the same message is taken once."""

    message: MessageText
    id: Annotated[str, StringConstraints(max_length=200)] = ""
    session_id: SessionId | None = None
    name: Short = ""
    email: Short = ""
    callback_url: Annotated[str, Field(max_length=2000, pattern=r"^(https?://\S+)?$")] = ""


def arrived(call: Call) -> Arrived:
    """Raises ``Problem`` 400 or 422 that says what is wrong."""
    posted = parsed(Posted, _fields(call))
    key = call.headers.get("idempotency-key", "") or posted.id
    named = hashlib.sha256(key.encode()).hexdigest() if key else uuid4().hex
    visitor = {name: value for name in ("name", "email") if (value := getattr(posted, name))}
    return Arrived(
        id=named,
        chat=posted.session_id or f"z_{named}",
        text=posted.message,
        address={"callback_url": posted.callback_url} if posted.callback_url else {},
        visitor=visitor,
    )


def _fields(call: Call) -> dict[str, str]:
    """Zapier's own step for webhooks posts a form unless it is told otherwise."""
    if call.headers.get("content-type", "").partition(";")[0].strip() == FORM:
        return dict(parse_qsl(call.body.decode(errors="replace")))
    return json_object(call.body)
