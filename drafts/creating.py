"""Drafts that begin: empty, from a live entity, as a copy of another draft, or from a file.

All functions take who acts and raise ``Problem``; what they refuse leaves nothing behind.
"""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import not_found
from drafts import document, refusals
from drafts.access import address_of, keyed_of, open_draft, owner_of, require
from drafts.discarding import remove
from drafts.given import cleaned, json_copy, refuse_unknown_removals
from drafts.storage import store
from drafts.storage.flat import DocumentError, flatten
from drafts.transfer import imported
from drafts.types import draft_types
from drafts.validation import type_errors
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.draft import Draft
    from drafts.models import Entity, Release
    from drafts.types import DraftType
    from workspaces.access import Actor


def create(actor: Actor, draft_type: DraftType[Any], data: Mapping[str, Any]) -> Draft:
    """A new draft of the kind's empty document with ``data`` merged in."""
    return _new(actor, draft_type, json_copy(draft_type.initial()), data)


def new_id(kind: str) -> str:
    """An id for a draft of the kind that nobody can guess."""
    return f"draft_{kind}_{secrets.token_hex(16)}"


def create_from_entity(actor: Actor, entity: Entity, draft_id: str = "") -> Draft:
    """A draft of the entity's live configuration; deploying it makes the next version. Whoever must
    know its id before it is there gives one of ``new_id``."""
    live = entity.live_release
    if entity.workspace_id != actor.workspace_id or live is None:
        raise not_found()
    draft_type = draft_types.get(entity.kind)
    data = draft_type.upgraded(live.configuration, live.schema_version)
    draft = _new(
        actor, draft_type, {}, data, target_id=entity.pk, base=live.number, draft_id=draft_id
    )
    return _with_copies(actor, draft_type, draft, live)


def duplicate(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> Draft:
    """A new draft with the same document, of a new entity."""
    draft = open_draft(actor, draft_type, draft_id)
    name = {"name": _("Copy of %(name)s") % {"name": draft.name}} if draft.name else {}
    copy = _new(actor, draft_type, {}, draft.data | name)
    return _with_copies(actor, draft_type, copy, draft)


def import_(actor: Actor, draft_type: DraftType[Any], exported: Mapping[str, Any]) -> Draft:
    """A new draft from what ``export`` gave."""
    draft = _new(actor, draft_type, {}, imported(draft_type, exported))
    return _with_copies(actor, draft_type, draft, None)


def _with_copies(
    actor: Actor, draft_type: DraftType[Any], draft: Draft, origin: Draft | Release | None
) -> Draft:
    """The new draft with what the kind keeps beside it, or none at all."""
    try:
        draft_type.copied(draft, origin)
    except Exception:
        # Raised again, once nothing is left of the half-made draft.
        remove(address_of(actor, draft_type, draft.id))
        raise
    return draft


def _new(
    actor: Actor,
    draft_type: DraftType[Any],
    start: dict[str, Any],
    data: Mapping[str, Any],
    *,
    target_id: uuid.UUID | None = None,
    base: int | None = None,
    draft_id: str = "",
) -> Draft:
    require(actor, Role.EDITOR)
    given = draft_type.normalised(cleaned(data), start)
    refuse_unknown_removals(draft_type, given, start)
    merged, fields = _first_leaves(draft_type, start, given)
    errors = type_errors(draft_type, merged)
    if errors:
        raise refusals.unkeepable(errors)
    draft_id = draft_id or new_id(draft_type.kind)
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
        raise refusals.unkeyed(error) from None
