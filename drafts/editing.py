"""What can be done with a draft before it is deployed. Every change is one atomic step in Redis.

All functions take who acts and raise ``Problem``; what they refuse changes nothing.
"""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from common.problems import FieldError, conflict, invalid, not_found
from drafts import document, limits, refusals, secret_detector
from drafts.access import address_of, keyed_of, missing, open_draft, open_snapshot, require
from drafts.discarding import discard
from drafts.draft import Draft, Fate, Saved, Status, Summary
from drafts.history import history, restore
from drafts.messages import no_such_field, unkeyed
from drafts.saving import Planned, save
from drafts.storage import index, store
from drafts.storage.flat import DocumentError, flatten
from drafts.storage.snapshot import moment
from drafts.transfer import export, imported
from drafts.types import draft_types
from drafts.validation import new_type_errors, type_errors
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from drafts.address import Address
    from drafts.models import Entity, Release
    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor

    Following = Callable[[dict[str, Any]], Mapping[str, Any]]

__all__ = [
    "abandon",
    "change",
    "changes_since",
    "create",
    "create_from_entity",
    "duplicate",
    "export",
    "history",
    "import_",
    "list_drafts",
    "patch",
    "redo",
    "restore",
    "touch",
    "undo",
]


def create(actor: Actor, draft_type: DraftType[Any], data: Mapping[str, Any]) -> Draft:
    """A new draft of the kind's empty document with ``data`` merged in."""
    return _create(actor, draft_type, plain(draft_type.initial()), data)


def create_from_entity(actor: Actor, entity: Entity) -> Draft:
    """A draft of the entity's live configuration; deploying it makes the next version."""
    live = entity.live_release
    if entity.workspace_id != actor.workspace_id or live is None:
        raise not_found()
    draft_type = draft_types.get(entity.kind)
    data = draft_type.upgraded(live.configuration, live.schema_version)
    draft = _create(actor, draft_type, {}, data, target_id=entity.pk, base=live.number)
    return _with_copies(actor, draft_type, draft, live)


