"""What a flow is started by besides a message in the chat, as its run reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from chatflows.api.bodies import WebhookPayload
from chatflows.kind import KIND
from chatflows.nodes.trigger import CHAT, SCHEDULE, WEBHOOK
from chatflows.starts import starts_in
from common.problems import FieldError, invalid
from common.timestamps import rfc3339
from conversations.bodies import LONGEST_MESSAGE
from conversations.turn import Occasion
from drafts.access import open_draft
from drafts.types import draft_types
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from chatflows.api.bodies import Beginning
    from workspaces.access import Actor

# Characters of a body that people read in the place of a message.
LONGEST_TOLD = 2000


def of_webhook(body: Any, headers: Mapping[str, Any], query: Mapping[str, Any]) -> Occasion:
    """A call of a flow's webhook."""
    told = _("An empty body") if body is None else orjson.dumps(body).decode()
    payload = {"body": body, "headers": dict(headers), "query": dict(query)}
    return Occasion(WEBHOOK, payload, in_short(told))


def message_in(body: Any) -> str:
    """The ``message`` of a body, where it has one; as much of it as a message may have."""
    found = body.get("message") if isinstance(body, dict) else None
    return found[:LONGEST_MESSAGE] if isinstance(found, str) else ""


def message_of(occasion: Occasion | None) -> str:
    """The message that an occasion brings along."""
    return message_in(occasion.payload.get("body")) if occasion else ""


def tried(actor: Actor, draft_id: str, beginning: Beginning) -> Occasion | None:
    """What somebody who builds starts a draft's flow by; None: a message in the chat. Raises
    ``Problem`` where there is no such draft, or no such start in it."""
    if beginning.trigger == CHAT:
        return None
    draft = open_draft(actor, draft_types.get(KIND), draft_id, Role.EDITOR)
    start = starts_in(draft.data).get(beginning.trigger)
    if start is None:
        fault = FieldError("trigger", _("The flow has no such start."))
        raise invalid(_("The request is not valid."), fault)
    if beginning.trigger == SCHEDULE:
        return of_schedule(timezone.now(), ZoneInfo(start.timezone))
    given = beginning.payload or WebhookPayload()
    return of_webhook(given.body, given.headers, given.query)


def of_schedule(moment: datetime, zone: tzinfo) -> Occasion:
    """A set time, as the clocks of ``zone`` show it."""
    local = moment.astimezone(zone)
    payload = {
        "scheduled_at": rfc3339(moment),
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "weekday": DAYS[local.weekday()],
    }
    told = _("At %(time)s (%(zone)s)") % {"time": f"{local:%Y-%m-%d %H:%M}", "zone": zone}
    return Occasion(SCHEDULE, payload, told)


# Not in the words of anybody's language: conditions compare it.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def in_short(text: str) -> str:
    """As much of it as people read in the place of a message."""
    return text if len(text) <= LONGEST_TOLD else f"{text[: LONGEST_TOLD - 1]}…"
