"""What pages show of a workspace's live knowledge bases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from drafts.overview import drafts_by_entity
from drafts.releases import configuration_of
from drafts.types import draft_types
from knowledge.indexing import progress
from knowledge.kind import KIND
from knowledge.live import bases
from knowledge.models import Document, SourceRefresh
from knowledge.naming import source_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from drafts.draft import Summary
    from knowledge.models import KnowledgeBase
    from workspaces.access import Actor


@dataclass(frozen=True)
class LiveRow:
    """A live base; ``draft`` is the newest one that changes it."""

    base: KnowledgeBase
    documents: int
    status: str
    draft: Summary | None

    @property
    def id(self) -> str:
        return str(self.base.pk)

    @property
    def version(self) -> int:
        release = self.base.live_release
        return release.number if release else 0


def live_named(actor: Actor, query: str = "") -> QuerySet[KnowledgeBase]:
    """The live bases whose name or description holds ``query``."""
    wanted = Q(name__icontains=query) | Q(description__icontains=query)
    return bases.of_workspace(actor).filter(wanted)


def live_rows(actor: Actor, found: Iterable[KnowledgeBase]) -> list[LiveRow]:
    """``found`` with what a list says of each."""
    shown = list(found)
    drafts, many = drafts_by_entity(actor, draft_types.get(KIND)), _documents(shown)
    counts = progress.counts_of_each(shown)
    return [
        LiveRow(
            base,
            many.get(base.pk, 0),
            progress.status_of(base, counts[base.pk]),
            drafts.get(base.pk),
        )
        for base in shown
    ]


@dataclass(frozen=True)
class RefreshRow:
    """A source that is read again by itself, by its name."""

    name: str
    refresh: SourceRefresh


def refreshes_of(base: KnowledgeBase) -> list[RefreshRow]:
    """The sources of the live version that are read again, the next first."""
    assert base.live_release is not None
    sources = configuration_of(base.live_release)["sources"]
    names = {each["id"]: source_name(each) for each in sources}
    rows = SourceRefresh.objects.filter(base=base).order_by("due_at")
    return [RefreshRow(names.get(row.source_id, row.source_id), row) for row in rows]


def _documents(found: Iterable[KnowledgeBase]) -> dict[UUID, int]:
    """How many documents each base has."""
    counted = (
        Document.objects.filter(base__in=[base.pk for base in found], removed_at=None)
        .values_list("base")
        .annotate(Count("pk"))
    )
    return dict(counted.order_by())
