"""A chatflow's configuration as an assistant of the runtime.

Works on the document of a draft too: a node whose settings are not complete says so when a run
comes to it, and the rest of the flow can be tried.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from assistants.assistant import Configured
from assistants.reading import read
from chatflows.drawn import drawing_of
from chatflows.executor.events import Broken, Ended, StepFinished, StepStarted
from chatflows.executor.flow import FlowNode, Limits, flow_of
from chatflows.executor.ports import Ports as FlowPorts
from chatflows.executor.run import Run
from chatflows.http import GuardedHttp
from chatflows.nodes.http import HttpSettings
from chatflows.nodes.model import ModelSettings
from chatflows.runs.given import given_in
from chatflows.schema import Chatflow
from chatflows.tracing import finished, recorded, started
from conversations.runtime import MemoryLimits
from conversations.turn import Cited, Done, Failed, Token, Traced, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from chatflows.drawn import Drawing
    from chatflows.executor.flow import Flow
    from conversations.runtime import ModelChoice, Ports
    from conversations.turn import Event, Turn

# What nodes see of a conversation they say themselves; more than this none of them can.
# Bytes that a flow may keep from message to message: each conversation has its own.
MOST_KEPT = 128 * 1024
TOO_MUCH = (
    "The flow would keep more than 128 KB until the next message. Take only what you need of a "
    "response into values, and shorten lists that grow."
)
MEMORY = MemoryLimits(max_messages=100, max_tokens=20_000)


class Draftable(Chatflow):
    """A chatflow that may have no name yet."""

    name: str = ""


class ChatflowAssistant(Configured):
    """Answers as one chatflow. Made once per release, or per version of a draft."""

    kind = "chatflow"
    memory = MEMORY

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        rest = {name: value for name, value in configuration.items() if name not in _GRAPH}
        chatflow = read(Draftable, rest)
        super().__init__(chatflow)
        drawing = drawing_of(configuration)
        self.flow = _flow(drawing, chatflow)
        self.is_logged = chatflow.settings.enable_logging
        self.starts = {
            str(getattr(each.settings, "trigger_type", "")): each.id
            for each in drawing.of_kind("trigger")
        }
        self.model_choices: tuple[ModelChoice, ...] = tuple(dict.fromkeys(_choices(drawing)))
        self.credentials: tuple[str, ...] = tuple(dict.fromkeys(_credentials(drawing)))

    async def respond(self, turn: Turn, ports: Ports) -> AsyncIterator[Event]:
        """What the run says and does, to where it ends or waits for the next message."""
        start = self.start_of(turn)
        if start not in self.flow.nodes:
            yield Failed("not-configured", "Nothing begins the flow. Add a start to it.")
            return
        run = Run(self.flow, start, turn, self._reach(ports), turn.state, given_in(ports.given))
        heard = _Heard(self.flow, is_logged=self.is_logged)
        async with aclosing(run.events()) as events:
            async for event in events:
                match event:
                    case Broken():
                        yield Failed(event.code, self._told(event), partial=run.voice.text)
                    case Ended():
                        for found in self._ended(run, event, heard):
                            yield found
                    case _:
                        yield heard.told(event)

    def start_of(self, turn: Turn) -> str:
        """The node that a run of ``turn`` begins at; empty where nothing begins one."""
        return str(turn.state.get("start") or self.starts.get("chat_message", ""))

    async def run_one(
        self, node_id: str, turn: Turn, ports: Ports, outputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The step of one node alone, on what the others are said to have given; nothing is cut."""
        alone = replace(self.flow, edges=(), graphs={})
        run = Run(alone, node_id, turn, self._reach(ports), {"outputs": outputs})
        found: dict[str, Any] = {}
        async with aclosing(run.events()) as events:
            async for event in events:
                if isinstance(event, StepFinished):
                    found = recorded(event, self.flow)
        return found

    def _reach(self, ports: Ports) -> FlowPorts:
        return FlowPorts(ports, ports.retriever, GuardedHttp(ports.secrets))

    def _ended(self, run: Run, event: Ended, heard: _Heard) -> Iterator[Event]:
        text = run.voice.text
        if len(orjson.dumps(event.state)) > MOST_KEPT:
            yield Failed("not-configured", TOO_MUCH, partial=text)
            return
        citations = run.passages.cited_in(text) if self.profile.citations else ()
        for passage in citations:
            yield Cited(passage)
        yield Done(
            message=text,
            citations=citations,
            follow_ups=run.voice.choices,
            sources=run.passages.sources,
            usage=heard.usage,
            model=heard.model,
            state=event.state,
        )

    def _told(self, broken: Broken) -> str:
        node = self.flow.nodes.get(broken.node_id)
        return f"{node.settings.label or node.id}: {broken.message}" if node else broken.message


class _Heard:
    """What a run has told so far: the tokens that it took, and the first model that it asked."""

    def __init__(self, flow: Flow, *, is_logged: bool) -> None:
        self.flow, self.is_logged = flow, is_logged
        self.usage, self.model = Usage(), ""

    def told(self, event: Token | StepStarted | StepFinished) -> Token | Traced:
        match event:
            case Token():
                return event
            case StepStarted():
                return Traced("node_started", started(event, self.flow), kept=False)
            case StepFinished():
                self.usage = _sum(self.usage, event.usage)
                self.model = self.model or _model_of(self.flow.nodes[event.node_id])
                told, whole = finished(event, self.flow), recorded(event, self.flow)
                return Traced("node_finished", told, self.is_logged, whole)


_GRAPH = ("nodes", "edges")


def _flow(drawing: Drawing, chatflow: Chatflow) -> Flow:
    limits = chatflow.settings
    nodes = [
        FlowNode(each.id, each.node, each.settings, "; ".join(each.faults.values()))
        for each in drawing.nodes.values()
    ]
    return flow_of(
        nodes,
        (each.edge for each in drawing.edges),
        {each.name: each.default for each in chatflow.variables},
        Limits(seconds=limits.timeout_seconds, rounds=limits.max_iterations),
    )


def _choices(drawing: Drawing) -> Iterator[ModelChoice]:
    for each in drawing.nodes.values():
        if isinstance(each.settings, ModelSettings):
            yield each.settings.choice


def _credentials(drawing: Drawing) -> Iterator[str]:
    for each in drawing.nodes.values():
        if isinstance(each.settings, HttpSettings) and each.settings.credential_id:
            yield str(each.settings.credential_id)


def _model_of(each: FlowNode) -> str:
    return each.settings.model if isinstance(each.settings, ModelSettings) else ""


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.prompt_tokens + other.prompt_tokens, one.completion_tokens + other.completion_tokens
    )
