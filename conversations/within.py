"""The live assistants that one may run in its midst, with those that they may run in theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from conversations.releases import assistant_of
from conversations.runtime import DEEPEST
from drafts.models import Entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conversations.releases import LiveAssistant
    from conversations.runtime import Assistant

# Of how many different ones an answer may make use. Those beyond that, or deeper than they may run,
# are as if they were not there.
MOST = 50


def run_by(workspace_id: UUID, assistant: Assistant) -> dict[str, LiveAssistant]:
    """By the ids that name them. Of the workspace alone, as they are live; what is gone or not
    deployed is left out. Synchronous."""
    return run_by_each(workspace_id, [assistant])[0]


def run_by_each(
    workspace_id: UUID, assistants: Sequence[Assistant]
) -> list[dict[str, LiveAssistant]]:
    """``run_by`` of each of several of one kind, looked up in one go."""
    there = _there(workspace_id, assistants)
    return [_within(assistant, there) for assistant in assistants]


def _there(workspace_id: UUID, assistants: Sequence[Assistant]) -> dict[str, LiveAssistant]:
    """All that any of them may run."""
    found: dict[str, LiveAssistant] = {}
    wanted = {id_ for assistant in assistants for id_ in assistant.runs}
    for _level in range(DEEPEST):
        if not wanted:
            break
        most = MOST * len(assistants) - len(found)
        news = _live(workspace_id, assistants[0].kind, wanted, most)
        found |= news
        wanted = _run_by(news) - found.keys()
    return found


def _within(assistant: Assistant, there: Mapping[str, LiveAssistant]) -> dict[str, LiveAssistant]:
    """Those of what is ``there`` that one of them may run."""
    found: dict[str, LiveAssistant] = {}
    wanted = set(assistant.runs)
    for _level in range(DEEPEST):
        some = sorted(wanted & there.keys())[: MOST - len(found)]
        news = {id_: there[id_] for id_ in some}
        found |= news
        wanted = _run_by(news) - found.keys()
    return found


def _run_by(lives: Mapping[str, LiveAssistant]) -> set[str]:
    return {id_ for live in lives.values() for id_ in live.assistant.runs}


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
