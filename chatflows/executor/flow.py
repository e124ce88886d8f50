"""A flow as it is run: its nodes with their settings, and the graphs that its edges make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatflows.executor.graph import (
    MOST_EDGES,
    MOST_NODES,
    Edge,
    Graph,
    GraphError,
    compiled,
)
from chatflows.executor.node import FallibleSettings
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatflows.executor.node import Node, OnError, Settings


@dataclass(frozen=True)
class FlowNode:
    """One node of a flow: what it does, and how it is set. ``fault`` says why it cannot run, where
    its settings are not complete; ``name`` is what people call it, where its settings do not say.
    """

    id: str
    node: Node[Any]
    settings: Settings
    fault: str = ""
    name: str = ""

    @property
    def called(self) -> str:
        """What whoever builds is told of it by."""
        return self.name or self.settings.label or self.id

    @property
    def on_error(self) -> OnError:
        """What happens where it fails, as ``FallibleSettings`` has it."""
        if self.fault or not isinstance(self.settings, FallibleSettings):
            return "stop"
        return self.settings.on_error


@dataclass(frozen=True)
class Limits:
    """How much one run may take. ``seconds`` on the clock, ``steps`` nodes that run, ``rounds`` of
    each loop, ``calls`` of models, and as many of other servers; ``characters`` of all that is
    worked out and given, ``kept`` of what lasts until the next message, and ``work`` is seconds of
    the processor that its expressions take."""

    seconds: float = 30
    steps: int = 500
    rounds: int = 10
    calls: int = 20
    characters: int = 32 * 1024 * 1024
    kept: int = 4 * 1024 * 1024
    work: float = 0.5


@dataclass(frozen=True)
class Flow:
    """Made once and kept: nothing in it changes."""

    nodes: Mapping[str, FlowNode]
    edges: tuple[Edge, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = Limits()
    graphs: dict[str, Graph] = field(default_factory=dict, compare=False)

    def graph(self, start: str) -> Graph:
        """The graph from ``start`` on; raises ``GraphError``."""
        if len(self.nodes) > MOST_NODES or len(self.edges) > MOST_EDGES:
            words = _("A flow has at most %(nodes)d nodes and %(edges)d connections.")
            raise GraphError(words % {"nodes": MOST_NODES, "edges": MOST_EDGES}, "")
        if start not in self.graphs:
            bodies = {each.id: each.node.bodies(each.settings) for each in self.nodes.values()}
            self.graphs[start] = compiled(start, self.edges, bodies)
        return self.graphs[start]


def flow_of(
    nodes: Iterable[FlowNode],
    edges: Iterable[Edge],
    variables: Mapping[str, Any],
    limits: Limits,
) -> Flow:
    """The flow of ``nodes``; edges between others are left out, as a draft may have them."""
    known = {each.id: each for each in nodes}
    between = tuple(edge for edge in edges if edge.source in known and edge.target in known)
    return Flow(known, between, variables, limits)
