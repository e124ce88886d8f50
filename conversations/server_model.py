"""Counts what is asked of the server's own model, which the server pays for: each question of an
answer, however many nodes, suggestions or flows within flows ask one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async

from common.limits import again, count
from common.problems import Problem
from conversations.limits import of_server_work
from inference.client import InferenceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from conversations.runtime import Ports
    from inference.client import Completion, Item, ModelClient


@dataclass
class Allowance:
    """What is left of the workspace's share for one answer. ``paid`` are questions that were
    counted before they are asked; ``public``: a stranger is told, who can do nothing about it.
    ``refusal`` says why nothing more may be asked, once that is so."""

    workspace_id: UUID
    public: bool = False
    paid: int = 0
    refusal: InferenceError | None = None

    def begin(self, *, public: bool) -> None:
        """Count the first question; raises ``Problem`` 429 or 503. Synchronous."""
        self.public = public
        count(of_server_work(self.workspace_id, public=public))
        self.paid += 1

    async def take(self) -> None:
        """Count a question that is about to be asked; raises ``InferenceError``. The counter is
        asked on a thread."""
        if self.paid:
            self.paid -= 1
            return
        await sync_to_async(self._count, thread_sensitive=False)()

    def _count(self) -> None:
        for limit in of_server_work(self.workspace_id, public=self.public):
            try:
                wait = limit.wait()
            except Problem as away:
                raise InferenceError(away.detail, permanent=True) from None
            if wait:
                words = f"{limit.detail} {again(wait)}"
                self.refusal = InferenceError(
                    words, code="rate-limit", permanent=True, retry_after=wait
                )
                raise self.refusal


@dataclass
class Counted:
    """The server's own model, as far as ``allowance`` goes."""

    model: ModelClient
    allowance: Allowance
    generates: bool = True

    async def stream(self, completion: Completion) -> AsyncIterator[Item]:
        await self.allowance.take()
        async for item in self.model.stream(completion):
            yield item


def is_asked(ports: Ports) -> bool:
    """Whether the server's own model is one of those that may be asked."""
    return _counted(ports) is not None


def refusal(ports: Ports) -> InferenceError | None:
    """Why the server's own model was not asked any more, if it was not: in words for whoever
    chats."""
    counted = _counted(ports)
    return counted.allowance.refusal if counted else None


def begin(ports: Ports, *, public: bool = False) -> None:
    """Count the first question of an answer to the server's own model, where it may ask that at
    all; raises ``Problem`` 429, so that nothing is begun that could not even ask once, or 503 when
    the counter is away. Synchronous."""
    if counted := _counted(ports):
        counted.allowance.begin(public=public)


def _counted(ports: Ports) -> Counted | None:
    """One of those that share the answer's allowance."""
    return next((each for each in ports.models.values() if isinstance(each, Counted)), None)
