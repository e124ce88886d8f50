"""What people wrote of which there is no conversation yet, as apps of channels keep it until it is
answered: for whoever asks what is kept of a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from common.registry import Registry
from conversations.wording import channel_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from conversations.models import Conversation
    from drafts.models import Entity


@dataclass(frozen=True)
class Arrival:
    """Somebody whose messages wait for the first answer; ``messages`` are texts and when they came,
    the oldest first, ``visitor`` is what the channel says of the person."""

    id: UUID
    entity: Entity
    channel: str
    session_id: str
    visitor: Mapping[str, Any] = field(default_factory=dict)
    messages: Sequence[tuple[datetime, str]] = ()

    @property
    def channel_label(self) -> str:
        return channel_label(self.channel)


class ArrivalStore(Protocol):
    """Where an app keeps them."""

    def find(
        self, workspace_id: UUID, identifier: str, conversations: Sequence[Conversation], most: int
    ) -> Sequence[Arrival]:
        """The newest of whoever is known by ``identifier``, or whose messages belong to one of
        ``conversations``."""

    def erase(self, ids: Iterable[UUID]) -> None:
        """Delete those of them that there are, in the caller's transaction; raises ``Problem`` 409
        while one of them is being answered."""


arrival_stores: Registry[ArrivalStore] = Registry("store of arrivals")
