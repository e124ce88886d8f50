"""What goes with a workspace: its drafts, what is kept beside them, what its entities set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from drafts.address import Address
from drafts.discarding import discard
from drafts.draft import Fate
from drafts.models import Entity
from drafts.storage import index, store
from drafts.types import draft_types

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.models import Workspace


def clear(workspace: Workspace) -> None:
    """A workspace cleaner: its entities withdraw what they set up elsewhere, and its drafts go once
    the deletion is committed, so that one that fails loses nothing."""
    entities = Entity.with_deleted.filter(workspace=workspace)
    for entity_id, kind in entities.values_list("pk", "kind"):
        if kind in draft_types:
            draft_types.get(kind).entity_removed(entity_id)
    workspace_id = workspace.pk

    def remove_its_drafts() -> None:
        remove_drafts(workspace_id)

    # A store that is away then keeps drafts that nobody can reach, until their time is over.
    transaction.on_commit(remove_its_drafts, robust=True)


def remove_drafts(workspace_id: UUID) -> None:
    """Remove every draft of a workspace, also one that is being deployed. Safe to run twice."""
    for kind, draft_id in index.everything(workspace_id):
        _remove(Address(kind, draft_id, workspace_id))
    index.forget(workspace_id)


def _remove(address: Address) -> None:
    store.remove(address, status=Fate.ABANDONED)
    discard(address, Fate.ABANDONED)
