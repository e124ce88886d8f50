"""A chatflow's configuration as an assistant of the runtime.

Works on the document of a draft too: a node whose settings are not complete says so when a run
comes to it, and the rest of the flow can be tried.
"""

from __future__ import annotations

from contextlib import aclosing
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assistants.assistant import Configured
from assistants.reading import read
from chatflows.drawn import drawing_of
from chatflows.executor.events import ANEW, Broken, Ended, StepFinished
from chatflows.executor.flow import FlowNode, Limits, flow_of
from chatflows.executor.places import placed
from chatflows.executor.ports import LiveFlow
from chatflows.executor.ports import Ports as FlowPorts
from chatflows.executor.run import Run
from chatflows.hearing import Heard
from chatflows.http import GuardedHttp
from chatflows.kind import KIND
from chatflows.naming import names_of
from chatflows.nodes.collect import CollectSettings
from chatflows.nodes.model import ModelSettings
from chatflows.nodes.subflow import SubflowSettings
from chatflows.nodes.trigger import CHAT, SCHEDULE, WEBHOOK
from chatflows.runs.given import given_in
from chatflows.schema import Chatflow
from chatflows.starts import begins_with
from chatflows.tracing import recorded
from conversations.runtime import MemoryLimits
from conversations.turn import Cited, Done, Failed, Token

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping

    from chatflows.drawn import Drawing, DrawnNode
    from chatflows.executor.events import RunEvent
    from chatflows.executor.flow import Flow
    from chatflows.executor.graph import Edge
    from conversations.runtime import ModelChoice, Ports
    from conversations.turn import Event, Turn

# Bytes that a flow may keep from message to message: each conversation has its own.
MOST_KEPT = 128 * 1024
TOO_MUCH = gettext_noop(
    "The flow would keep more than 128 KB until the next message. Take only what you need of a "
    "response into values, and shorten lists that grow."
)
NOTHING_BEGINS = {
    CHAT: gettext_noop("Nothing begins the flow with a message in the chat. Add a start to it."),
    WEBHOOK: gettext_noop("Nothing begins the flow by a webhook. Add a start to it."),
    SCHEDULE: gettext_noop("Nothing begins the flow at a set time. Add a start to it."),
}
# What nodes see of a conversation they say themselves; more than this none of them can.
MEMORY = MemoryLimits(max_messages=100, max_tokens=20_000)


class Draftable(Chatflow):
    """A chatflow that may have no name yet."""

    name: str = ""


