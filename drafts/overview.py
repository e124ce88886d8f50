"""What lists show of a workspace's drafts of one kind: whose, what is left to do, what they
change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drafts import editing, validation
from drafts.access import open_each
from drafts.entities import live_entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from drafts.draft import Draft, Summary
    from drafts.issue import Issue
    from drafts.models import Entity
    from drafts.types import DraftType
    from workspaces.access import Actor


@dataclass(frozen=True)
class DraftRow:
    """A draft with the number of its problems; ``edits`` is the live entity it changes."""

    draft_type: DraftType[Any]
    draft: Summary
    edits: Entity | None
    errors: int
    warnings: int


def drafts_named(actor: Actor, draft_type: DraftType[Any], query: str = "") -> list[Summary]:
    """The drafts whose name holds ``query``; one's own first, then the last changed."""
    summaries = editing.list_drafts(actor, draft_type)
    found = [draft for draft in summaries if query.casefold() in draft.name.casefold()]
    return sorted(found, key=lambda draft: not draft.is_mine)


def draft_rows(
    actor: Actor, draft_type: DraftType[Any], drafts: Iterable[Summary]
) -> list[DraftRow]:
    """``drafts`` with their problems and what they change."""
    shown = list(drafts)
    ids = [draft.entity_id for draft in shown if draft.entity_id]
    live = live_entities(actor, draft_type).in_bulk(ids)
    problems = _issues(actor, draft_type, shown)
    return [_row(draft_type, draft, live, problems.get(draft.id, ())) for draft in shown]


def drafts_by_entity(actor: Actor, draft_type: DraftType[Any]) -> dict[UUID, Summary]:
    """The newest draft of each live entity that is being changed."""
    newest_last = reversed(editing.list_drafts(actor, draft_type))
    return {draft.entity_id: draft for draft in newest_last if draft.entity_id}


def whole_drafts(actor: Actor, draft_type: DraftType[Any]) -> list[Draft]:
    """All drafts of the kind with their documents."""
    ids = [summary.id for summary in editing.list_drafts(actor, draft_type)]
    return list(open_each(actor, draft_type, ids).values())


def _row(
    draft_type: DraftType[Any],
    summary: Summary,
    live: Mapping[UUID, Entity],
    problems: Iterable[Issue],
) -> DraftRow:
    severities = [issue.severity for issue in problems]
    edits = live.get(summary.entity_id) if summary.entity_id else None
    errors, warnings = severities.count("error"), severities.count("warning")
    return DraftRow(draft_type, summary, edits, errors, warnings)


def _issues(
    actor: Actor, draft_type: DraftType[Any], summaries: Iterable[Summary]
) -> dict[str, list[Issue]]:
    """By draft; one that was deployed or has expired since the list was read has none."""
    drafts = open_each(actor, draft_type, [summary.id for summary in summaries])
    found = validation.issues_of_each(draft_type, list(drafts.values()), actor)
    return dict(zip(drafts, found, strict=True))
