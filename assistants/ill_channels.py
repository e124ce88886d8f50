"""Live channels of a workspace that were found not to do their work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistants.kinds import talking_kinds
from channels_deploy.models import Connection
from channels_deploy.states import ChannelState, states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistants.draft_type import AssistantDraft
    from drafts.models import Entity
    from workspaces.access import Actor

# More than a person reads of them at once.
MOST = 3


@dataclass(frozen=True)
class IllChannel:
    entity: Entity
    channel: ChannelState
    draft_type: AssistantDraft[Any]

    @property
    def url(self) -> str:
        """Where it is told what is wrong."""
        page = self.draft_type.page_url("deployment", self.entity)
        return f"{page}#channel-{self.channel.name}"


def ill_channels(actor: Actor) -> list[IllChannel]:
    """A few of them, those first that were looked at last."""
    kinds = {draft_type.kind: draft_type for draft_type in talking_kinds()}
    rows = (
        Connection.objects.filter(
            status=Connection.Status.SUCCESS,
            health__findings__contains=[{"level": "error"}],
            entity__workspace=actor.workspace_id,
            entity__deleted_at=None,
            entity__kind__in=kinds,
        )
        .select_related("entity__workspace", "entity__live_release")
        .order_by("-examine_after")
    )
    return list(_ill(rows[: 2 * MOST], kinds))[:MOST]


def _ill(rows: Any, kinds: dict[str, AssistantDraft[Any]]) -> Iterator[IllChannel]:
    for row in rows:
        [state] = states([row])
        if state.is_ill:  # what was found still holds
            yield IllChannel(row.entity, state, kinds[row.entity.kind])
