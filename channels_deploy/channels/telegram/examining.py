"""What Telegram tells of a bot and its webhook, as findings. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_deploy.finding import error, fine, led_elsewhere, warning
from channels_deploy.loose_json import list_at, number_at
from common.timestamps import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from channels_deploy.finding import Finding

    Json = Mapping[str, Any]

# Telegram keeps what went wrong last, however long ago that was and whatever worked since.
RECENT = timedelta(days=1)


def bot(told: Json, facts: Json) -> Finding:
    """Whose token it is, by the answer to ``getMe``."""
    checked, name = _("Bot token"), str(told.get("username", ""))
    if told.get("id") == facts.get("bot_id"):
        return fine(checked, _("Telegram takes it, for @%(bot)s.") % {"bot": name})
    found = _("It is the token of @%(bot)s, which is another bot than the connected one.")
    return error(checked, found % {"bot": name}, _("Connect again to use that bot."), "connect")


def webhook(told: Json, address: str, updates: Sequence[str]) -> Iterator[Finding]:
    """How the webhook does, by the answer to ``getWebhookInfo``."""
    finding = led_elsewhere(_("Webhook"), str(told.get("url") or ""), address, "Telegram")
    yield finding
    if finding.level == "ok":
        yield _updates(told, updates)
        yield _deliveries(told)


def _updates(told: Json, wanted: Sequence[str]) -> Finding:
    checked, allowed = _("Kinds of messages"), list_at(told, "allowed_updates")
    if not allowed or {*wanted} <= {*map(str, allowed)}:
        return fine(checked, _("Telegram passes on messages and pressed buttons."))
    missing = ", ".join(sorted({*wanted} - {*map(str, allowed)}))
    found = _("Telegram does not pass on: %(kinds)s.") % {"kinds": missing}
    return error(checked, found, _("Connect again to be told of them."), "connect")


def _deliveries(told: Json) -> Finding:
    """What waits at Telegram, and what went wrong last."""
    checked, waiting = _("Deliveries"), number_at(told, "pending_update_count") or 0
    at, why = number_at(told, "last_error_date") or 0, str(told.get("last_error_message") or "")
    when = datetime.fromtimestamp(at, UTC)
    if not why or timezone.now() - when > RECENT:
        if not waiting:
            return fine(checked, _("Nothing waits, and nothing went wrong in the last day."))
        words = ngettext("%(n)d message waits.", "%(n)d messages wait.", waiting)
        return fine(checked, words % {"n": waiting})
    known = {"n": waiting, "when": rfc3339(when), "why": why}
    if not waiting:
        return warning(checked, _("One failed at %(when)s: %(why)s. All arrived since.") % known)
    words = ngettext(
        "%(n)d message waits since deliveries fail, last at %(when)s: %(why)s.",
        "%(n)d messages wait since deliveries fail, last at %(when)s: %(why)s.",
        waiting,
    )
    remedy = _("Telegram tries again by itself, for a day, once this server answers.")
    return error(checked, words % known, remedy)
