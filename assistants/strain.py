"""What a new version of one that is live would do to the others that run it: those that are live
too, and where it stands in them could not be run any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _

from assistants.named import uuid
from assistants.running import unfit
from conversations.runtime import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from uuid import UUID

    from assistants.live import Live
    from drafts.models import Entity


class Coming(NamedTuple):
    """A document, and the entity that it is to be the new version of, if there is one."""

    entity_id: UUID | None
    data: Mapping[str, Any]


def strained_by_each(live: Live, coming: Sequence[Coming]) -> list[list[tuple[str, str]]]:
    """For each of ``coming`` severity and message of what would be wrong with others. An error
    where they would fail as soon as somebody comes to it; a warning where they would still run."""
    own = [_changed(live, each) for each in coming]
    upward = _running(live, {entity.pk for entity in own if entity})
    return [
        list(dict.fromkeys(_strained(live, entity, each.data, upward))) if entity else []
        for entity, each in zip(own, coming, strict=True)
    ]


def _changed(live: Live, coming: Coming) -> Entity | None:
    """The live one, where the document takes other things of people, or runs others, than that
    does. One that itself cannot be run is told of already."""
    kind, entity = live.draft_type, live.entity(coming.entity_id)
    if entity is None:
        return None
    named = list(kind.runs(coming.data))
    is_same = named == live.run_by(entity) and kind.needs(coming.data) == live.needs_of(entity)
    if is_same or any(live.fault(uuid(each.id), (entity.pk,), 1) for each in named):
        return None
    return entity


def _running(live: Live, ids: set[UUID]) -> dict[UUID, list[Entity]]:
    """By id those that run the one in their midst themselves; also for those, as deep as they may
    run."""
    found: dict[UUID, list[Entity]] = {}
    wanted = ids
    for _level in range(DEEPEST):
        found |= {id_: [] for id_ in wanted}
        news = live.that_name(wanted)
        for entity in news:
            for id_ in wanted & {uuid(named.id) for named in live.run_by(entity)}:
                found[id_].append(entity)
        wanted = {entity.pk for entity in news} - found.keys()
    return found


def _strained(
    live: Live, own: Entity, data: Mapping[str, Any], upward: Mapping[UUID, Collection[Entity]]
) -> Iterator[tuple[str, str]]:
    coming = live.with_coming(own, data)
    for entity in _above(own, upward):
        configuration = live.configuration(entity)
        before = set(unfit(live, configuration, entity.pk))
        for severity, path, why in unfit(coming, configuration, entity.pk):
            if (severity, path, why) not in before:
                yield severity, _told(live, entity, severity, why)


def _above(own: Entity, upward: Mapping[UUID, Collection[Entity]]) -> list[Entity]:
    """All in whose midst it is run, by whatever way."""
    found: dict[UUID, Entity] = {}
    pending = [own.pk]
    while pending:
        news = [each for each in upward.get(pending.pop(), ()) if each.pk not in found]
        found |= {each.pk: each for each in news}
        pending += [each.pk for each in news]
    return [each for pk, each in found.items() if pk != own.pk]


def _told(live: Live, entity: Entity, severity: str, why: str) -> str:
    words = _("“%(name)s” is live and runs this %(kind)s. %(why)s")
    if severity == "error":
        words = _(
            "“%(name)s” is live and runs this %(kind)s. It would fail with this version: %(why)s "
            "Change that one first."
        )
    kind = str(live.draft_type.label).lower()
    return words % {"name": entity.name, "kind": kind, "why": why}
