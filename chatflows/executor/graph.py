"""A flow's nodes and edges as the executor walks them: regions in which each node runs once.

The nodes that a loop repeats are a region of their own, which the loop runs as often as it wants.
Whoever walks a graph has nothing left to check: what cannot be walked raises ``GraphError`` here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Where a node goes on when nothing else is said, where it goes when it fails, and what it repeats.
MAIN, ERROR, BODY = "", "error", "body"


class GraphError(Exception):
    """The nodes do not make a flow that could run. ``node_id`` is where that shows."""

    def __init__(self, message: str, node_id: str) -> None:
        super().__init__(message)
        self.node_id = node_id


@dataclass(frozen=True)
class Edge:
    """From the ``handle`` of ``source`` to ``target``."""

    source: str
    target: str
    handle: str = MAIN


@dataclass(frozen=True)
class Region:
    """Nodes of which each runs at most once when the region is walked.

    ``entries`` are where it begins; ``place`` is where each stands in an order in which they can
    run; ``needs`` is how many edges lead to each; ``leads`` are the edges from each.
    """

    entries: tuple[str, ...]
    place: Mapping[str, int]
    needs: Mapping[str, int]
    leads: Mapping[str, tuple[Edge, ...]]


@dataclass(frozen=True)
class Graph:
    """What can be reached from where a flow starts: ``main``, and by loop what it repeats."""

    main: Region
    bodies: Mapping[str, Region] = field(default_factory=dict)


def compiled(start: str, edges: Iterable[Edge], loops: Iterable[str] = ()) -> Graph:
    """The graph from ``start`` on, in which ``loops`` repeat what their ``BODY`` leads to.

    Raises ``GraphError``: for a cycle outside of loops, and for nodes in a loop that are also
    reached from outside of it.
    """
    return _Compiling(edges, loops).graph(start)


class _Compiling:
    def __init__(self, edges: Iterable[Edge], loops: Iterable[str]) -> None:
        leads: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            leads[edge.source].append(edge)
        self.leads: Mapping[str, Sequence[Edge]] = leads
        self.inside = {loop: self._body(loop) for loop in loops}
        self.owner = self._owners()

    def graph(self, start: str) -> Graph:
        reached = self._reached([start], stop="")
        for node in sorted(reached):
            self._refuse_second_door(node)
        if loop := self.owner.get(start, ""):
            raise GraphError("The start of a flow cannot be in a loop.", loop)
        regions = {
            loop: self._region(loop, [n for n in reached if self.owner.get(n, "") == loop], start)
            for loop in ["", *(loop for loop in self.inside if loop in reached)]
        }
        return Graph(regions.pop(""), regions)

    def _body(self, loop: str) -> set[str]:
        """All that the loop repeats, with what loops in it repeat."""
        entries = [edge.target for edge in self.leads.get(loop, ()) if edge.handle == BODY]
        return self._reached(entries, stop=loop)

    def _reached(self, entries: Iterable[str], stop: str) -> set[str]:
        """The nodes that can be reached from ``entries`` without going through ``stop``."""
        pending = [node for node in entries if node != stop]
        found = set(pending)
        while pending:
            for edge in self.leads.get(pending.pop(), ()):
                if edge.target not in found and edge.target != stop:
                    found.add(edge.target)
                    pending.append(edge.target)
        return found

    def _owners(self) -> dict[str, str]:
        """By node, the innermost of the loops that repeat it."""
        outer_first = sorted(self.inside, key=lambda loop: -len(self.inside[loop]))
        return {node: loop for loop in outer_first for node in self.inside[loop]}

    def _refuse_second_door(self, source: str) -> None:
        """Raise ``GraphError`` where ``source`` leads into a loop, or out of one, elsewhere than
        through the loop itself."""
        within = self.owner.get(source, "")
        for edge in self.leads.get(source, ()):
            into = self.owner.get(edge.target, "")
            if edge.handle == BODY and source in self.inside:
                fits = source in (into, edge.target)
            else:
                fits = within in (into, edge.target)
            if not fits:
                words = "is repeated by a loop, and reached from outside of it."
                raise GraphError(f"{edge.target} {words}", edge.target)

    def _region(self, loop: str, nodes: Sequence[str], start: str) -> Region:
        members = set(nodes)
        leads = {node: tuple(self._within(node, members)) for node in nodes}
        entries = [start]
        if loop:
            entries = [e.target for e in self.leads[loop] if e.handle == BODY and e.target != loop]
        needs = Counter(edge.target for each in leads.values() for edge in each)
        needs.update(entries)
        return Region(tuple(entries), self._places(nodes, leads), needs, leads)

    def _within(self, node: str, members: set[str]) -> Iterator[Edge]:
        """The edges from ``node`` in its region. Those to the loop around it end a round."""
        for edge in self.leads.get(node, ()):
            if edge.target in members and not (edge.handle == BODY and node in self.inside):
                yield edge

    def _places(
        self, nodes: Iterable[str], leads: Mapping[str, Sequence[Edge]]
    ) -> Mapping[str, int]:
        sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(nodes), ()))
        for node in sorted(leads):
            for edge in leads[node]:
                sorter.add(edge.target, node)
        try:
            return {node: place for place, node in enumerate(sorter.static_order())}
        except CycleError as error:
            cycle = error.args[1]
            words = "The flow goes in a circle. Repeat nodes with a loop."
            raise GraphError(words, min(cycle)) from None