class ChatflowAssistant(Configured):
    """Answers as one chatflow. Made once per release, or per version of a draft."""

    kind = KIND
    memory = MEMORY
    watch: Callable[[RunEvent], None] | None = None

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        rest = {name: value for name, value in configuration.items() if name not in _ELSEWHERE}
        chatflow = read(Draftable, rest)
        super().__init__(chatflow)
        drawing = drawing_of(configuration)
        self.flow = _flow(drawing, chatflow)
        self.is_logged = chatflow.settings.enable_logging
        # Of several of a kind the first: it is written last.
        self.starts = {begins_with(e): e.id for e in reversed(drawing.of_kind("trigger"))}
        self.collects = {
            each.id: each.settings
            for each in drawing.nodes.values()
            if isinstance(each.settings, CollectSettings)
        }
        self.model_choices: tuple[ModelChoice, ...] = tuple(dict.fromkeys(_choices(drawing)))
        self.credentials: tuple[str, ...] = tuple(dict.fromkeys(_credentials(drawing)))
        self.runs: tuple[str, ...] = tuple(dict.fromkeys(_flows(drawing)))

    async def respond(self, turn: Turn, ports: Ports) -> AsyncIterator[Event]:
        """What the run says and does, to where it ends or waits for the next message."""
        start = self.start_of(turn)
        if start not in self.flow.nodes:
            yield Failed("not-configured", _(NOTHING_BEGINS[_by(turn)]))
            return
        heard = Heard(is_logged=self.is_logged)
        async with aclosing(self._runs(start, turn, ports)) as events:
            async for run, event in events:
                if self.watch:
                    self.watch(event)
                match event:
                    case Broken():
                        yield Failed(event.code, self._told(event), partial=run.voice.text)
                    case Ended():
                        for found in self._ended(run, event, heard):
                            yield found
                    case _:
                        yield heard.told(event)

    def watched_by(self, watch: Callable[[RunEvent], None]) -> ChatflowAssistant:
        """The same assistant, whose runs tell ``watch`` all that they do, uncut."""
        found = copy(self)
        found.watch = watch
        return found

    async def _runs(
        self, start: str, turn: Turn, ports: Ports, first_place: int = 0
    ) -> AsyncGenerator[tuple[Run, RunEvent]]:
        """What the run tells; where nothing in it answered the message that it had waited for, the
        run from the beginning instead of its end."""
        run = self._run(start, turn, ports, first_place)
        begin, kept = self.starts.get(CHAT, ""), None
        async with aclosing(run.events()) as events:
            async for event in events:
                if isinstance(event, Ended) and event.is_unheard and begin in self.flow.nodes:
                    kept = event.state
                else:
                    yield run, event
        if kept is None:
            return
        # What is done again is the run that went on; pins hold in both.
        pins = {id_: each for id_, each in ports.given.items() if each["status"] != "reused"}
        turn, ports = replace(turn, state=kept), replace(ports, given=pins)
        async with aclosing(self._runs(begin, turn, ports, ANEW)) as anew:
            async for each in anew:
                yield each

    def told_in(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """What visitors answered where the flow collects something: by the variable that keeps it,
        else, as long as the run that asked waits, by the node."""
        variables, outputs = state.get("variables", {}), state.get("outputs", {})
        told: dict[str, Any] = {}
        for node_id, settings in self.collects.items():
            if settings.variable:
                told[settings.variable] = variables.get(settings.variable)
            else:
                told[settings.label or node_id] = (outputs.get(node_id) or {}).get("value")
        return {name: value for name, value in told.items() if isinstance(value, str) and value}

    def start_of(self, turn: Turn) -> str:
        """The node that a run of ``turn`` begins at; empty where nothing begins one."""
        return str(turn.state.get("start") or self.starts.get(_by(turn), ""))

    async def run_one(
        self, node_id: str, turn: Turn, ports: Ports, outputs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The step of one node alone, on what the others are said to have given; nothing is cut.
        One that could not begin, or took longer than a run may, has failed too."""
        alone = replace(self.flow, edges=tuple(self._below(node_id)), graphs={})
        run = Run(alone, node_id, turn, self._reach(ports), {"outputs": outputs})
        own, fault = None, ""
        async with aclosing(run.events()) as events:
            async for event in events:
                match event:
                    case StepFinished() if event.node_id == node_id and event.status != "stopped":
                        own = event
                    case Broken():
                        fault = self._told(event)
        return recorded(own or _failed(self.flow.nodes[node_id], fault))

    def _below(self, node_id: str) -> Iterator[Edge]:
        """The edges of all that a node runs itself, such as an agent's tools."""
        each = self.flow.nodes[node_id]
        bodies, inside, pending = each.node.bodies(each.settings), {node_id}, [node_id]
        while pending:
            source = pending.pop()
            for edge in self.flow.edges:
                if edge.source == source and (source != node_id or edge.handle in bodies):
                    yield edge
                    pending += [edge.target] if edge.target not in inside else []
                    inside.add(edge.target)

    def _reach(self, ports: Ports) -> FlowPorts:
        return FlowPorts(
            ports,
            ports.retriever,
            GuardedHttp(ports.secrets),
            {id_: each.live for id_, each in ports.others.items() if isinstance(each, type(self))},
            ports.own_id,
        )

    @property
    def live(self) -> LiveFlow:
        """As others run it in their midst."""
        return LiveFlow(self.profile.name, self.flow, self.starts.get(CHAT, ""))

    def _run(self, start: str, turn: Turn, ports: Ports, first_place: int) -> Run:
        reach, given = self._reach(ports), given_in(ports.given)
        return Run(self.flow, start, turn, reach, turn.state, given=given, first_place=first_place)

    def _ended(self, run: Run, event: Ended, heard: Heard) -> Iterator[Event]:
        """Whoever chats is never left without an answer; what starts a flow otherwise may be."""
        text = run.voice.text
        if len(orjson.dumps(event.state)) > MOST_KEPT:
            yield Failed("run-limit", _(TOO_MUCH), partial=text)
            return
        if not (text or event.waits or run.turn.occasion):
            text = _("I have no answer to that. Try to ask it in another way.")
            yield Token(text)
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
            cards=run.voice.cards,
            links=run.voice.links,
            handoff=run.voice.handoff if event.waits else None,
            unanswered="not_found" if run.passages.found_nothing else "",
            introduced=run.voice.introduced,
        )

    def _told(self, broken: Broken) -> str:
        node = self.flow.nodes.get(broken.node_id)
        if node is None:
            return broken.message
        words = placed(broken.message, node.settings, broken.field, broken.column)
        return f"{node.called}: {words}"


# What is read on its own, or is of no concern to a run.
_ELSEWHERE = ("nodes", "edges", "test_cases")


def _failed(each: FlowNode, message: str) -> StepFinished:
    """What is told of a node of which the run told nothing."""
    return StepFinished(
        each.id, each.node.kind, (), "failed", 0.0, 0.0, error=message, label=each.called
    )


def _by(turn: Turn) -> str:
    """The kind of start that a turn begins a flow by."""
    return turn.occasion.name if turn.occasion else CHAT


def _flow(drawing: Drawing, chatflow: Chatflow) -> Flow:
    limits, names = chatflow.settings, names_of(drawing.nodes.values())
    nodes = [
        FlowNode(each.id, each.node, each.settings, _faults(each), names[each.id])
        for each in drawing.nodes.values()
    ]
    return flow_of(
        nodes,
        (each.edge for each in drawing.edges),
        {each.name: each.default for each in chatflow.variables},
        Limits(seconds=limits.timeout_seconds, rounds=limits.max_iterations),
    )


def _faults(each: DrawnNode) -> str:
    """Why a node cannot run; empty where it can."""
    return "; ".join(placed(words, each.settings, path) for path, words in each.faults.items())


def _choices(drawing: Drawing) -> Iterator[ModelChoice]:
    for each in drawing.nodes.values():
        if isinstance(each.settings, ModelSettings):
            yield each.settings.choice


def _credentials(drawing: Drawing) -> Iterator[str]:
    for each in drawing.nodes.values():
        for _name, credential_id in each.settings.http_credentials():
            yield str(credential_id)


def _flows(drawing: Drawing) -> Iterator[str]:
    for each in drawing.nodes.values():
        if isinstance(each.settings, SubflowSettings) and each.settings.chatflow_id:
            yield each.settings.flow_id
