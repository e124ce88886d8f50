"""One run of a flow: from a message to where it ends, or waits for the next one.

The same run in preview and live. It knows no kind of node, and holds nothing while it waits: what
it needs to go on, in any process, is the plain JSON that it ends with.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from chatflows.executor.broken import BrokenError
from chatflows.executor.budget import Budget
from chatflows.executor.call import Call
from chatflows.executor.effects import Effects, StepVoice
from chatflows.executor.events import Broken, Ended
from chatflows.executor.graph import GraphError
from chatflows.executor.inner import Inner
from chatflows.executor.midst import Midst, Shared, unheard
from chatflows.executor.node import NodeError, Result, Waiting
from chatflows.executor.pacing import PACE
from chatflows.executor.passages import Passages
from chatflows.executor.state import State
from chatflows.executor.visit import Visit, taken_over
from chatflows.executor.voice import Voice
from chatflows.executor.walk import Frame, Walk
from chatflows.expressions.weight import weight_of
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from chatflows.executor.effects import Given
    from chatflows.executor.events import Place, RunEvent
    from chatflows.executor.flow import Flow, FlowNode
    from chatflows.executor.graph import Graph
    from chatflows.executor.ports import LiveFlow, Ports
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
        self.state = State(self.flow, self.turn, kept)
        self.frame = Frame()
        self._events: asyncio.Queue[RunEvent | None] = asyncio.Queue()
        midst = self.midst or self._outermost(kept)
        self.above, self.shared, self.voice = midst.above, midst.shared, midst.voice
        self.passages, self.emit = midst.shared.passages, midst.emit
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
            self.emit(await self._ended())
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
        state, most = self._kept(is_over=is_over), self.flow.limits.kept
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
            is_over = await Walk(self, graph.main, self.state.known, self.frame).to_its_end()
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
        return None if is_over else self._kept(is_over=False)

    def take_back(self) -> None:
        """Wait no more for the answer to what it has asked: the run comes to nothing."""
        if self.frame.waiting:
            self.lose_question()

    def lose_question(self) -> None:
        """Nobody waits for an answer any more, and no person for the conversation."""
        self.shared.is_asking = False
        self.voice.keep()

    def _kept(self, *, is_over: bool) -> dict[str, Any]:
        """Plain JSON for the next message."""
        if is_over:
            return {"variables": self.state.variables}
        return {
            "variables": self.state.variables,
            "start": self.start,
            "outputs": self.state.outputs,
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
        self._count(each, asks=each.node.asks)
        self.emit(visit.started())
        try:
            finished = await visit.carried_out()
        except BaseException:  # called off, or for the fault of another, be it one of ours
            if each.node.asks:
                self.lose_question()
            self.emit(visit.called_off())
            raise
        if each.node.asks and not isinstance(visit.result, Waiting):
            visit.call.effects.passed_on = each.node.passes_on
            self._answered(passes_on=each.node.passes_on)
        self.emit(finished)
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
        self._count(each, asks=False)
        effects = given.effects
        for name, value in effects.remembered.items():
            self.state.remember(name, value)
        self.state.take_over(effects.inside)
        await self._said_again(each, effects)
        self.voice.show(effects.cards, effects.links)
        self.voice.offer(effects.choices or self.voice.choices)
        place, at = self._place(each, walk), perf_counter() - self.shared.began
        self.emit(taken_over(each, given, place, walk.repeats, at))
        if has_asked:
            self._answered(passes_on=each.node.passes_on or effects.passed_on)
        return Result(given.output, given.handle)

    async def _said_again(self, each: FlowNode, effects: Effects) -> None:
        try:
            for text in effects.said:
                await self.voice.say(text)
        except NodeError as fault:
            raise BrokenError(each, fault) from None

    def _answered(self, *, passes_on: bool) -> None:
        """A node that has its answer leaves the next one to ask."""
        self.shared.is_asking = False
        self.shared.has_passed_on |= passes_on

    def is_given(self, node_id: str) -> bool:
        """Whether a node is not asked."""
        return node_id in self.given

    def _count(self, each: FlowNode, *, asks: bool) -> None:
        """``asks``: the node has the question of the run, which is lost with it."""
        try:
            self.shared.budget.step()
        except NodeError as fault:
            if asks:
                self.lose_question()
            raise BrokenError(each, fault) from None

    def _call(self, each: FlowNode, walk: Walk, place: Place) -> Call[Any]:
        waited = walk.frame.waiting.get(each.id)
        effects = Effects()
        inner = Inner(self, each, walk, place, effects)

        def remember(name: str, value: Any) -> None:
            self.shared.budget.weigh(value)
            effects.remembered[name] = value
            self.state.remember(name, value)

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
            body=inner.body,
            within=inner.within,
            reply=self.turn.message if each.node.asks and waited is not None else None,
            state=waited,
            effects=effects,
        )

    def another(self, live: LiveFlow, turn: Turn, kept: Mapping[str, Any], midst: Midst) -> Run:
        """A run of another flow in the midst of this one."""
        return Run(live.flow, live.start, turn, self.ports, kept, midst)
