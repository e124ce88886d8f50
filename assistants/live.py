"""What is live of a kind in a workspace, as far as documents run it: who runs whom, and what they
take of people."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from assistants.named import uuid, uuids
from conversations.runtime import DEEPEST
from drafts.entities import live_entities
from drafts.releases import configuration_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from assistants.draft_type import AssistantDraft
    from assistants.named import NamedFlow, Needs
    from drafts.models import Entity
    from workspaces.access import Actor

    Document = Mapping[str, Any]


class Live:
    """Each is looked up once; those with ``ids``, and those that ``documents`` run, level by level
    in one go each."""

    def __init__(
        self,
        draft_type: AssistantDraft[Any],
        actor: Actor,
        documents: Iterable[Document] = (),
        ids: Iterable[UUID | None] = (),
    ) -> None:
        self.draft_type, self.actor = draft_type, actor
        self._found: dict[UUID, Entity | None] = {}
        self._coming: dict[UUID, Document] = {}
        self._runs: dict[UUID, list[NamedFlow]] = {}
        self._sound: set[tuple[UUID, int]] = set()
        self._needs: dict[UUID, Needs] = {}
        self._ways: dict[tuple[str, UUID | None], Sequence[Entity]] = {}
        run = uuids(each.id for data in documents for each in draft_type.runs(data))
        self._look_deep(run | {id_ for id_ in ids if id_})

    def with_coming(self, entity: Entity, data: Document) -> Live:
        """What would be live if ``data`` were the one's new version."""
        other = Live(self.draft_type, self.actor)
        other._found = self._found
        other._coming = {entity.pk: data}
        return other

    def entity(self, id_: UUID | None) -> Entity | None:
        if id_ is None:
            return None
        if id_ not in self._found:
            self._look({id_})
        return self._found[id_]

    def that_name(self, ids: Iterable[UUID]) -> list[Entity]:
        """Those in whose configuration one of ``ids`` stands, wherever it does."""
        whole = Cast("live_release__configuration", TextField())
        names = [Q(whole__contains=str(id_)) for id_ in ids]
        if not names:
            return []
        rows = self._rows.alias(whole=whole).filter(reduce(or_, names))
        found = self._noted(rows.order_by("name", "pk"))
        self._look_deep(uuids(named.id for entity in found for named in self.run_by(entity)))
        return found

    def configuration(self, entity: Entity) -> Document:
        if entity.pk in self._coming:
            return self._coming[entity.pk]
        assert entity.live_release is not None
        return configuration_of(entity.live_release)

    def _look_deep(self, wanted: set[UUID]) -> None:
        """Look those up, and all that they run: one level more than may run, which is told."""
        for _level in range(DEEPEST + 1):
            news = self._look(wanted - self._found.keys())
            wanted = uuids(named.id for entity in news for named in self.run_by(entity))

    def _look(self, ids: set[UUID]) -> list[Entity]:
        if not ids:
            return []
        self._found |= dict.fromkeys(ids)
        return self._noted(self._rows.filter(pk__in=ids))

    @property
    def _rows(self) -> QuerySet[Entity]:
        return live_entities(self.actor, self.draft_type).select_related("live_release")

    def _noted(self, rows: Iterable[Entity]) -> list[Entity]:
        """``rows``, looked up by now."""
        news = list(rows)
        for entity in news:
            assert entity.live_release is not None
            entity.live_release.entity = entity
        self._found |= {entity.pk: entity for entity in news}
        return news

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
        for named in self.run_by(entity):
            if message := self.fault(uuid(named.id), (*above, id_), depth + 1):
                return message
        self._sound.add((id_, depth))
        return ""

    def run_by(self, entity: Entity) -> list[NamedFlow]:
        """Those that the one runs."""
        if entity.pk not in self._runs:
            self._runs[entity.pk] = list(self.draft_type.runs(self.configuration(entity)))
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
                own, through = self.needs_of(entity)
                if need in own:
                    return (*above, entity)
                further += [((*above, entity), uuid(other)) for other in through]
            ways = further
        return ()

    def needs_of(self, entity: Entity) -> Needs:
        """What the one takes of people."""
        if entity.pk not in self._needs:
            self._needs[entity.pk] = self.draft_type.needs(self.configuration(entity))
        return self._needs[entity.pk]
