"""What can come before and after what in a drawing."""

from __future__ import annotations

from collections import defaultdict, deque
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatflows.drawn import Drawing


class Reach:
    """Answers for one drawing, each worked out once."""

    def __init__(self, drawing: Drawing) -> None:
        self._after: Mapping[str, set[str]] = _steps(
            (each.edge.source, each.edge.target) for each in drawing.edges
        )
        self._before: Mapping[str, set[str]] = _steps(
            (each.edge.target, each.edge.source) for each in drawing.edges
        )
        self._drawing = drawing
        self._starts = [each.id for each in drawing.of_kind("trigger")]
        self._known: dict[str, frozenset[str]] = {}
        self._known_after: dict[str, frozenset[str]] = {}

    @cached_property
    def started(self) -> frozenset[str]:
        """All that a run can come to."""
        return frozenset(self._starts) | _reached(self._starts, self._after)

    def after(self, node_id: str) -> frozenset[str]:
        """The nodes that a run can come to after ``node_id``."""
        if node_id not in self._known_after:
            self._known_after[node_id] = _reached([node_id], self._after)
        return self._known_after[node_id]

    def before(self, node_id: str) -> frozenset[str]:
        """The nodes that can have run when a run comes to ``node_id``; itself too, if a loop
        repeats it."""
        if node_id not in self._known:
            self._known[node_id] = _reached([node_id], self._before)
        return self._known[node_id]

    def nearest_before(self, node_id: str) -> list[str]:
        """The same in the order of how few steps lead to ``node_id``."""
        found: dict[str, None] = {}
        pending = deque([node_id])
        while pending:
            for each in sorted(self._before.get(pending.popleft(), ())):
                if each not in found:
                    found[each] = None
                    pending.append(each)
        return list(found)

    def in_the_same_turn(self, node_id: str) -> frozenset[str]:
        """The nodes that can have run before ``node_id`` or beside it since a message came: a node
        that asks is the end of one turn, and the beginning of the next."""
        asking = {id_ for id_, each in self._drawing.nodes.items() if each.node.asks}
        found: set[str] = set()
        began: set[str] = set()
        pending = [node_id]
        while pending:
            before = self._before.get(pending.pop(), set()) - found
            began |= before & asking
            found |= before
            pending += before - asking
        beside = _reached(found, self._after, stop=node_id)
        return frozenset(found | beside) - began - {node_id}

    def around(self, node_id: str) -> frozenset[tuple[str, str]]:
        """The bodies that a node is in: each by the node that runs it, and the handle."""
        return self._doors.get(node_id, frozenset())

    def inside(self, node_id: str) -> frozenset[str]:
        """The nodes that a node runs in its bodies."""
        bodies = (found for (owner, _handle), found in self._bodies.items() if owner == node_id)
        return frozenset[str]().union(*bodies)

    @cached_property
    def _bodies(self) -> Mapping[tuple[str, str], frozenset[str]]:
        entries: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self._drawing.edges:
            entries[one.edge.source, one.edge.handle].append(one.edge.target)
        doors = [
            (each.id, handle)
            for each in self._drawing.nodes.values()
            for handle in each.node.bodies(each.settings)
        ]
        return {
            door: frozenset(entries[door]) | _reached(entries[door], self._after, stop=door[0])
            for door in doors
        }

    @cached_property
    def _doors(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """The other way round: by each node, the bodies that it is in."""
        found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for door, inside in self._bodies.items():
            for node_id in inside:
                found[node_id].add(door)
        return {node_id: frozenset(doors) for node_id, doors in found.items()}

    def touched(self, node_id: str) -> bool:
        """Whether any edge leads to it or from it."""
        return bool(self._after.get(node_id) or self._before.get(node_id))


def _steps(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in pairs:
        found[source].add(target)
    return found


def _reached(
    starts: Iterable[str], steps: Mapping[str, set[str]], *, stop: str = ""
) -> frozenset[str]:
    """All that can be reached from ``starts`` in one step or more, without coming to ``stop``."""
    found: set[str] = set()
    pending = list(starts)
    while pending:
        news = steps.get(pending.pop(), set()) - found - {stop}
        found |= news
        pending += news
    return frozenset(found)
