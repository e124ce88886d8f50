"""One run of a flow: from a message to where it ends, or waits for the next one.

The same run in preview and live. It knows no kind of node, and holds nothing while it waits: what
it needs to go on, in any process, is the plain JSON that it ends with.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

from chatflows.executor.broken import BrokenError
from chatflows.executor.budget import Budget
from chatflows.executor.call import Call, Round
from chatflows.executor.effects import Effects, StepVoice
from chatflows.executor.events import Broken, Ended
from chatflows.executor.graph import GraphError
from chatflows.executor.midst import (
    Midst,
    Said,
    Shared,
    joined,
    kept_by,
    live_flow,
    telling,
    unheard,
)
from chatflows.executor.node import NodeError, Result, Waiting
from chatflows.executor.pacing import PACE
from chatflows.executor.passages import Passages
from chatflows.executor.repeats import Repeat
from chatflows.executor.visit import Visit, taken_over
from chatflows.executor.voice import Voice, VoiceWithin
from chatflows.executor.walk import Frame, Walk
from chatflows.expressions.values import Output
from chatflows.expressions.weight import weight_of
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, MutableMapping

    from chatflows.executor.call import Body, Within
    from chatflows.executor.effects import Given
    from chatflows.executor.events import Place, RunEvent
    from chatflows.executor.flow import Flow, FlowNode
    from chatflows.executor.graph import Graph
    from chatflows.executor.midst import Asked
    from chatflows.executor.ports import Ports
    from conversations.turn import Turn


@dataclass
class Run:
    """A run of ``flow`` from the node ``start`` on, or from where it waits, as ``kept`` by the last
    one. Expressions read the turn's message as ``input``, and its variables by their names. It may
    be in the ``midst`` of another one. Nodes that are ``given`` are not asked: they give that.
    The places of its steps begin with ``first_place``."""

    flow: Flow
    start: str
    turn: Turn
    ports: Ports
    kept: Mapping[str, Any] | None = None
    midst: Midst | None = None
    given: Mapping[str, Given] = field(default_factory=dict)
    first_place: int = 0

    def __post_init__(self) -> None:
        kept = self.kept or {}
        self.nodes = self.flow.nodes
        self.variables = {
            **self.flow.variables,
            **self.turn.variables,
            **kept.get("variables", {}),
        }
        given = {"input": self.turn.message, "channel": self.turn.channel}
        self.known: dict[str, Any] = {**self.variables, **given}
        for node_id, output in kept.get("outputs", {}).items():
            if node_id in self.nodes:
                self.known[node_id] = Output(output, self.nodes[node_id].node.main)
        self.frame = Frame()
        self._events: asyncio.Queue[RunEvent | None] = asyncio.Queue()
        midst = self.midst or self._outermost(kept)
        self.above, self.shared, self.voice = midst.above, midst.shared, midst.voice
        self.passages, self._emit = midst.shared.passages, midst.emit
        for taken in self.given.values():
            self.passages.restore(taken.effects.passages, taken.effects.citable)

    def _outermost(self, kept: Mapping[str, Any]) -> Midst:
        passages, budget = Passages(kept.get("passages", ())), Budget(self.flow.limits)
        shared, emit = Shared(passages, budget, perf_counter()), self._events.put_nowait
        return Midst((self.ports.flow_id,), shared, Voice(emit), emit)

    async def events(self) -> AsyncGenerator[RunEvent]:
        """All that happens, as it happens; the last one is ``Ended`` or ``Broken``. When nobody
        listens any more, all that runs is stopped."""
        task = asyncio.ensure_future(self._to_its_end())
        try:
            while (event := await self._events.get()) is not None:
                yield event
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _to_its_end(self) -> None:
        try:
            self._emit(await self._ended())
        finally:
            self._events.put_nowait(None)

    async def _ended(self) -> Ended | Broken:
        seconds = self.flow.limits.seconds
        try:
            graph = self.flow.graph(self.start)
            async with asyncio.timeout(seconds):
                is_over = await self._walked(graph)
        except GraphError as error:
            return Broken(str(error), error.node_id, code="not-configured")
        except TimeoutError:
            words = _("The flow took longer than its time limit of %(seconds)s s.")
            return Broken(words % {"seconds": f"{seconds:g}"}, code="run-timeout")
        except BrokenError as broken:
            fault = broken.fault
            return Broken(str(fault), broken.each.id, fault.field, fault.column, fault.code)
        is_unheard = is_over and self.shared.has_passed_on and not self.voice.text
        state, most = self._state(is_over=is_over), self.flow.limits.kept
        if weight_of(state, most) > most:
            words = _("What is remembered until the next message comes to %(most)d MB at most.")
            return Broken(words % {"most": most // 1024**2}, code="run-limit")
        return Ended(state, waits=not is_over, is_unheard=is_unheard)

    async def _walked(self, graph: Graph) -> bool:
        """Whether the run is over. Where two nodes want to ask, the second has to wait for the
        first, and asks as soon as that one has its answer."""
        self.frame = Frame.of((self.kept or {}).get("frame"), graph.main)
        if self.midst is None:
            self.shared.is_asking = bool(self.frame.waiting)
        while True:
            is_over = await Walk(self, graph.main, self.known, self.frame).to_its_end()
            if is_over or self.shared.is_asking:
                return is_over

    async def within(self, *, is_heard: bool) -> Mapping[str, Any] | None:
        """Run in the midst of another one. None at its end, else what it keeps; raises
        ``NodeError``, also where it asks though nobody hears it."""
        try:
            is_over = await self._walked(self.flow.graph(self.start))
        except GraphError as error:
            raise NodeError(str(error), code="not-configured") from None
        except BrokenError as broken:
            raise broken.of_the_one_that_ran_it() from None
        if self.frame.waiting and not is_heard:
            raise NodeError(unheard(), code="not-configured")
        return None if is_over else self._state(is_over=False)

    def take_back(self) -> None:
        """Wait no more for the answer to what it has asked: the run comes to nothing."""
        if self.frame.waiting:
            self._lose_question()

    def _lose_question(self) -> None:
        """Nobody waits for an answer any more, and no person for the conversation."""
        self.shared.is_asking = False
        self.voice.keep()

    def _state(self, *, is_over: bool) -> dict[str, Any]:
        if is_over:
            return {"variables": self.variables}
        return {
            "variables": self.variables,
            "start": self.start,
            "outputs": {name: self.known[name] for name in self.nodes if name in self.known},
            "passages": [] if self.midst else self.passages.as_json(),
            "frame": self.frame.as_json(),
        }

    def may_ask(self) -> bool:
        """Whether no node is waiting for an answer; then the one that wants to ask is."""
        may, self.shared.is_asking = not self.shared.is_asking, True
        return may

    async def visit(self, each: FlowNode, walk: Walk) -> Result | Waiting:
        """Have a node do its work, and tell of it."""
        place = self._place(each, walk)
        if (given := self.given.get(each.id)) is not None:
            has_asked = each.id in walk.frame.waiting
            return await self._taken_over(each, given, walk, has_asked=has_asked)
        call = self._call(each, walk, place)
        visit = Visit(each, call, place, walk.repeats, self.shared.began)
        self._count(each)
        self._emit(visit.started())
        try:
            finished = await visit.carried_out()
        except BaseException:  # called off, or for the fault of another, be it one of ours
            if each.node.asks:
                self._lose_question()
            self._emit(visit.called_off())
            raise
        if each.node.asks and not isinstance(visit.result, Waiting):
            visit.call.effects.passed_on = each.node.passes_on
            self._answered(passes_on=each.node.passes_on)
        self._emit(finished)
        # Others have their turn between steps, also where none of them waits for anything.
        if seconds := self.shared.budget.to_rest():
            await PACE.after(seconds)
        elif self.shared.is_others_turn():
            await asyncio.sleep(0)
        if visit.result is None:
            assert visit.fault is not None
            raise BrokenError(each, visit.fault)
        return visit.result

    def _place(self, each: FlowNode, walk: Walk) -> Place:
        at = walk.region.place[each.id]
        return (*walk.place, at) if walk.place else (self.first_place + at,)

    async def _taken_over(
        self, each: FlowNode, given: Given, walk: Walk, *, has_asked: bool
    ) -> Result:
        """The node's result without asking it, and all that it did besides. ``has_asked``: it, or
        what it runs, waited for the message."""
        self._count(each)
        effects = given.effects
        for name, value in effects.remembered.items():
            self._remember(name, value)
        for node_id, output in effects.inside.items():
            if node_id in self.nodes:
                self.known[node_id] = Output(output, self.nodes[node_id].node.main)
        for text in effects.said:
            await self.voice.say(text)
        self.voice.show(effects.cards, effects.links)
        self.voice.offer(effects.choices or self.voice.choices)
        place, at = self._place(each, walk), perf_counter() - self.shared.began
        self._emit(taken_over(each, given, place, walk.repeats, at))
        if has_asked:
            self._answered(passes_on=each.node.passes_on or effects.passed_on)
        return Result(given.output, given.handle)

    def _answered(self, *, passes_on: bool) -> None:
        """A node that has its answer leaves the next one to ask."""
        self.shared.is_asking = False
        self.shared.has_passed_on |= passes_on

    def is_given(self, node_id: str) -> bool:
        """Whether a node is not asked."""
        return node_id in self.given

    def _count(self, each: FlowNode) -> None:
        try:
            self.shared.budget.step()
        except NodeError as fault:
            raise BrokenError(each, fault) from None

    def _call(self, each: FlowNode, walk: Walk, place: Place) -> Call[Any]:
        waited = walk.frame.waiting.get(each.id)
        effects = Effects()

        def remember(name: str, value: Any) -> None:
            self.shared.budget.check_size(value)
            effects.remembered[name] = value
            self._remember(name, value)

        return Call(
            node_id=each.id,
            settings=each.settings,
            known=walk.known,
            remember=remember,
            turn=self.turn,
            ports=self.ports,
            voice=StepVoice(self.voice, effects),
            passages=self.passages,
            budget=self.shared.budget,
            limits=self.flow.limits,
            body=self._body(each, walk, place),
            within=self._within(each, walk, place, effects),
            reply=self.turn.message if each.node.asks and waited is not None else None,
            state=waited,
            effects=effects,
        )

    def _remember(self, name: str, value: Any) -> None:
        self.variables[name] = self.known[name] = value

    def _body(self, each: FlowNode, walk: Walk, place: Place) -> Body:
        async def body(
            handle: str,
            number: int,
            known: MutableMapping[str, Any],
            kept: Mapping[str, Any] | None = None,
        ) -> Round:
            region = self.flow.graph(self.start).bodies[each.id, handle]
            frame = Frame.of(kept, region)
            repeats = (*walk.repeats, Repeat(each.node.repeated, number + 1))
            inner = Walk(self, region, known, frame, place=(*place, number), repeats=repeats)
            is_kept = False
            try:
                is_over = await inner.to_its_end()
                is_kept = each.node.keeps_rounds
            finally:
                if frame.waiting and not is_kept:
                    # The round is lost, and its question with it: others may ask.
                    self._lose_question()
            return Round(None if is_over else frame.as_json(), frame.last(region))

        return body

    def _within(self, each: FlowNode, walk: Walk, place: Place, effects: Effects) -> Within:
        async def within(asked: Asked) -> Said:
            live, kept = live_flow(self.ports.flows, asked.flow_id, self.above), kept_by(asked)
            # Of several that wait, only the one that has asked is given the answer.
            is_answered = bool(kept and kept["frame"]["waiting"])
            message = self.turn.message if is_answered else kept.get("input", asked.message)
            voice = VoiceWithin(self.voice if asked.is_heard else None)
            emit = telling(self._emit, each, walk.repeats, place, is_heard=asked.is_heard)
            above = (*self.above, asked.flow_id)
            turn = replace(self.turn, message=message, variables=asked.variables)
            midst = Midst(above, self.shared, voice, emit)
            run = Run(live.flow, live.start, turn, self.ports, kept, midst)
            try:
                state = await run.within(is_heard=asked.is_heard)
            except BaseException:
                run.take_back()
                effects.lasts |= asked.is_heard and bool(voice.text)
                raise
            said = joined(kept, voice)
            if state is not None:
                state = {**state, "flow_id": asked.flow_id, "input": message, "said": said}
            return Said(said, run.variables, state)

        return within
