"""The names of the draft store's keys in Redis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from uuid import UUID

FROZEN = "drafts:frozen"
ENDS = "drafts:ends"


@dataclass(frozen=True)
class Address:
    """Where a draft is, and for whom: its kind and id, and the workspace of whoever asks."""

    kind: str
    draft_id: str
    workspace_id: UUID

    @property
    def member(self) -> str:
        return f"{self.kind}:{self.draft_id}"

    @property
    def ending(self) -> str:
        """Its name among the drafts of all workspaces that will end or have ended."""
        return f"{self.member}:{self.workspace_id}"

    @property
    def draft(self) -> str:
        return f"draft:{self.member}"

    @property
    def log(self) -> str:
        return f"draft-log:{self.member}"

    @property
    def keys(self) -> tuple[str, ...]:
        index, names, sizes, written = workspace_keys(self.workspace_id)
        return self.draft, self.log, index, names, FROZEN, ENDS, sizes, written

    def ask(self, **more: Any) -> dict[str, Any]:
        """What every script is told."""
        return {
            "id": self.draft_id,
            "member": self.member,
            "ending": self.ending,
            "ws": str(self.workspace_id),
            "ttl": settings.DRAFT_TTL_SECONDS * 1000,
            **{name: value for name, value in more.items() if value is not None},
        }


def index_keys(workspace_id: UUID) -> tuple[str, str]:
    return workspace_keys(workspace_id)[:2]


def workspace_keys(workspace_id: UUID) -> tuple[str, str, str, str]:
    """Which drafts a workspace has, their names, what they weigh, what was written lately."""
    index, names, sizes, written = (
        f"drafts:{kept}:{workspace_id}" for kept in ("index", "names", "sizes", "written")
    )
    return index, names, sizes, written


def channel_of(draft_id: str) -> str:
    """The channel on which changes of the draft are published."""
    return f"draft-events:{draft_id}"
