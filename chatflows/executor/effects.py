"""What a node did besides its output, so that a run that takes the output over does as much."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from chatflows.executor.voice import Voice
    from conversations.turn import Passage


@dataclass(slots=True)
class Effects:
    """``said`` are texts said to whoever chats, ``choices``, ``cards`` and ``links`` what was shown
    with them, ``remembered`` variables that were given values, ``passages`` what was found of
    knowledge, ``citable`` the numbers of those that a model was shown or that were quoted,
    ``inside`` what the nodes gave last that it ran itself, by their ids, and ``passed_on``: the
    message that it had waited for was not for it alone. ``lasts``: something cannot be taken back,
    so if it fails then it is not tried again."""

    said: list[str] = field(default_factory=list)
    choices: tuple[str, ...] = ()
    cards: tuple[Mapping[str, Any], ...] = ()
    links: tuple[Mapping[str, str], ...] = ()
    remembered: dict[str, Any] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    citable: tuple[int, ...] = ()
    inside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    passed_on: bool = False
    lasts: bool = False

    def outside(self, *, is_heard: bool) -> Effects:
        """What of them concerns the flow in whose midst they came about: not the values of other
        variables than its own, and what was said only where somebody heard it."""
        if is_heard:
            return replace(self, remembered={}, inside={})
        return Effects(passages=self.passages, citable=self.citable)


@dataclass(frozen=True, slots=True)
class Given:
    """What a node is not asked for, since it is said to have given it: in a run before
    (``reused``), or by whoever builds (``pinned``). ``error`` and ``read`` are why it was left by
    ``handle``, as ``StepFinished`` has them."""

    status: Literal["reused", "pinned"]
    output: Mapping[str, Any]
    handle: str
    effects: Effects = field(default_factory=Effects)
    error: str = ""
    read: Mapping[str, Any] = field(default_factory=dict)


class StepVoice:
    """The voice of a run as one node has it; what it says is noted."""

    __slots__ = ("_effects", "_voice")

    def __init__(self, voice: Voice, effects: Effects) -> None:
        self._voice, self._effects = voice, effects

    def offer(self, choices: tuple[str, ...]) -> None:
        """As ``Voice.offer``, and so are the others."""
        self._effects.choices = choices
        self._voice.offer(choices)

    def show(self, cards: Iterable[Mapping[str, Any]], links: Iterable[Mapping[str, str]]) -> None:
        shown = tuple(cards), tuple(links)
        self._effects.cards += shown[0]
        self._effects.links += shown[1]
        self._voice.show(*shown)

    def hand_off(self, note: str) -> None:
        self._voice.hand_off(note)

    def introduce(self, fields: Mapping[str, str], consent: str) -> None:
        self._voice.introduce(fields, consent)

    @asynccontextmanager
    async def speaking(self) -> AsyncIterator[Callable[[str], None]]:
        pieces: list[str] = []
        async with self._voice.speaking() as say:

            def noted(piece: str) -> None:
                pieces.append(piece)
                self._effects.lasts |= bool(piece)
                say(piece)

            try:
                yield noted
            finally:
                if text := "".join(pieces):
                    self._effects.said.append(text)

    async def say(self, text: str) -> None:
        async with self.speaking() as say:
            say(text)
