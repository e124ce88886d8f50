"""The only door to deployed entities of every kind: found, listed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import not_found
from drafts.access import require
from drafts.models import Deployment, Entity
from drafts.types import draft_types
from workspaces import audit
from workspaces.models import ApiKey, Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from drafts.types import DraftType
    from workspaces.access import Actor


def entities(actor: Actor, draft_type: DraftType[Any]) -> QuerySet[Entity]:
    """The workspace's entities of a kind, as the kind's own model, the last changed first."""
    rows: QuerySet[Entity] = draft_type.model._default_manager.all()  # noqa: SLF001 (public API)
    return (
        rows.filter(workspace_id=actor.workspace_id, kind=draft_type.kind)
        .select_related("live_release", "workspace")
        .order_by("-updated_at", "-pk")
    )


def live_entities(actor: Actor, draft_type: DraftType[Any]) -> QuerySet[Entity]:
    """Those of them that have a live release."""
    return entities(actor, draft_type).filter(live_release__isnull=False)


def open_entity(actor: Actor, draft_type: DraftType[Any], entity_id: UUID | str) -> Entity:
    """One of them; raises ``Problem`` 404 for an unknown or foreign one."""
    require(actor, Role.VIEWER)
    found = entities(actor, draft_type).filter(pk=entity_id).first()
    if found is None:
        raise not_found()
    return found


def deleted(draft_type: DraftType[Any]) -> str:
    """What to say of a draft whose entity was deleted."""
    words = _("The %(kind)s that this draft edits was deleted. Duplicate the draft to keep it.")
    return words % {"kind": str(draft_type.label).lower()}


def lock(entity_id: UUID) -> bool:
    """Hold the entity to the end of the transaction; whether there is one.

    Whoever changes or deletes one does this first, and with this row first: of two, either is done
    before the other begins, and neither holds what the other waits for.
    """
    return bool(Entity.objects.select_for_update().filter(pk=entity_id).first())


def remove(actor: Actor, entity: Entity) -> None:
    """Delete the entity with all that hangs on it; its keys stop, its channels are withdrawn. From
    then on nobody finds it, even if what it held is still being removed."""
    require(actor, Role.EDITOR)
    with transaction.atomic():
        if not lock(entity.pk):
            raise not_found()
        keys = ApiKey.objects.filter(workspace_id=actor.workspace_id, subject_id=entity.pk)
        keys.filter(revoked_at=None).update(revoked_at=timezone.now())
        audit.record(actor, f"{entity.kind}.deleted", entity.name)
        draft_types.get(entity.kind).delete(entity)


def hide(entity: Entity) -> None:
    """Let nobody find the entity any more, and its address be free, until somebody removes what it
    held. Inside the transaction that deletes it."""
    Deployment.objects.filter(entity=entity).delete()
    Entity.objects.filter(pk=entity.pk).update(
        deleted_at=timezone.now(), live_release=None, slug=f"deleted-{entity.pk}"
    )
