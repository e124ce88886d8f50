"""Others of their kind that documents run in their midst: whether they are there, come to an end,
and can be run where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.named import uuid, uuids
from conversations.runtime import DEEPEST
from drafts.entities import live_entities
from drafts.releases import configuration_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from assistants.draft_type import AssistantDraft
    from assistants.named import NamedFlow, Needs
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


def unfit(
    draft_type: Kind, data: Document, actor: Actor, own_id: UUID | None
) -> Iterator[tuple[str, str, str]]:
    """Severity, path and message for each one that cannot be run where it stands, as they are live
    now. ``own_id`` is the entity that ``data`` is to become, if there is one."""
    live = _Live(draft_type, actor)
    for path, message in _circles(live, data, own_id):
        yield "error", path, message
    for barred in draft_type.barred(data):
        if way := live.way_to(barred.need, uuid(barred.id)):
            yield barred.severity, barred.path, barred.told(_named(way))


def _circles(live: _Live, data: Document, own_id: UUID | None) -> Iterator[tuple[str, str]]:
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


def undeclared(draft_type: Kind, data: Document, actor: Actor) -> Iterator[tuple[str, str]]:
    """Path and message for each one that is given a value for a variable that it does not have."""
    live = _Live(draft_type, actor)
    for named in draft_type.runs(data):
        entity = live.entity(uuid(named.id)) if named.variables else None
        if entity is None or entity.live_release is None:
            continue
        configuration = draft_type.read(configuration_of(entity.live_release))
        known = {variable.name for variable in configuration.variables}
        for name in named.variables:
            if name not in known:
                words = _("%(flow)s has no variable %(name)s.")
                yield named.path, words % {"flow": entity.name, "name": name}


class _Live:
    """What is live of a kind, each looked up once."""

    def __init__(self, draft_type: Kind, actor: Actor) -> None:
        self.draft_type, self.actor = draft_type, actor
        self._found: dict[UUID, Entity | None] = {}
        self._runs: dict[UUID, list[NamedFlow]] = {}
        self._sound: set[tuple[UUID, int]] = set()
        self._needs: dict[UUID, Needs] = {}
        self._ways: dict[tuple[str, UUID | None], Sequence[Entity]] = {}

    def entity(self, id_: UUID | None) -> Entity | None:
        if id_ is None:
            return None
        if id_ not in self._found:
            rows = live_entities(self.actor, self.draft_type)
            self._found[id_] = rows.filter(pk=id_).first()
        return self._found[id_]

    def fault(self, id_: UUID | None, above: tuple[UUID, ...], depth: int) -> str:
        """Why the one cannot be run below those ``above``; empty where it can. What was found sound
        at a depth is not gone through again: a circle would have shown."""
        if id_ in above:
            return _("It comes back to where it began, and would never end.")
        if id_ is None or (id_, depth) in self._sound or (entity := self.entity(id_)) is None:
            return ""
        if depth > DEEPEST:
            words = _("At most %(most)s run in the midst of one another.")
            return words % {"most": DEEPEST}
        for named in self._run_by(entity):
            if message := self.fault(uuid(named.id), (*above, id_), depth + 1):
                return message
        self._sound.add((id_, depth))
        return ""

    def _run_by(self, entity: Entity) -> list[NamedFlow]:
        if entity.pk not in self._runs:
            assert entity.live_release is not None
            named = self.draft_type.runs(configuration_of(entity.live_release))
            self._runs[entity.pk] = list(named)
        return self._runs[entity.pk]

    def way_to(self, need: str, id_: UUID | None) -> Sequence[Entity]:
        """The nearest one that takes ``need`` of people, from the one with ``id_`` on, as the last
        of those in whose midst it is run; empty where there is none."""
        if (need, id_) not in self._ways:
            self._ways[need, id_] = self._way_to(need, id_)
        return self._ways[need, id_]

    def _way_to(self, need: str, id_: UUID | None) -> Sequence[Entity]:
        seen: set[UUID] = set()
        ways: list[tuple[tuple[Entity, ...], UUID | None]] = [((), id_)]
        for _level in range(DEEPEST):
            further: list[tuple[tuple[Entity, ...], UUID | None]] = []
            for above, below in ways:
                if below in seen or below is None or (entity := self.entity(below)) is None:
                    continue
                seen.add(below)
                own, through = self._needs_of(entity)
                if need in own:
                    return (*above, entity)
                further += [((*above, entity), uuid(other)) for other in through]
            ways = further
        return ()

    def _needs_of(self, entity: Entity) -> Needs:
        if entity.pk not in self._needs:
            assert entity.live_release is not None
            self._needs[entity.pk] = self.draft_type.needs(configuration_of(entity.live_release))
        return self._needs[entity.pk]
