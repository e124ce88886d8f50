"""Goes on where a crash or a lost message left chats waiting, and forgets what is old."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_deploy import incoming
from channels_deploy.models import Chat, Inbound, Outbound

if TYPE_CHECKING:
    from django.db.models import QuerySet

# What has waited for longer is neither answered nor sent any more, and what was said is remembered
# for so long: services deliver a message again for up to seven days.
TOO_LATE, KEPT = timedelta(days=1), timedelta(days=8)
# Rows of a kind in one go, the oldest first.
MOST = 5000
_OPEN = (Inbound.Status.WAITING, Inbound.Status.ANSWERING)


def sweep() -> None:
    """Can run twice at once."""
    _give_up()
    _forget()
    incoming.wake()


def _give_up() -> None:
    since = timezone.now() - TOO_LATE
    late = Inbound.objects.filter(status__in=_OPEN, received_at__lt=since).order_by("received_at")
    _some(late).update(status=Inbound.Status.FAILED, error=_("It came too late to be answered."))
    unsent = Outbound.objects.filter(status=Outbound.Status.WAITING, created_at__lt=since)
    _some(unsent.order_by("created_at")).update(
        status=Outbound.Status.FAILED, error=_("It came too late to be sent.")
    )


def _forget() -> None:
    since = timezone.now() - KEPT
    _some(Inbound.objects.filter(received_at__lt=since).order_by("received_at")).delete()
    _some(Outbound.objects.filter(created_at__lt=since).order_by("created_at")).delete()
    # Whoever was never answered has no conversation, with which all of it would go.
    kept = Inbound.objects.filter(chat=OuterRef("pk"))
    nobody = Chat.objects.filter(~Exists(kept), conversation=None, heard_at__lt=since)
    _some(nobody.order_by("heard_at")).delete()


def _some(rows: QuerySet[Any]) -> QuerySet[Any]:
    every: QuerySet[Any] = rows.model.objects.all()
    return every.filter(pk__in=rows.values("pk")[:MOST])
