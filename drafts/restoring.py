"""The way back to any version of a draft that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from drafts.access import address_of, require
from drafts.saving import Planned, save
from drafts.storage import store
from drafts.storage.flat import unflatten
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.draft import Saved
    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor


def restore(actor: Actor, draft_type: DraftType[Any], draft_id: str, version: int) -> Saved:
    """Make the data of ``version`` the newest. 422 for a version that is not kept."""
    require(actor, Role.EDITOR)

    def plan(snapshot: Snapshot) -> Planned:
        entries = store.log(address_of(actor, draft_type, draft_id))
        before = _before(snapshot, entries, version)
        if before is None:
            detail = _("Version %(version)d of this draft is not kept.") % {"version": version}
            raise invalid(detail, FieldError("version", detail))
        return Planned.reverting(before, "restore")

    return save(actor, draft_type, draft_id, plan)


def document_at(
    snapshot: Snapshot, entries: Mapping[int, store.LogEntry], version: int
) -> dict[str, Any] | None:
    """The document as it was in ``version``; None where that is not kept."""
    before = _before(snapshot, entries, version)
    if before is None:
        return None
    leaves = snapshot.fields | before
    fields = {path: text for path, text in leaves.items() if text is not None}
    return unflatten(fields, snapshot.keyed)


def _before(
    snapshot: Snapshot, entries: Mapping[int, store.LogEntry], version: int
) -> dict[str, str | None] | None:
    """The leaves that changed after ``version``, as they were then; None where that is not kept."""
    later = range(snapshot.version, version, -1)
    if not 1 <= version <= snapshot.version or any(v not in entries for v in later):
        return None
    before: dict[str, str | None] = {}
    for number in later:
        before |= entries[number].before
    return before