def duplicate(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> Draft:
    """A new draft with the same document, of a new entity."""
    draft = open_draft(actor, draft_type, draft_id)
    name = {"name": _("Copy of %(name)s") % {"name": draft.name}} if draft.name else {}
    copy = _create(actor, draft_type, {}, draft.data | name)
    return _with_copies(actor, draft_type, copy, draft)


def import_(actor: Actor, draft_type: DraftType[Any], exported: Mapping[str, Any]) -> Draft:
    """A new draft from what ``export`` gave."""
    draft = _create(actor, draft_type, {}, imported(draft_type, exported))
    return _with_copies(actor, draft_type, draft, None)


def _with_copies(
    actor: Actor, draft_type: DraftType[Any], draft: Draft, origin: Draft | Release | None
) -> Draft:
    """The new draft with what the kind keeps beside it, or none at all."""
    try:
        draft_type.copied(draft, origin)
    except Exception:
        _remove(address_of(actor, draft_type, draft.id))
        raise
    return draft


def _create(
    actor: Actor,
    draft_type: DraftType[Any],
    start: dict[str, Any],
    data: Mapping[str, Any],
    *,
    target_id: uuid.UUID | None = None,
    base: int | None = None,
) -> Draft:
    require(actor, Role.EDITOR)
    given = draft_type.normalised(cleaned(data), start)
    merged, fields = _first_leaves(draft_type, start, given)
    errors = type_errors(draft_type, merged)
    if errors:
        raise unkeepable(errors)
    draft_id = f"draft_{draft_type.kind}_{secrets.token_hex(16)}"
    meta = {"owner": owner_of(actor), "target": str(target_id or uuid.uuid4())}
    if base is not None:
        meta["base"] = str(base)
    address = address_of(actor, draft_type, draft_id)
    outcome = store.create(address, fields, actor.label, meta)
    if outcome.verdict != "OK":
        raise refusals.limit(outcome)
    return open_draft(actor, draft_type, draft_id)


def _first_leaves(
    draft_type: DraftType[Any], start: dict[str, Any], data: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    keyed = keyed_of(draft_type)
    try:
        merged, _change = document.merge(start, data, keyed, {})
        return merged, flatten(merged, keyed)
    except DocumentError as error:
        raise _unkeyed(error) from None


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
) -> Saved:
    """Merge ``data`` into the draft.

    With ``base_version`` a place that was also changed since then is a conflict (409, nothing
    written); ``if_match`` is the same for the whole draft (412). The same ``patch_id`` again gives
    the same answer and changes nothing. ``following`` gives what follows from the change, as a
    patch of the document after it; both are one change. ``seen`` is the draft as the caller has
    just read it.
    """
    given = cleaned(data)
    return change(
        actor,
        draft_type,
        draft_id,
        lambda _document: given,
        base_version=base_version,
        if_match=if_match,
        patch_id=patch_id,
        following=following,
        seen=seen,
    )


def change(
    actor: Actor,
    draft_type: DraftType[Any],
    draft_id: str,
    patch_for: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    base_version: int | None = None,
    if_match: int | None = None,
    patch_id: str | None = None,
    following: Following | None = None,
    seen: Snapshot | None = None,
) -> Saved:
    """As ``patch``, with a patch that depends on the document: it is worked out anew whenever
    somebody else was quicker."""
    require(actor, Role.EDITOR)

    def plan(snapshot: Snapshot) -> Planned:
        given = draft_type.normalised(patch_for(snapshot.document), snapshot.document)
        _refuse_unknown_removals(draft_type, given, snapshot.document)
        try:
            merged, change = document.merge(
                snapshot.document, given, snapshot.keyed, snapshot.fields
            )
            if following:
                more = following(merged)
                merged, also = document.merge(merged, more, snapshot.keyed, snapshot.fields)
                change.followed_by(also)
        except DocumentError as error:
            raise _unkeyed(error) from None
        errors = new_type_errors(draft_type, snapshot.document, merged)
        if errors:
            raise unkeepable(errors)
        return Planned(change, merged)

    return save(
        actor,
        draft_type,
        draft_id,
        plan,
        base=base_version,
        match=if_match,
        patch_id=patch_id,
        seen=seen,
    )


def _refuse_unknown_removals(
    draft_type: DraftType[Any], given: Mapping[str, Any], document: Mapping[str, Any]
) -> None:
    """A typo in what is to be removed is told like one in what is to be set. What an older schema
    left in the document can be removed."""
    known = draft_type.schema.model_fields.keys() | document.keys()
    unknown = [name for name, value in given.items() if value is None and name not in known]
    if unknown:
        raise unkeepable([FieldError(f"data.{name}", no_such_field(name)) for name in unknown])


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

    def plan(snapshot: Snapshot) -> Planned:
        version = snapshot.undoable() if mode == "undo" else snapshot.redoable()
        entry = version and store.logged(address_of(actor, draft_type, draft_id), version)
        if not entry:
            raise conflict(nothing)
        return Planned.reverting(entry.before, mode)

    return save(actor, draft_type, draft_id, plan, patch_id=patch_id)


def abandon(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> None:
    """Remove the draft and all that was kept beside it."""
    open_draft(actor, draft_type, draft_id)
    address = address_of(actor, draft_type, draft_id)
    verdict = _remove(address)
    if verdict == "LOCKED":
        raise refusals.locked()
    if verdict == "GONE":
        raise missing(actor, draft_type, address)


def _remove(address: Address) -> str:
    verdict = store.remove(address, status=Fate.ABANDONED, deploying=False)
    if verdict == "OK":
        discard(address, Fate.ABANDONED)
    return verdict


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


def cleaned(data: Any) -> dict[str, Any]:
    """``data`` as plain JSON, without what no draft may hold."""
    if not isinstance(data, dict):
        raise invalid(_("A draft's data is an object."), FieldError("data", _("must be an object")))
    limits.check(data)
    text = orjson.dumps(data)
    if len(text) > limits.MOST_BYTES:
        raise limits.too_big()
    secret_detector.check(data)
    return plain(data)


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``data`` in JSON's own types."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(data))
    return copy


def owner_of(actor: Actor) -> str:
    """Who a draft belongs to in "my drafts": the person, else the key."""
    if actor.user:
        return f"user:{actor.user.pk}"
    return f"key:{actor.api_key.pk}" if actor.api_key else ""


def unkeepable(errors: list[FieldError]) -> Exception:
    detail = _("The change cannot be saved as it is. Nothing of it was saved.")
    return invalid(detail, *errors)


def _unkeyed(error: DocumentError) -> Exception:
    return unkeepable([FieldError(f"data.{error.path}", unkeyed(error))])
