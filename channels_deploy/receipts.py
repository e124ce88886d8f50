"""What became of messages that were handed to a channel's service, as the inbox shows it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from channels_deploy.models import Outbound
from conversations.delivery import Receipt

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

Status = Outbound.Status
# Tone and icon; of a message's parts, the first of these that one of them has tells of all.
LOOKS: Mapping[str, tuple[str, str]] = {
    Status.FAILED: ("red", "circle-alert"),
    Status.UNKNOWN: ("amber", "triangle-alert"),
    Status.WAITING: ("", "clock"),
    Status.SENDING: ("", "clock"),
    Status.SENT: ("", "check"),
    Status.DELIVERED: ("", "check-check"),
    Status.READ: ("blue", "check-check"),
}
_ORDER = tuple(LOOKS)


def receipts_of(message_ids: Collection[UUID]) -> dict[UUID, Receipt]:
    """By the ids of messages; of those that nothing was sent of, nothing."""
    rows = Outbound.objects.filter(message_id__in=message_ids).order_by("id")
    parts: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for message_id, status, error in rows.values_list("message_id", "status", "error"):
        assert message_id is not None
        parts[message_id].append((status, error))
    return {message_id: _receipt(found) for message_id, found in parts.items()}


def _receipt(parts: Sequence[tuple[str, str]]) -> Receipt:
    status, error = min(parts, key=lambda part: _ORDER.index(part[0]))
    tone, icon = LOOKS[status]
    words = str(Status(status).label)
    if status == Status.FAILED and any(each != Status.FAILED for each, _error in parts):
        words = _("Not all of it was delivered")
    return Receipt(words, tone, icon, error)
