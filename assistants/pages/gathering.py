"""What is being worked on and what is live, of all kinds together: the first few of each list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assistants import overview
from drafts.editing import list_drafts
from drafts.overview import DraftRow, draft_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistants.draft_type import AssistantDraft
    from workspaces.access import Actor

    Kinds = Sequence[AssistantDraft[Any]]

RowT = TypeVar("RowT", DraftRow, overview.LiveRow)


@dataclass(frozen=True)
class More:
    """A kind of which there are more than are shown; ``count`` is all of them."""

    draft_type: AssistantDraft[Any]
    count: int


@dataclass(frozen=True)
class Gathered(Generic[RowT]):
    """The first rows, and the kinds that have more."""

    rows: list[RowT]
    more: list[More]


def drafts(actor: Actor, kinds: Kinds, most: int) -> Gathered[DraftRow]:
    """One's own first, then the last changed."""
    talking = {kind.kind for kind in kinds}
    every = [draft for draft in list_drafts(actor) if draft.kind in talking]
    first = sorted(every, key=lambda draft: not draft.is_mine)[:most]
    found = {
        row.draft.id: row
        for kind in kinds
        for row in draft_rows(actor, kind, [each for each in first if each.kind == kind.kind])
    }
    rows = [found[draft.id] for draft in first]
    return Gathered(rows, _more(kinds, rows, Counter(draft.kind for draft in every)))


def live(actor: Actor, kinds: Kinds, most: int) -> Gathered[overview.LiveRow]:
    """Those first that were used or deployed last."""
    found = {kind: overview.live(actor, kind) for kind in kinds}
    every = [entity for entities in found.values() for entity in entities[:most]]
    first = sorted(every, key=attrgetter("active_at"), reverse=True)[:most]
    by_id = {
        row.entity.pk: row
        for kind in kinds
        for row in overview.live_rows(actor, kind, [e for e in first if e.kind == kind.kind])
    }
    rows = [by_id[entity.pk] for entity in first]
    counts = {kind.kind: entities.count() for kind, entities in found.items()}
    return Gathered(rows, _more(kinds, rows, counts))


def _more(kinds: Kinds, rows: list[RowT], counts: Mapping[str, int]) -> list[More]:
    shown = Counter(row.draft_type.kind for row in rows)
    totals = [More(kind, counts.get(kind.kind, 0)) for kind in kinds]
    return [more for more in totals if more.count > shown[more.draft_type.kind]]
