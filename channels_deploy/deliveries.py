"""What became of a connection's answers in the last day, as findings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_deploy.finding import fine, warning
from channels_deploy.models.chat import Inbound, Outbound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from channels_deploy.finding import Finding
    from channels_deploy.models import Connection

DAY = timedelta(days=1)


def findings(connection: Connection) -> Iterator[Finding]:
    """Whether messages were answered, and answers delivered."""
    since = timezone.now() - DAY
    asked = Inbound.objects.filter(connection=connection, received_at__gte=since)
    unanswered = asked.filter(status=Inbound.Status.FAILED)
    sent = Outbound.objects.filter(chat__connection=connection, created_at__gte=since)
    lost = sent.filter(status=Outbound.Status.FAILED)
    yield _of_messages(unanswered.count(), _last(unanswered))
    yield _of_answers(lost.count(), _last(lost))


def _last(rows: QuerySet[Any]) -> str:
    """What the newest of ``rows`` failed by."""
    return str(rows.order_by("-id").values_list("error", flat=True).first() or "")


def _of_messages(count: int, why: str) -> Finding:
    checked = _("Messages, last day")
    if not count:
        return fine(checked, _("All were answered."))
    words = ngettext(
        "%(n)d was not answered: %(why)s", "%(n)d were not answered. The last: %(why)s", count
    )
    return warning(checked, words % {"n": count, "why": why})


def _of_answers(count: int, why: str) -> Finding:
    checked = _("Answers, last day")
    if not count:
        return fine(checked, _("All were delivered."))
    words = ngettext(
        "%(n)d was not delivered: %(why)s", "%(n)d were not delivered. The last: %(why)s", count
    )
    return warning(checked, words % {"n": count, "why": why})
