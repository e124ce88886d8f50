"""Flows for tests, put together from a few words."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from chatflows.executor.events import Broken, Ended, StepFinished
from chatflows.executor.flow import FlowNode, Limits, flow_of
from chatflows.executor.graph import Edge
from chatflows.executor.node import Node, Result, Settings, Waiting
from chatflows.executor.ports import Ports, RequestError
from chatflows.executor.run import Run
from chatflows.nodes import BY_KIND
from conversations.ports import NoKnowledge
from conversations.turn import Token, Turn, Utterance
from inference.client import InferenceError
from inference.resolve import Unusable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatflows.executor.call import Call
    from chatflows.executor.events import RunEvent
    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Request, Response
    from conversations.runtime import ModelChoice
    from inference.client import ModelClient


class Ways(Settings):
    ways: tuple[str, ...] = ()


class Each(Node[Ways]):
    """Runs all of its bodies once, in their order."""

    kind = "each"
    settings = Ways
    keeps_rounds = True

    def bodies(self, settings: Ways) -> tuple[str, ...]:
        return settings.ways

    async def run(self, call: Call[Ways]) -> Result | Waiting:
        state = dict(call.state or {"at": 0, "frame": None, "last": []})
        for at in range(state["at"], len(call.settings.ways)):
            round_ = await call.body(call.settings.ways[at], at, call.known, state["frame"])
            if round_.frame is not None:
                return Waiting({"at": at, "frame": round_.frame, "last": state["last"]})
            state = {"frame": None, "last": [*state["last"], round_.last]}
        return Result({"last": state["last"]})


class Hold(Node[Settings]):
    """Goes on speaking until it is stopped."""

    kind = "hold"
    settings = Settings

    async def run(self, call: Call[Settings]) -> Result:
        async with call.voice.speaking() as say:
            say("Listen.")
            await asyncio.Event().wait()
        return Result()


KINDS: Mapping[str, Node[Any]] = {**BY_KIND, "each": Each(), "hold": Hold()}


class _NoModels:
    def of(self, choice: ModelChoice) -> ModelClient:
        return Unusable(InferenceError(f"There is no model {choice.model}."))


class _NoHttp:
    async def send(self, request: Request) -> Response:
        raise RequestError(f"{request.url} cannot be reached.")


# For flows that reach nothing.
NOWHERE = Ports(_NoModels(), NoKnowledge(), _NoHttp())


def flow(
    nodes: Mapping[str, tuple[str, Mapping[str, Any]]],
    edges: str,
    *,
    variables: Mapping[str, Any] | None = None,
    **limits: Any,
) -> Flow:
    """``nodes`` are kinds and settings by id; ``edges`` are lines such as ``a -> b`` or
    ``a.true -> b``; ``limits`` as ``Limits`` has them."""
    made = [
        FlowNode(id_, KINDS[kind], KINDS[kind].settings.model_validate(settings))
        for id_, (kind, settings) in nodes.items()
    ]
    return flow_of(made, map(_edge, edges.split()), variables or {}, Limits(**limits))


def _edge(written: str) -> Edge:
    source, target = written.split("->")
    name, _, handle = source.partition(".")
    return Edge(name, target, handle)


@dataclass
class Told:
    """What a run told."""

    events: list[RunEvent] = field(default_factory=list)

    @property
    def steps(self) -> list[StepFinished]:
        """As a log has them, whatever ran beside what."""
        found = [each for each in self.events if isinstance(each, StepFinished)]
        return sorted(found, key=lambda step: step.place)

    @property
    def ran(self) -> list[str]:
        return [step.node_id for step in self.steps]

    def outputs(self, node_id: str) -> list[Any]:
        return [step.output for step in self.steps if step.node_id == node_id]

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.events if isinstance(each, Token))

    @property
    def end(self) -> Ended | Broken:
        last = self.events[-1]
        assert isinstance(last, (Ended, Broken))
        return last

    @property
    def kept(self) -> Mapping[str, Any]:
        assert isinstance(self.end, Ended), self.end
        return self.end.state

    @property
    def waits(self) -> bool:
        return isinstance(self.end, Ended) and self.end.waits


async def told(run: Run) -> Told:
    found = Told()
    async with aclosing(run.events()) as events:
        async for event in events:
            found.events.append(event)
    return found


def ran(
    made: Flow,
    message: str = "Hi",
    *,
    start: str = "start",
    kept: Mapping[str, Any] | None = None,
    ports: Ports = NOWHERE,
    history: tuple[Utterance, ...] = (),
) -> Told:
    """The run of a flow with a message, from its start or from where it waits."""
    return asyncio.run(told(Run(made, start, Turn(message, history), ports, through_json(kept))))


def conversation(made: Flow, *messages: str) -> Sequence[Told]:
    """One run after the other, each going on where the last one stopped, if it did."""
    turns: list[Told] = []
    for message in messages:
        kept = turns[-1].kept if turns else None
        turns.append(ran(made, message, kept=kept))
    return turns


def through_json(kept: Mapping[str, Any] | None) -> Any:
    """What another process would read."""
    return orjson.loads(orjson.dumps(kept))
