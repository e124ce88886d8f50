"""The only door to a draft: who asks, and what became of a draft that is no longer there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import Problem, forbidden, gone, not_found
from common.timestamps import rfc3339
from drafts.address import Address
from drafts.models import Deployment
from drafts.paths import stored
from drafts.storage import index, store
from drafts.types import draft_types
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drafts.draft import Draft
    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor


def open_draft(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, at_least: Role = Role.EDITOR
) -> Draft:
    """The draft as it is now. Raises ``Problem`` 404 for an unknown or foreign one, 410 for one
    that was deployed (``entity_id`` and ``url``) or has expired."""
    return presented(draft_type, open_snapshot(actor, draft_type, draft_id, at_least))


def open_snapshot(
    actor: Actor, draft_type: DraftType[Any], draft_id: str, at_least: Role = Role.EDITOR
) -> Snapshot:
    """As ``open_draft``, with every leaf's stamp."""
    require(actor, at_least)
    address = address_of(actor, draft_type, draft_id)
    snapshot = store.read(address, keyed_of(draft_type))
    if snapshot is None:
        raise missing(actor, draft_type, address)
    return snapshot


def open_each(
    actor: Actor, draft_type: DraftType[Any], draft_ids: Iterable[str]
) -> dict[str, Draft]:
    """Those drafts that are still there, by id, for whoever may look at them; read in one go."""
    require(actor, Role.VIEWER)
    addresses = [address_of(actor, draft_type, draft_id) for draft_id in draft_ids]
    found = store.read_each(addresses, keyed_of(draft_type))
    return {snap.draft_id: presented(draft_type, snap) for snap in found if snap}


def presented(draft_type: DraftType[Any], snapshot: Snapshot) -> Draft:
    """The draft with what its kind tells of it beside the stored document."""
    return draft_type.presented(snapshot.draft())


def kept(address: Address) -> Draft | None:
    """The stored draft, for work in the background that somebody was allowed to begin; None when it
    is gone."""
    snapshot = store.read(address, keyed_of(draft_types.get(address.kind)))
    return snapshot.draft() if snapshot else None


def is_kept(kind: str, draft_id: str) -> bool:
    """Whether there is such a draft, whoever it belongs to."""
    return index.workspace_of(kind, draft_id) is not None


def require(actor: Actor, at_least: Role) -> None:
    if not actor.may(at_least):
        raise forbidden(_("This needs the role %(role)s.") % {"role": at_least.label})


def owner_of(actor: Actor) -> str:
    """Who a draft belongs to in "my drafts": the person, else the key."""
    if actor.user:
        return f"user:{actor.user.pk}"
    return f"key:{actor.api_key.pk}" if actor.api_key else ""


def address_of(actor: Actor, draft_type: DraftType[Any], draft_id: str) -> Address:
    return Address(draft_type.kind, draft_id, actor.workspace_id)


def keyed_of(draft_type: DraftType[Any]) -> dict[str, str]:
    """The kind's keyed lists by the paths that the store uses."""
    return {stored(path): name for path, name in draft_type.keyed_lists.items()}


def missing(actor: Actor, draft_type: DraftType[Any], address: Address) -> Problem:
    """Why there is no draft at ``address``, as far as the actor's workspace may know."""
    deployed = (
        Deployment.objects.filter(draft_id=address.draft_id, workspace_id=actor.workspace_id)
        .select_related("entity__workspace")
        .first()
    )
    if deployed and deployed.entity.kind == draft_type.kind:
        return gone(
            _("This draft was deployed."),
            entity_id=str(deployed.entity_id),
            url=draft_type.detail_url(deployed.entity),
        )
    expired = index.expired(address)
    if expired is None:
        return not_found(_("There is no such draft."))
    at, name = expired
    detail = _("The draft “%(name)s” has expired: nobody changed it in time.")
    return gone(detail % {"name": name or untitled(draft_type)}, expired_at=rfc3339(at), name=name)


def untitled(draft_type: DraftType[Any]) -> str:
    """What a draft without a name is called."""
    return _("Untitled %(kind)s") % {"kind": str(draft_type.label).lower()}
