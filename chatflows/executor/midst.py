"""Runs in the midst of other runs: what they share, and how their steps are told of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from chatflows.executor.events import StepFinished, StepStarted
from chatflows.executor.node import NodeError
from chatflows.executor.repeats import named
from chatflows.executor.voice import BETWEEN
from common.words import gettext as _
from conversations.runtime import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chatflows.executor.budget import Budget
    from chatflows.executor.events import Place, RunEvent
    from chatflows.executor.flow import FlowNode
    from chatflows.executor.passages import Passages
    from chatflows.executor.ports import LiveFlow
    from chatflows.executor.repeats import Repeat
    from chatflows.executor.voice import Voice

    Emit = Callable[[RunEvent], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What another flow is run with: what it reads as ``{{input}}``, and its variables; whether
    whoever chats hears what it says; and what it kept where it waited, if it did."""

    flow_id: str
    message: str
    variables: Mapping[str, Any]
    is_heard: bool = True
    kept: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it: all that it said, its variables, and what it keeps if it waits."""

    text: str
    variables: Mapping[str, Any]
    kept: Mapping[str, Any] | None = None


# Seconds that nodes which wait for nothing may follow one another, before others have their turn.
TURN = 0.002


@dataclass
class Shared:
    """What a run has in common with those in its midst. ``began`` is the moment when the outermost
    began; ``is_asking``: a node of any of them waits for an answer; ``has_passed_on``: the message
    that one had waited for is not for it alone."""

    passages: Passages
    budget: Budget
    began: float
    is_asking: bool = False
    has_passed_on: bool = False
    yielded: float = field(default_factory=perf_counter)

    def is_others_turn(self) -> bool:
        """Whether it is time that others of the process go on; then this run's next turn begins."""
        now = perf_counter()
        if now - self.yielded < TURN:
            return False
        self.yielded = now
        return True


@dataclass(frozen=True)
class Midst:
    """Where a run has its place. ``above`` are the ids of the flows in whose midst it is, and its
    own, the outermost first; ``voice`` speaks for it, and ``emit`` is told of its steps."""

    above: tuple[str, ...]
    shared: Shared
    voice: Voice
    emit: Emit


def live_flow(flows: Mapping[str, LiveFlow], flow_id: str, above: tuple[str, ...]) -> LiveFlow:
    """The flow to run in the midst of those ``above``; raises ``NodeError``."""
    live = flows.get(flow_id)
    if flow_id in above:
        words = _("The flow would come back to itself, and never end.")
    elif len(above) > DEEPEST:
        words = _("At most %(most)d flows run in the midst of one another.") % {"most": DEEPEST}
    elif live is None:
        words = _("The chosen chatflow no longer exists, or is not deployed.")
    elif not live.start:
        words = _("Nothing begins %(name)s with a message. Add a start to it.")
        words %= {"name": live.name}
    else:
        return live
    raise NodeError(words, code="not-configured")


def unheard() -> str:
    """What is wrong where a flow asks something and its words are not said."""
    words = _("The flow asks something that nobody hears. Switch on “%(setting)s”.")
    return words % {"setting": _("Show the visitor what it says")}


def telling(
    emit: Emit, each: FlowNode, repeats: tuple[Repeat, ...], place: Place, *, is_heard: bool
) -> Emit:
    """``emit``, for the steps of a flow that the node ``each`` runs: told as its own parts.
    ``repeats`` say which time it was that it ran; ``is_heard``: what the flow says is said to
    whoever chats."""
    name = named(each.called, repeats)

    def told(event: RunEvent) -> None:
        if isinstance(event, (StepStarted, StepFinished)):
            own = named(event.label or event.node_id.rpartition("/")[2], event.repeats)
            event = replace(
                event,
                node_id=f"{each.id}/{event.node_id}",
                place=(*place, *event.place),
                label=f"{name} · {own}",
                repeats=(),
            )
        if isinstance(event, StepFinished):
            event = replace(event, effects=event.effects.outside(is_heard=is_heard))
        emit(event)

    return told


def kept_by(asked: Asked) -> Mapping[str, Any]:
    """What the flow kept where it waited; nothing where it was another flow, or did not wait."""
    kept = asked.kept or {}
    return kept if kept.get("flow_id") == asked.flow_id else {}


def joined(kept: Mapping[str, Any], voice: Voice) -> str:
    """All that a flow has said since it began, in however many turns."""
    return BETWEEN.join(filter(None, (kept.get("said", ""), voice.text)))
