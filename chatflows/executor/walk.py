"""One walk through a region: which node runs when.

A node runs once all edges to it are decided and one of them is alive. An edge is alive when its
node was left by its handle, and dead when it was left by another, or not reached at all. So a
branch that was not taken holds up nobody, and where branches meet the next node waits for all that
came.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from chatflows.executor.node import Waiting
from chatflows.executor.side_by_side import stopped
from chatflows.expressions.values import Output

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from chatflows.executor.events import Place
    from chatflows.executor.flow import FlowNode
    from chatflows.executor.graph import Region
    from chatflows.executor.node import Result
    from chatflows.executor.repeats import Repeat


@dataclass
class Frame:
    """How far a walk has come. ``done`` are handles by the node that was left (None: not reached),
    ``waiting`` what nodes keep until the next message."""

    done: dict[str, str | None] = field(default_factory=dict)
    waiting: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None, region: Region) -> Frame:
        """The frame that was kept; a new one where the flow has changed meanwhile, and ``region``
        has not all of its nodes any more."""
        if not kept or not {*kept["done"], *kept["waiting"]} <= region.place.keys():
            return cls()
        return cls(dict(kept["done"]), dict(kept["waiting"]))

    def last(self, region: Region) -> str:
        """Of the nodes that were left, the one that is last in the order of ``region``."""
        left = [node_id for node_id, handle in self.done.items() if handle is not None]
        return max(left, key=region.place.__getitem__, default="")

    def as_json(self) -> dict[str, Any]:
        return {"done": self.done, "waiting": self.waiting}


class Visitor(Protocol):
    """Who has nodes do their work."""

    nodes: Mapping[str, FlowNode]

    def may_ask(self) -> bool:
        """Whether no other node is waiting for an answer; then the one that wants to ask is."""
        ...

    def is_given(self, node_id: str) -> bool:
        """Whether it is known what the node gives, so that it asks nobody."""
        ...

    async def visit(self, each: FlowNode, walk: Walk) -> Result | Waiting:
        """The node's result; raises where the walk ends with its fault."""
        ...


class Walk:
    """A walk through ``region``, going on from ``frame``. ``known`` is what expressions in it read;
    ``place`` is where it stands in the log, ``repeats`` which time it is of what is run again and
    again."""

    def __init__(
        self,
        visitor: Visitor,
        region: Region,
        known: MutableMapping[str, Any],
        frame: Frame,
        *,
        place: Place = (),
        repeats: tuple[Repeat, ...] = (),
    ) -> None:
        self.visitor, self.region, self.known = visitor, region, known
        self.frame, self.place, self.repeats = frame, place, repeats
        self._undecided = dict(region.needs)
        self._alive: set[str] = set()
        self._ready: list[str] = []
        self._is_held = False

    async def to_its_end(self) -> bool:
        """Go on as far as it goes; False where something waits for the next message."""
        for entry in self.region.entries:
            self._decide(entry, alive=True)
        for node_id, handle in list(self.frame.done.items()):
            self._leave(node_id, handle)
        running: list[asyncio.Task[None]] = []
        try:
            while self._ready or running:
                if not running and len(self._ready) == 1:
                    await self._run(self._ready.pop())
                    continue
                running += [asyncio.ensure_future(self._run(each)) for each in self._in_order()]
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                finished = [task for task in running if task.done()]
                running = [task for task in running if not task.done()]
                # Of those that failed at once, the first that began is told of.
                if faults := [fault for task in finished if (fault := task.exception())]:
                    raise faults[0]
        finally:
            await stopped(running)
        return not (self.frame.waiting or self._is_held)

    def _in_order(self) -> list[str]:
        """Those that can run now, none of them twice."""
        ready, self._ready = sorted(self._ready, key=self.region.place.__getitem__), []
        return ready

    async def _run(self, node_id: str) -> None:
        each = self.visitor.nodes[node_id]
        has_asked = node_id in self.frame.waiting
        asks = each.node.asks and not has_asked and not self.visitor.is_given(node_id)
        if asks and not self.visitor.may_ask():
            self._is_held = True
            return
        result = await self.visitor.visit(each, self)
        if isinstance(result, Waiting):
            self.frame.waiting[node_id] = result.state
            return
        self.frame.waiting.pop(node_id, None)
        self.frame.done[node_id] = result.handle
        self.known[node_id] = Output(result.output, each.node.main)
        self._leave(node_id, result.handle)

    def _leave(self, node_id: str, handle: str | None) -> None:
        pending = [(node_id, handle)]
        while pending:
            source, by = pending.pop()
            pending += [
                (edge.target, None)
                for edge in self.region.leads[source]
                if self._decide(edge.target, alive=edge.handle == by)
            ]

    def _decide(self, node_id: str, *, alive: bool) -> bool:
        """Note what became of one edge to a node; True when the node is not reached by any."""
        self._undecided[node_id] -= 1
        if alive:
            self._alive.add(node_id)
        if self._undecided[node_id] or node_id in self.frame.done:
            return False
        if node_id in self._alive:
            self._ready.append(node_id)
            return False
        self.frame.done[node_id] = None
        return True
