"""What a run says to whoever chats: one speaker after the other, though nodes run side by side."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from chatflows.executor.node import NodeError
from common.words import gettext as _
from conversations.turn import LONGEST_ANSWER, Introduced, Token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

BETWEEN = "\n\n"


class Voice:
    """All that is said in one turn. Who speaks first is heard to the end before the next, unless it
    would be more than pages show of an answer: what says too much raises ``NodeError``.

    ``choices`` are answers that whoever chats may pick instead of typing. ``handoff`` says why a
    person is to go on with the conversation (None: none is). ``introduced`` is what they told
    of themselves (None: nothing). ``cards`` and ``links`` are what was said for channels that can
    show more than text: plain JSON, as in ``conversations.turn.Done``.
    """

    def __init__(self, emit: Callable[[Token], None]) -> None:
        self._emit = emit
        self._turn = asyncio.Lock()
        self._said: list[str] = []
        self._length = 0
        self.choices: tuple[str, ...] = ()
        self.handoff: str | None = None
        self.introduced: Introduced | None = None
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

    def offer(self, choices: tuple[str, ...]) -> None:
        """Let whoever chats pick one of ``choices``."""
        self.choices = choices

    def show(self, cards: Iterable[Mapping[str, Any]], links: Iterable[Mapping[str, str]]) -> None:
        """Show what has been said as ``cards`` and ``links`` too."""
        self.cards += tuple(cards)
        self.links += tuple(links)

    def hand_off(self, note: str) -> None:
        """Let a person go on; ``note`` tells people why."""
        self.handoff = note

    def introduce(self, fields: Mapping[str, str], consent: str) -> None:
        """Keep what whoever chats told of themselves for a lead, and what they agreed to."""
        self.introduced = Introduced(fields, consent).after(self.introduced)

    def keep(self) -> None:
        """Let no person go on, whoever was to."""
        self.handoff = None

    async def say(self, text: str) -> None:
        """Say a whole text."""
        async with self.speaking() as say:
            say(text)

    def _hear(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > LONGEST_ANSWER:
            words = _("A flow says at most %(most)s characters in answer to one message.")
            raise NodeError(words % {"most": f"{LONGEST_ANSWER:,}"}, code="run-limit")
        self._said.append(piece)
        self._emit(Token(piece))


class VoiceWithin(Voice):
    """The voice of a run in the midst of another one: what it says is kept by itself, and said by
    ``outer``, if anybody is to hear it."""

    def __init__(self, outer: Voice | None) -> None:
        super().__init__(lambda _token: None)
        self._outer = outer

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Callable[[str], None]]:
        async with super().speaking() as keep:
            if self._outer is None:
                yield keep
                return
            async with self._outer.speaking() as say:

                def both(piece: str) -> None:
                    keep(piece)
                    say(piece)

                yield both

    def offer(self, choices: tuple[str, ...]) -> None:
        super().offer(choices)
        if self._outer:
            self._outer.offer(choices)

    def show(self, cards: Iterable[Mapping[str, Any]], links: Iterable[Mapping[str, str]]) -> None:
        super().show(cards, links)
        if self._outer:
            self._outer.show(cards, links)

    def hand_off(self, note: str) -> None:
        super().hand_off(note)
        if self._outer:
            self._outer.hand_off(note)

    def introduce(self, fields: Mapping[str, str], consent: str) -> None:
        super().introduce(fields, consent)
        if self._outer:
            self._outer.introduce(fields, consent)

    def keep(self) -> None:
        super().keep()
        if self._outer:
            self._outer.keep()
