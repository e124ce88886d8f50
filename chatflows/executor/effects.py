"""What a node did besides its output, so that a run that takes the output over does as much."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from chatflows.executor.voice import Voice
    from conversations.turn import Passage


@dataclass(slots=True)
class Effects:
    """``said`` are texts said to whoever chats, ``choices`` the answers offered with them,
    ``remembered`` variables that were given values, ``passages`` what was found of knowledge."""

    said: list[str] = field(default_factory=list)
    choices: tuple[str, ...] = ()
    remembered: dict[str, Any] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What a node is not asked for, since it is said to have given it: in a run before
    (``reused``), or by whoever builds (``pinned``)."""

    status: Literal["reused", "pinned"]
    output: Mapping[str, Any]
    handle: str
    effects: Effects = field(default_factory=Effects)


class StepVoice:
    """The voice of a run as one node has it; what it says is noted."""

    __slots__ = ("_effects", "_voice")

    def __init__(self, voice: Voice, effects: Effects) -> None:
        self._voice, self._effects = voice, effects

    @property
    def choices(self) -> tuple[str, ...]:
        return self._voice.choices

    @choices.setter
    def choices(self, choices: tuple[str, ...]) -> None:
        self._voice.choices = self._effects.choices = choices

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Callable[[str], None]]:
        """As ``Voice.speaking``."""
        pieces: list[str] = []
        async with self._voice.speaking() as say:

            def noted(piece: str) -> None:
                pieces.append(piece)
                say(piece)

            try:
                yield noted
            finally:
                if text := "".join(pieces):
                    self._effects.said.append(text)

    async def say(self, text: str) -> None:
        """As ``Voice.say``."""
        async with self.speaking() as say:
            say(text)
