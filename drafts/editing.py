"""What can be done with a draft until it is deployed. Every change is one atomic step in Redis.

All functions take who acts and raise ``Problem``; what they refuse changes nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import conflict
from drafts import refusals
from drafts.access import address_of, missing, open_draft, open_snapshot, owner_of, require
from drafts.discarding import remove
from drafts.draft import Saved, Status, Summary
from drafts.given import cleaned
from drafts.history import changed_by, entry_of, history
from drafts.merging import Drawn, Merging
from drafts.newcomers import told_before
from drafts.restoring import restore
from drafts.saving import Planned, save
from drafts.storage import index, store
from drafts.storage.snapshot import moment
from drafts.transfer import export
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from drafts.merging import Following
    from drafts.storage.snapshot import Snapshot
    from drafts.storage.store import LogEntry
    from drafts.types import DraftType
    from workspaces.access import Actor

__all__ = [
    "Drawn",
    "abandon",
    "change",
    "changed_by",
    "changes_since",
    "export",
    "history",
    "list_drafts",
    "patch",
    "redo",
    "restore",
    "touch",
    "undo",
]


def list_drafts(
    actor: Actor, draft_type: DraftType[Any] | None = None, *, mine: bool = False
) -> list[Summary]:
    """The workspace's drafts, the last changed first."""
    found = (_summary(actor, *row) for row in index.rows(actor.workspace_id))
    wanted = (
        draft
        for draft in found
        if (draft_type is None or draft.kind == draft_type.kind) and (draft.is_mine or not mine)
    )
    return sorted(wanted, key=lambda draft: (draft.updated_at, draft.id), reverse=True)


def _summary(actor: Actor, draft_id: str, row: Mapping[str, str]) -> Summary:
    return Summary(
        id=draft_id,
        kind=row["type"],
        name=row["name"],
        status=Status(row["status"]),
        version=int(row["v"]),
        created_by=row["by"],
        created_at=moment(row["created"]),
        updated_at=moment(row["updated"]),
        expires_at=moment(row["expires"]),
        entity_id=uuid.UUID(row["target"]) if row.get("base") else None,
        is_mine=row["owner"] == owner_of(actor),
    )


def patch(
    actor: Actor,
    draft_type: DraftType[Any],
    draft_id: str,
    data: Mapping[str, Any],
    *,
    base_version: int | None = None,
    if_match: int | None = None,
    patch_id: str | None = None,
    following: Following | None = None,
    seen: Snapshot | None = None,
    drawn: Drawn | None = None,
) -> Saved:
    """Merge ``data`` into the draft.

    With ``base_version`` a place that was also changed since then is a conflict (409, nothing
    written); ``if_match`` is the same for the whole draft (412). The same ``patch_id`` again gives
    the same answer and changes nothing. ``following`` gives what follows from the change, as a
    patch of the document after it; both are one change. ``seen`` is the draft as the caller has
    just read it. ``drawn`` says that ``data`` comes from a canvas: nodes whose names others have
    taken get other ones, which ``Saved.renumbered`` tells, and what two people draw at one place
    is put together where it can be.
    """
    given = cleaned(data)
    require(actor, Role.EDITOR)
    merging = Merging(
        actor,
        draft_type,
        draft_id,
        lambda _document: given,
        base_version=base_version,
        following=following,
        drawn=drawn,
    )
    saved = save(
        actor,
        draft_type,
        draft_id,
        merging.planned,
        base=base_version,
        match=if_match,
        patch_id=patch_id,
        seen=seen,
    )
    if not drawn or not drawn.keys:
        return saved
    # From what was written: the same change may have been sent before.
    entry = store.logged(address_of(actor, draft_type, draft_id), saved.version)
    before = entry.before if entry else {}
    return replace(saved, renumbered=told_before(drawn.keys, draft_type.node_list, before))


def change(
    actor: Actor,
    draft_type: DraftType[Any],
    draft_id: str,
    patch_for: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    base_version: int | None = None,
    patch_id: str | None = None,
) -> Saved:
    """As ``patch``, with a patch that depends on the document: it is worked out anew whenever
    somebody else was quicker, wherever they changed something."""
    require(actor, Role.EDITOR)
    plan = Merging(actor, draft_type, draft_id, patch_for, base_version, depends=True).planned
    return save(actor, draft_type, draft_id, plan, base=base_version, patch_id=patch_id)


def undo(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, *, patch_id: str | None = None
) -> Saved:
    """Take the newest change back, as a new version. 409 when there is none."""
    return _step(actor, draft_type, draft_id, "undo", patch_id)


def redo(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, *, patch_id: str | None = None
) -> Saved:
    """Make the change again that was undone last. 409 when there is none."""
    return _step(actor, draft_type, draft_id, "redo", patch_id)


def _step(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, mode: str, patch_id: str | None
) -> Saved:
    nothing = _("There is nothing to undo.") if mode == "undo" else _("There is nothing to redo.")
    # By the version that reverting it would make. The plan is made again when somebody else was
    # quicker; the version that was saved tells which of them was carried out.
    tried: dict[int, LogEntry] = {}

    def plan(snapshot: Snapshot) -> Planned:
        version = snapshot.undoable() if mode == "undo" else snapshot.redoable()
        entry = version and store.logged(address_of(actor, draft_type, draft_id), version)
        if not entry:
            raise conflict(nothing)
        tried[snapshot.version + 1] = entry
        return Planned.reverting(entry.before, mode)

    saved = save(actor, draft_type, draft_id, plan, patch_id=patch_id)
    entry = tried.get(saved.version)
    return replace(saved, took_back=entry_of(entry)) if entry else saved


def abandon(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> None:
    """Remove the draft and all that was kept beside it."""
    open_draft(actor, draft_type, draft_id)
    address = address_of(actor, draft_type, draft_id)
    verdict = remove(address)
    if verdict == "LOCKED":
        raise refusals.locked()
    if verdict == "GONE":
        raise missing(actor, draft_type, address)


def touch(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> datetime:
    """Let the draft live for its whole time from now on; gives the new end."""
    address = address_of(actor, draft_type, draft_id)
    expires_at = store.touch(address)
    if expires_at is None:
        raise missing(actor, draft_type, address)
    return expires_at


def changes_since(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, version: int
) -> tuple[int, dict[str, Any]]:
    """The draft's version, and what is at the places that changed after ``version`` by dotted
    path (None: removed)."""
    snapshot = open_snapshot(actor, draft_type, draft_id, Role.VIEWER)
    return snapshot.version, refusals.visible(snapshot, snapshot.changed_since(version))
