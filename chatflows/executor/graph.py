"""A flow's nodes and edges as the executor walks them: regions in which each node runs once.

What hangs on a handle that is a node's body, such as what a loop repeats, is a region of its own,
which that node runs as often as it wants. A node may have several of them.
Whoever walks a graph has nothing left to check: what cannot be walked raises ``GraphError`` here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Where a node goes on when nothing else is said, where it goes when it fails, and what it repeats.
MAIN, ERROR, BODY = "", "error", "body"
# The largest that is walked.
MOST_NODES, MOST_EDGES = 300, 1000
# Bodies in one another: each has its frames on Python's stack, as flows in the midst of others do.
DEEPEST_BODIES = 25
# A body: the node that runs it, and the handle on which it hangs. All else hangs on none.
Door = tuple[str, str]
NONE: Door = ("", "")


class GraphError(Exception):
    """The nodes do not make a flow that could run. ``node_id`` is where that shows."""

    def __init__(self, message: str, node_id: str) -> None:
        super().__init__(message)
        self.node_id = node_id


class CircleError(GraphError):
    """They go in a circle that no loop repeats."""


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
    """What can be reached from where a flow starts: ``main``, and the bodies by their doors."""

    main: Region
    bodies: Mapping[Door, Region] = field(default_factory=dict)


def compiled(
    start: str, edges: Iterable[Edge], bodies: Mapping[str, Iterable[str]] | None = None
) -> Graph:
    """The graph from ``start`` on. ``bodies`` are the handles by node whose nodes it runs itself.

    Raises ``GraphError``: for a cycle outside of bodies, for nodes in a body that are also reached
    from elsewhere, be it from another body of the same node, and for too many bodies within bodies.
    """
    return Compiling(edges, bodies or {}).graph(start)


class Compiling:
    """The same for several starts of one flow, whose bodies are looked into once."""

    def __init__(self, edges: Iterable[Edge], bodies: Mapping[str, Iterable[str]]) -> None:
        doors = [(node, handle) for node, handles in bodies.items() for handle in handles]
        leads: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            leads[edge.source].append(edge)
        self.leads: Mapping[str, Sequence[Edge]] = leads
        self.inside = {door: self._body(door) for door in doors}
        self.owner = self._owners()

    def graph(self, start: str) -> Graph:
        """As ``compiled``."""
        reached = self._reached([start], stop="")
        for node in sorted(reached):
            self._refuse_second_door(node)
        if (owner := self.owner.get(start, NONE)) != NONE:
            raise GraphError(_("The start of a flow cannot be in a loop."), owner[0])
        for node in sorted(reached):
            self._refuse_depth(node)
        regions = {
            door: self._region(door, [n for n in reached if self.owner.get(n, NONE) == door], start)
            for door in [NONE, *(door for door in self.inside if door[0] in reached)]
        }
        return Graph(regions.pop(NONE), regions)

    def _body(self, door: Door) -> set[str]:
        """All that hangs on ``door``, with the bodies in it."""
        return self._reached(self._behind(door), stop=door[0])

    def _behind(self, door: Door) -> list[str]:
        """The nodes that ``door`` leads to."""
        node, handle = door
        return [edge.target for edge in self.leads.get(node, ()) if edge.handle == handle]

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

    def _owners(self) -> dict[str, Door]:
        """By node, the innermost of the bodies that it is in."""
        outer_first = sorted(self.inside, key=lambda door: -len(self.inside[door]))
        return {node: door for door in outer_first for node in self.inside[door]}

    def _refuse_second_door(self, source: str) -> None:
        """Raise ``GraphError`` where ``source`` leads into a body, or out of one, elsewhere than
        through its door."""
        for edge in self.leads.get(source, ()):
            door = (source, edge.handle)
            within = door if door in self.inside else self.owner.get(source, NONE)
            into = self.owner.get(edge.target, NONE)
            if within != into and edge.target != within[0]:
                owner = (into if into != NONE else within)[0]
                words = _("%(node)s is run by %(owner)s, and reached from elsewhere too.")
                raise GraphError(words % {"node": edge.target, "owner": owner}, edge.target)

    def _refuse_depth(self, node: str) -> None:
        """Raise ``GraphError`` where ``node`` is in too many bodies."""
        door, depth = self.owner.get(node, NONE), 0
        while door != NONE:
            depth += 1
            if depth > DEEPEST_BODIES:
                words = _("At most %(most)d loops, or nodes like them, stand in one another.")
                raise GraphError(words % {"most": DEEPEST_BODIES}, node)
            door = self.owner.get(door[0], NONE)

    def _region(self, door: Door, nodes: Sequence[str], start: str) -> Region:
        members = set(nodes)
        leads = {node: tuple(self._within(node, members)) for node in nodes}
        entries = [start]
        if door != NONE:
            entries = [node for node in self._behind(door) if node != door[0]]
        needs = Counter(edge.target for each in leads.values() for edge in each)
        needs.update(entries)
        return Region(tuple(entries), self._places(nodes, leads), needs, leads)

    def _within(self, node: str, members: set[str]) -> Iterator[Edge]:
        """The edges from ``node`` in its region. Those to the node that runs it end a round."""
        for edge in self.leads.get(node, ()):
            if edge.target in members and (node, edge.handle) not in self.inside:
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
            words = _("The flow goes in a circle. Repeat nodes with a loop.")
            raise CircleError(words, min(cycle)) from None
