"""Conversations are kept for so many days, where a workspace says so, and deleted afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from conversations.models import Conversation, Retention
from workspaces import audit
from workspaces.access import Actor, Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from workspaces.models import Workspace

SHORTEST, LONGEST = 1, 3650
# In one transaction, and of one workspace in one go of the sweep.
BATCH, MOST = 100, 5000


def days_of(workspace_id: UUID) -> int | None:
    """None: for ever."""
    return Retention.objects.filter(pk=workspace_id).values_list("days", flat=True).first()


def over(workspace_id: UUID, days: int) -> QuerySet[Conversation]:
    """The conversations in which nothing was said for ``days``."""
    before = timezone.now() - timedelta(days=days)
    return Conversation.objects.filter(workspace=workspace_id, last_message_at__lt=before)


@transaction.atomic
def keep_for(actor: Actor, days: int | None) -> None:
    """Keep the workspace's conversations for ``days`` from now on, or (None) for ever; raises
    ``Problem`` 422. What is older is deleted by the next sweeps."""
    if days is not None and not SHORTEST <= days <= LONGEST:
        bounds = {"least": SHORTEST, "most": LONGEST}
        words = _("Give a number from %(least)s to %(most)s.") % bounds
        raise invalid(_("Conversations cannot be kept for so long."), FieldError("days", words))
    was = days_of(actor.workspace_id)
    if was == days:
        return
    if days is None:
        Retention.objects.filter(pk=actor.workspace_id).delete()
    else:
        Retention.objects.update_or_create(pk=actor.workspace_id, defaults={"days": days})
    audit.record(actor, "retention.changed", days_before=was or "∞", days_now=days or "∞")


def sweep() -> None:
    """Delete what is over, of each workspace a bounded number. Can run twice at once."""
    for each in Retention.objects.select_related("workspace"):
        deleted = 0
        while deleted < MOST and (batch := _delete_batch(each)):
            deleted += batch
        if deleted:
            audit.record(_keeper(each.workspace), "retention.deleted", conversations=deleted)


@transaction.atomic
def _delete_batch(retention: Retention) -> int:
    """How many were deleted; those that somebody else is about to write into come later, if they
    are still over by then."""
    oldest = over(retention.pk, retention.days).order_by("last_message_at")
    locked = oldest.select_for_update(skip_locked=True, of=("self",))[:BATCH]
    ids = [row.pk for row in locked.only("pk")]
    Conversation.objects.filter(pk__in=ids).delete()
    return len(ids)


def _keeper(workspace: Workspace) -> Actor:
    """Who deletes where nobody asked for it just now."""
    return Actor(workspace, Role.VIEWER, "PrivexBot")
