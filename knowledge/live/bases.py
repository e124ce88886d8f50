"""The door to live knowledge bases: found for whoever asks, in their workspace alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import conflict, not_found
from drafts.access import require
from knowledge.indexing import targets, work
from knowledge.locking import hold_base
from knowledge.models import Document, KnowledgeBase
from workspaces import audit
from workspaces.models import Role

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from knowledge.models import Index
    from workspaces.access import Actor


def of_workspace(actor: Actor) -> QuerySet[KnowledgeBase]:
    """The live bases of the actor's workspace, the last changed first."""
    found = KnowledgeBase.objects.filter(
        workspace_id=actor.workspace_id, live_release__isnull=False
    )
    related = ("live_release", "workspace", "live_index", "next_index")
    return found.select_related(*related).order_by("-updated_at", "pk")


def open_base(actor: Actor, base_id: UUID, at_least: Role = Role.VIEWER) -> KnowledgeBase:
    """One of them; raises ``Problem`` 404 for an unknown or foreign one."""
    require(actor, at_least)
    found = of_workspace(actor).filter(pk=base_id).first()
    if found is None:
        raise not_found()
    return found


def open_document(base: KnowledgeBase, document_id: UUID) -> Document:
    """A document of the base; 404 when it has none of that id."""
    found = base.documents.filter(pk=document_id, removed_at=None).first()
    if found is None:
        raise not_found(_("There is no such document."))
    return found


def stop(actor: Actor, base_id: UUID) -> KnowledgeBase:
    """End the indexing where it is; what is indexed stays. 409 when nothing is being indexed."""
    base = open_base(actor, base_id, Role.EDITOR)
    if not work.stop(base):
        raise conflict(_("Nothing is being indexed."))
    return open_base(actor, base_id)


def reindex(actor: Actor, base_id: UUID) -> KnowledgeBase:
    """Make the index anew, beside the one that answers until then; after a stop, go on."""
    with transaction.atomic():
        hold_base(base_id)
        base = open_base(actor, base_id, Role.EDITOR)
        if base.stopped_at and base.finished_at is None:
            targets.ask_for_all(base, _target(base))
        elif base.finished_at is None:
            raise conflict(_("The base is being indexed already."))
        else:
            targets.begin_anew(base)
            audit.record(actor, "kb.reindexed", base.name)
    work.wake(base.pk)
    return open_base(actor, base_id)


def retry_document(actor: Actor, base_id: UUID, document_id: UUID) -> None:
    """Index a document again that failed. 409 when it has not failed."""
    base = open_base(actor, base_id, Role.EDITOR)
    open_document(base, document_id)
    if not work.retry(_target(base), document_id):
        raise conflict(_("This document has not failed."))


def _target(base: KnowledgeBase) -> Index:
    found = targets.target_of(base)
    if found is None:
        raise conflict(_("The base has no index yet."))
    return found
