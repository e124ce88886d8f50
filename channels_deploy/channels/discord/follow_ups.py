"""What is said by an interaction's token: the answer, and what follows. It needs no bot token."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from channels_deploy.channel import ChannelError
from channels_deploy.channels.discord import api

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, Any]

# Seconds that a token is good for, and a little less.
LIFE = 15 * 60 - 5
# Seconds in which Discord may not have read yet that an answer follows: it knows no token then.
YOUNG = 10
UNKNOWN_WEBHOOK = 10015


def address_of(application_id: str, token: str) -> dict[str, Any]:
    """What it takes to answer an interaction that has just come."""
    return {"application_id": application_id, "token": token, "until": int(time.time()) + LIFE}


def edit(address: Json, message: Json) -> str:
    """Have the message that says that an answer follows say ``message``; gives its id. Raises
    ``ChannelError``, or ``UnclearError``."""
    return _ask("PATCH", address, "/messages/@original", message)


def add(address: Json, message: Json) -> str:
    """Say one more ``message``; as ``edit``."""
    return _ask("POST", address, "", message)


def _ask(method: str, address: Json, path: str, message: Json) -> str:
    left = address["until"] - time.time()
    if left < 0:
        # Not even tried: whoever asks with what is over is shut out before long.
        raise ChannelError(_("It came too late to be answered."), permanent=True)
    token = quote(address["token"], safe="")
    try:
        sent = api.ask(
            None, method, f"/webhooks/{address['application_id']}/{token}{path}", message
        )
    except api.RefusedError as error:
        if error.code == UNKNOWN_WEBHOOK and left > LIFE - YOUNG:
            raise ChannelError(str(error), retry_after=1) from None
        raise
    return str(sent.get("id", ""))
