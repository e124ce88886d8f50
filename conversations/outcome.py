"""What became of a turn: gathered while it is answered, then kept by preview or live alike."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from django.utils import timezone

from conversations.excerpts import excerpt
from conversations.small_talk import is_small_talk
from conversations.turn import Passage, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from common.problems import Problem
    from conversations.turn import Done, Failed, Introduced, Traced, Turn

# Of what went on inside, with one answer.
MOST_TRACED = 64 * 1024
# Of a passage.
_TOLD = ("number", "title", "url", "text", "document_id", "chunk_id")
WHOLE, STOPPED, FAILED = "whole", "stopped", "failed"


@dataclass
class Outcome:
    """One turn's answer. Until it is said to the end it counts as stopped by the visitor.

    ``regenerates``: the answer takes the place of the last one, and nothing new was asked.
    ``state`` is what the assistant keeps for the next message (None: what it had), ``trace`` what
    went on inside, ``whole`` the same without anything cut (None: nobody wants it), and ``begun``
    ends, by their ids, what in it has yet to come to its end. ``handoff`` says why a person is to
    go on (None: none is), ``extras`` are the answer's cards and links, ``unanswered`` says why it
    may be none, ``introduced`` is what was told for a lead. ``refusal`` is why it may not be kept,
    such as for a bot that was deleted meanwhile.
    """

    turn: Turn
    session_id: str
    regenerates: bool = False
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    asked_at: datetime = field(default_factory=timezone.now)
    began: float = field(default_factory=perf_counter)
    parts: list[str] = field(default_factory=list)
    status: str = STOPPED
    error: str = ""
    citations: tuple[Passage, ...] = ()
    sources: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    state: Mapping[str, Any] | None = None
    handoff: str | None = None
    extras: dict[str, Any] = field(default_factory=dict)
    unanswered: str = ""
    introduced: Introduced | None = None
    trace: list[dict[str, Any]] = field(default_factory=list)
    traced_bytes: int = 0
    begun: dict[str, Callable[[], Traced]] = field(default_factory=dict)
    whole: list[Mapping[str, Any]] | None = None
    latency_ms: int = 0
    kept: bool = False
    refusal: Problem | None = None

    def note(self, traced: Traced) -> None:
        """Keep what went on inside, as far as it is wanted and there is room for it."""
        self.begun.pop(traced.id, None)
        if traced.broken_off:
            self.begun[traced.id] = traced.broken_off
        if traced.whole is not None and self.whole is not None:
            self.whole.append(traced.whole)
        if traced.kept:
            self._trace({"event": traced.name, **traced.data})

    def _trace(self, told: dict[str, Any]) -> None:
        self.traced_bytes += len(orjson.dumps(told))
        if self.traced_bytes <= MOST_TRACED:
            self.trace.append(told)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def cited(self) -> list[dict[str, Any]]:
        return citations(self.citations)

    def finish(self, done: Done) -> None:
        self.status, self.parts = WHOLE, [done.message]
        self.citations, self.sources = done.citations, done.sources
        self.usage, self.model, self.state = done.usage, done.model, done.state
        self.handoff, self.extras = done.handoff, extras(done)
        self.introduced = done.introduced
        self.unanswered = "" if is_small_talk(self.turn.told) else done.unanswered

    def fail(self, failed: Failed) -> None:
        self.status, self.error, self.unanswered = FAILED, failed.message, FAILED

    def end(self) -> None:
        """Nothing more comes of it; what had begun inside was broken off."""
        for broken_off in list(self.begun.values()):
            self.note(broken_off())
        self.latency_ms = round((perf_counter() - self.began) * 1000)


class Keeper(Protocol):
    """Where a turn is kept. ``keep`` is called once for each turn, whatever became of it; it raises
    ``Problem`` when there is no place for the turn any more."""

    async def keep(self, outcome: Outcome) -> None: ...


def extras(done: Done) -> dict[str, Any]:
    """Cards and links as clients see them."""
    return {"cards": list(done.cards), "links": list(done.links)}


def citations(passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """Passages as a client sees them: nothing that a browser would run as a link."""
    return [
        {
            "number": passage.number,
            "title": passage.title,
            "url": passage.url if passage.url.startswith(("https://", "http://")) else "",
            "text": excerpt(passage.found or passage.text),
            "document_id": passage.document_id,
            "chunk_id": passage.chunk_id,
        }
        for passage in passages
    ]


def passages(cited: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
    """What ``citations`` were made of, as far as they tell it."""
    return tuple(Passage(**{name: each.get(name, "") for name in _TOLD}) for each in cited)
