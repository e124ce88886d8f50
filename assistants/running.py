"""Others of their kind that documents run in their midst: whether they are there, come to an end,
and can be run where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.named import uuid, uuids
from drafts.entities import live_entities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from assistants.draft_type import AssistantDraft
    from assistants.live import Live
    from drafts.models import Entity
    from workspaces.access import Actor

    Kind = AssistantDraft[Any]
    Document = Mapping[str, Any]


def existing(
    actor: Actor, draft_type: Kind, documents: Sequence[Document]
) -> frozenset[UUID | None]:
    """The ids of those that any of ``documents`` runs and the actor's workspace has live."""
    ids = uuids(named.id for data in documents for named in draft_type.runs(data))
    if not ids:
        return frozenset()
    live = live_entities(actor, draft_type).filter(pk__in=ids)
    return frozenset(live.values_list("pk", flat=True))


def choices(actor: Actor, draft_type: Kind, own_id: UUID | None) -> list[tuple[str, str]]:
    """What is live of the kind, as choices by name, without the one with ``own_id``."""
    live = live_entities(actor, draft_type).order_by("name", "pk").values_list("pk", "name")
    return [(str(pk), name) for pk, name in live if pk != own_id]


def unknown(
    draft_type: Kind, data: Document, known: frozenset[UUID | None]
) -> Iterator[tuple[str, str]]:
    """Path and message for each one that cannot be run."""
    for named in draft_type.runs(data):
        if uuid(named.id) not in known:
            words = _("The chosen %(kind)s no longer exists, or is not deployed. Choose another.")
            yield named.path, words % {"kind": str(draft_type.label).lower()}


def unfit(live: Live, data: Document, own_id: UUID | None) -> Iterator[tuple[str, str, str]]:
    """Severity, path and message for each one that cannot be run where it stands, as they are
    ``live``. ``own_id`` is the entity that ``data`` is to become, if there is one."""
    for path, message in _circles(live, data, own_id):
        yield "error", path, message
    for barred in live.draft_type.barred(data):
        if way := live.way_to(barred.need, uuid(barred.id)):
            yield barred.severity, barred.path, barred.told(_named(way))


def _circles(live: Live, data: Document, own_id: UUID | None) -> Iterator[tuple[str, str]]:
    """Path and message for each one that comes back to where it was, or goes too deep."""
    for named in live.draft_type.runs(data):
        above = (own_id,) if own_id else ()
        if message := live.fault(uuid(named.id), above, 1):
            yield named.path, message


def _named(way: Sequence[Entity]) -> str:
    """The last one, with those that run it."""
    *others, last = (f"“{each.name}”" for each in way)
    if not others:
        return last
    return _("%(flow)s (within %(others)s)") % {"flow": last, "others": " → ".join(others)}


def undeclared(live: Live, data: Document) -> Iterator[tuple[str, str]]:
    """Path and message for each one that is given a value for a variable that it does not have."""
    for named in live.draft_type.runs(data):
        entity = live.entity(uuid(named.id)) if named.variables else None
        if entity is None:
            continue
        configuration = live.draft_type.read(live.configuration(entity))
        known = {variable.name for variable in configuration.variables}
        for name in named.variables:
            if name not in known:
                words = _("%(flow)s has no variable %(name)s.")
                yield named.path, words % {"flow": entity.name, "name": name}
