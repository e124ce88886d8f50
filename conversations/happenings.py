"""What happened in conversations, for apps above to pass on: an outbox.

A row is written together with what it tells of, in the same transaction, and only in a workspace
that somebody follows. Whether that is so is asked within the statement that writes, so that nobody
has to remember it: what begins to be written after the commit of ``follow`` is not missed, and
where nobody follows nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from common.registry import Registry
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from uuid import UUID


class Following(models.Model):
    """That somebody wants to be told what happens in the workspace."""

    workspace = models.OneToOneField(
        Workspace, models.CASCADE, primary_key=True, related_name="following"
    )

    def __str__(self) -> str:
        return str(self.workspace_id)


class Happening(models.Model):
    """One thing that happened. ``subject_id`` is the conversation, message, lead or handoff, which
    may have been deleted since: what is not there any more is told to nobody."""

    class Kind(models.TextChoices):
        CONVERSATION = "conversation.created"
        MESSAGE = "message.created"
        LEAD = "lead.created"
        HANDOFF = "handoff.requested"

    workspace_id = models.UUIDField()
    entity_id = models.UUIDField()
    kind = models.CharField(max_length=30, choices=Kind.choices)
    subject_id = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


# Called after the commit of what happened, to look for it at once. May be lost.
wakers: Registry[Callable[[], None]] = Registry("waker")

COLUMNS = "workspace_id, entity_id, kind, subject_id, at"
FOLLOWED = "EXISTS (SELECT FROM conversations_following WHERE workspace_id = %(workspace)s)"
_NOTE = f"""
INSERT INTO conversations_happening ({COLUMNS})
SELECT %(workspace)s, %(entity)s, %(kind)s, %(subject)s, %(at)s WHERE {FOLLOWED}
"""
# Not ``IN (SELECT … LIMIT …)``: that may be carried out several times, and would take more.
_TAKE = f"""
WITH next AS MATERIALIZED (
    SELECT id FROM conversations_happening WHERE workspace_id <> ALL(%s::uuid[])
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
DELETE FROM conversations_happening AS each USING next WHERE each.id = next.id
RETURNING each.id, {COLUMNS}
"""  # noqa: S608 (no value is put in)


def note(kind: str, subject_id: UUID, *, workspace_id: UUID, entity_id: UUID, at: datetime) -> None:
    """Write that something happened, if somebody follows the workspace. In its transaction."""
    values: dict[str, Any] = {"workspace": workspace_id, "entity": entity_id}
    values |= {"kind": kind, "subject": subject_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        if cursor.rowcount:
            announce()


def announce() -> None:
    """Wake whoever passes on what was written, once it is committed."""
    for wake in wakers:
        transaction.on_commit(wake, robust=True)


def follow(workspace_id: UUID) -> None:
    """Have everything written that happens in the workspace after the commit of the caller's
    transaction."""
    Following.objects.select_for_update().get_or_create(workspace_id=workspace_id)


def unfollow_unless(workspace_id: UUID, is_wanted: Callable[[], bool]) -> None:
    """Have nothing written any more where nobody follows. Whoever begins to just now holds the
    same row: they are seen by ``is_wanted``, or come after."""
    with transaction.atomic():
        held = Following.objects.select_for_update().filter(workspace=workspace_id)
        if held.first() is not None and not is_wanted():
            held.delete()


def take(most: int, *, but_of: Collection[UUID] = ()) -> list[Happening]:
    """The oldest that nobody else is taking, the first first, without those of the workspaces
    ``but_of``. They are gone with the commit of the caller's transaction."""
    taken: list[Any] = list(Happening.objects.raw(_TAKE, [list(but_of), most]))
    return sorted(taken, key=lambda each: each.pk)
