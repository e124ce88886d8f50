"""What a draft is: a document with a version, a workspace and a time to live. Knows no Redis."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from common.plain_text import visible

if TYPE_CHECKING:
    from datetime import datetime
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
    can_undo: bool = False
    can_redo: bool = False

    @property
    def name(self) -> str:
        """What the document calls itself, as people see it; empty while it has no name."""
        name = self.data.get("name")
        return visible(name) if isinstance(name, str) else ""

    @property
    def entity_id(self) -> UUID | None:
        """The deployed entity that this draft edits; None before its first deploy."""
        return self.target_id if self.base_version is not None else None


class Fate(StrEnum):
    """Why a draft is gone."""

    ABANDONED = "abandoned"
    EXPIRED = "expired"
    DEPLOYED = "deployed"


@dataclass(frozen=True)
class Gone:
    """A draft that is gone; ``entity_id`` is what it was deployed as."""

    draft_id: str
    workspace_id: UUID
    fate: Fate
    entity_id: UUID | None = None


@dataclass(frozen=True)
class Summary:
    """A draft as lists show it: everything but the document."""

    id: str
    kind: str
    name: str
    status: Status
    version: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    entity_id: UUID | None = None
    is_mine: bool = False


@dataclass(frozen=True)
class HistoryEntry:
    """One change of a draft. ``kind``: ``create``, ``patch``, ``undo``, ``redo`` or ``restore``."""

    version: int
    at: datetime
    by: str
    kind: str
    paths: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Saved:
    """The answer to an accepted change.

    ``merged`` says that others had changed other places since the caller's ``base_version``;
    ``changes_by_others`` are the dotted paths that the caller's screen does not show yet, with
    their values (None: removed). ``took_back`` is what an undo or a redo took back; None when it
    was sent again. ``renumbered`` are the names of items that were made, by what they were to be
    called, where somebody else had taken that name.
    """

    version: int
    updated_at: datetime
    expires_at: datetime
    merged: bool = False
    changes_by_others: dict[str, Any] = field(default_factory=dict)
    took_back: HistoryEntry | None = field(default=None, compare=False)
    renumbered: dict[str, str] = field(default_factory=dict)
