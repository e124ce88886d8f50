"""What Meta tells of a number and its messages, and whom it lets us write to, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_deploy.channels.whatsapp.events import WINDOW
from channels_deploy.finding import error, fine, led_elsewhere, warning
from conversations.models import Handoff

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from channels_deploy.finding import Finding
    from channels_deploy.models import Connection

    Json = Mapping[str, Any]

# What Meta calls a number that sends and receives.
WORKING = frozenset({"CONNECTED", ""})
LOW, MEDIUM = "RED", "YELLOW"


def number(told: Json, facts: Json) -> Iterator[Finding]:
    """What Meta takes the token for, and how the number does."""
    shown = str(told.get("display_phone_number") or facts.get("phone_number_id", ""))
    taken = _("Meta takes it, with the app secret, for %(number)s.") % {"number": shown}
    yield fine(_("Access token"), taken)
    yield _status(str(told.get("status") or ""))
    yield _quality(str(told.get("quality_rating") or ""))


def _status(status: str) -> Finding:
    checked = _("Number")
    if status in WORKING:
        return fine(checked, _("It sends and receives."))
    found = _("Meta says that its status is %(status)s.") % {"status": status}
    return error(checked, found, _("See what Meta wants in the WhatsApp Manager."))


def _quality(rating: str) -> Finding:
    checked, known = _("Quality"), {"rating": rating.capitalize()}
    if rating not in {LOW, MEDIUM}:
        return fine(checked, _("People do not complain about the number."))
    found = _("Meta rates the number %(rating)s: people block or report it.") % known
    return warning(checked, found, _("Meta limits numbers that stay so. Answer those who ask."))


def subscription(addresses: Collection[str], address: str) -> Finding:
    """Where the business account's messages go."""
    now = address if address in addresses else next(iter(sorted(addresses)), "")
    return led_elsewhere(_("Webhook"), now, address, "WhatsApp")


def window(connection: Connection) -> Finding:
    """Whom a person of the workspace has yet to answer, and cannot answer any more."""
    checked, long_ago = _("24-hour window"), timezone.now() - WINDOW
    outside = connection.chats.filter(heard_at__lt=long_ago)
    open_ones = Handoff.objects.open().values("conversation")
    late = outside.filter(conversation__in=open_ones).count()
    if late:
        words = ngettext(
            "%(n)d conversation waits for a person, and the visitor wrote over a day ago.",
            "%(n)d conversations wait for a person, and the visitors wrote over a day ago.",
            late,
        )
        remedy = _("WhatsApp delivers no answer to them until they write again.")
        return warning(checked, words % {"n": late}, remedy)
    count = outside.count()
    words = ngettext(
        "%(n)d chat is older than a day: an answer needs a new message there.",
        "%(n)d chats are older than a day: an answer needs a new message there.",
        count,
    )
    return fine(checked, words % {"n": count} if count else _("Every chat can be answered."))
