"""What pages show of a workspace's knowledge bases: the drafts and what is live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from drafts import editing, validation
from drafts.access import open_each
from drafts.releases import configuration_of
from drafts.types import draft_types
from knowledge import bases
from knowledge.indexing import progress
from knowledge.models import SourceRefresh

if TYPE_CHECKING:
    from uuid import UUID

    from drafts.draft import Summary
    from drafts.types import Issue
    from knowledge.models import KnowledgeBase
    from workspaces.access import Actor

KIND = "kb"


@dataclass(frozen=True)
class DraftRow:
    """A draft with the number of its problems; ``edits`` is the live base it changes."""

    draft: Summary
    edits: KnowledgeBase | None
    errors: int
    warnings: int


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


def draft_rows(actor: Actor, query: str = "") -> list[DraftRow]:
    """The drafts whose name holds ``query``; one's own first, then the last changed."""
    draft_type = draft_types.get(KIND)
    named = [d for d in _summaries(actor) if query.casefold() in d.name.casefold()]
    shown = sorted(named, key=lambda draft: not draft.is_mine)
    live = bases.of_workspace(actor).in_bulk([d.entity_id for d in shown if d.entity_id])
    drafts = open_each(actor, draft_type, [summary.id for summary in shown])
    issues = validation.issues_of_each(draft_type, list(drafts.values()), actor)
    problems = dict(zip(drafts, issues, strict=True))
    return [_draft_row(draft, live, problems.get(draft.id, [])) for draft in shown]


def _draft_row(
    summary: Summary, live: dict[UUID, KnowledgeBase], problems: list[Issue]
) -> DraftRow:
    severities = [issue.severity for issue in problems]
    edits = live.get(summary.entity_id) if summary.entity_id else None
    return DraftRow(summary, edits, severities.count("error"), severities.count("warning"))


def live_rows(actor: Actor, query: str = "") -> list[LiveRow]:
    """The live bases whose name or description holds ``query``."""
    wanted = Q(name__icontains=query) | Q(description__icontains=query)
    current = Count("documents", filter=Q(documents__removed_at=None))
    found = bases.of_workspace(actor).filter(wanted).annotate(many=current)
    drafts = drafts_by_base(actor)
    return [
        LiveRow(base, base.many, progress.status_of(base), drafts.get(base.pk)) for base in found
    ]


@dataclass(frozen=True)
class RefreshRow:
    """A source that is read again by itself, by its name."""

    name: str
    refresh: SourceRefresh


def refreshes_of(base: KnowledgeBase) -> list[RefreshRow]:
    """The sources of the live version that are read again, the next first."""
    assert base.live_release is not None
    names = {
        each["id"]: each.get("name") or each.get("url") or each["id"]
        for each in configuration_of(base.live_release)["sources"]
    }
    rows = SourceRefresh.objects.filter(base=base).order_by("due_at")
    return [RefreshRow(names.get(row.source_id, row.source_id), row) for row in rows]


def drafts_by_base(actor: Actor) -> dict[UUID, Summary]:
    """The newest draft of each live base that is being changed."""
    return {draft.entity_id: draft for draft in reversed(_summaries(actor)) if draft.entity_id}


def _summaries(actor: Actor) -> list[Summary]:
    return editing.list_drafts(actor, draft_types.get(KIND))
