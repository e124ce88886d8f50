"""The live assistants that one may run in its midst, with those that they may run in theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from conversations.releases import assistant_of
from conversations.runtime import DEEPEST
from drafts.models import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conversations.releases import LiveAssistant
    from conversations.runtime import Assistant

# Of how many different ones an answer may make use. Those beyond that, or deeper than they may run,
# are as if they were not there.
MOST = 50


def run_by(workspace_id: UUID, assistant: Assistant) -> dict[str, LiveAssistant]:
    """By the ids that name them. Of the workspace alone, as they are live; what is gone or not
    deployed is left out. Synchronous."""
    found: dict[str, LiveAssistant] = {}
    wanted = set(assistant.runs)
    for _level in range(DEEPEST):
        if not wanted:
            break
        news = _live(workspace_id, assistant.kind, wanted, MOST - len(found))
        found |= news
        wanted = {id_ for each in news.values() for id_ in each.assistant.runs} - found.keys()
    return found


def _live(
    workspace_id: UUID, kind: str, wanted: Iterable[str], most: int
) -> dict[str, LiveAssistant]:
    ids = [uuid for id_ in wanted if (uuid := _uuid(id_))]
    live = Entity.objects.filter(
        workspace_id=workspace_id, kind=kind, pk__in=ids, live_release__isnull=False
    )
    return {str(entity.pk): assistant_of(entity) for entity in live.order_by("pk")[:most]}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
