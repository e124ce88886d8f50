"""What a draft is: a document with a version, a workspace and a time to live. Knows no Redis."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Status(StrEnum):
    """Where a draft is in its life."""

    DRAFT = "draft"
    DEPLOYING = "deploying"
    FAILED = "failed"


@dataclass(frozen=True)
class Draft:
    """One draft as it was read: ``data`` is the document, ``version`` grows by one per change.

    ``target_id`` is the entity this draft becomes, chosen at birth so that deploying twice makes
    nothing twice; ``base_version`` is the live release it started from, None for a new entity.
    """

    id: str
    kind: str
    workspace_id: UUID
    created_by: str
    status: Status
    version: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    target_id: UUID
    base_version: int | None = None
    failure: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def entity_id(self) -> UUID | None:
        """The deployed entity that this draft edits; None before its first deploy."""
        return self.target_id if self.base_version is not None else None
