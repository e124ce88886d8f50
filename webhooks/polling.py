"""Events for those that ask for them, made from what there is: the same as are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webhooks.events import BY_NAME

if TYPE_CHECKING:
    from uuid import UUID


def newest(workspace_id: UUID, name: str, bot: UUID | None, most: int) -> list[dict[str, Any]]:
    """The last events of that name, the newest first; none of a bot that is not the workspace's."""
    kind = BY_NAME[name]
    return [kind.event(row).body for row in kind.newest(workspace_id, bot, most)]
