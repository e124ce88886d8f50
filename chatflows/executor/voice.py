"""What a run says to whoever chats: one speaker after the other, though nodes run side by side."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from conversations.turn import Token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

BETWEEN = "\n\n"


class Voice:
    """All that is said in one turn. Who speaks first is heard to the end before the next.

    ``choices`` are answers that whoever chats may pick instead of typing. ``handoff`` says why a
    person is to go on with the conversation (None: none is). ``cards`` and ``links`` are what was
    said for channels that can show more than text: plain JSON, as in ``conversations.turn.Done``.
    """

    def __init__(self, emit: Callable[[Token], None]) -> None:
        self._emit = emit
        self._turn = asyncio.Lock()
        self._said: list[str] = []
        self.choices: tuple[str, ...] = ()
        self.handoff: str | None = None
        self.cards: tuple[Mapping[str, Any], ...] = ()
        self.links: tuple[Mapping[str, str], ...] = ()

    @property
    def text(self) -> str:
        return "".join(self._said)

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Callable[[str], None]]:
        """While it lasts nobody else speaks; gives the function that says a piece of text."""
        async with self._turn:
            before = len(self._said)

            def say(piece: str) -> None:
                if not piece:
                    return
                if before and len(self._said) == before:
                    self._hear(BETWEEN)
                self._hear(piece)

            yield say

    async def say(self, text: str) -> None:
        """Say a whole text."""
        async with self.speaking() as say:
            say(text)

    def _hear(self, piece: str) -> None:
        self._said.append(piece)
        self._emit(Token(piece))
