"""Which nodes a run that is done again takes over from its record: all that came before the node
from which it is done again, and what ran beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.executor.events import ANEW
from chatflows.executor.graph import MAIN, GraphError
from chatflows.runs.given import reused, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatflows.executor.flow import Flow
    from chatflows.executor.graph import Graph, Region

    Step = Mapping[str, Any]

REUSABLE = frozenset({"ok", "handled", "reused"})


def run_with(
    node_id: str, steps: Sequence[Step], state: Mapping[str, Any]
) -> tuple[Sequence[Step], Mapping[str, Any]]:
    """Of the two runs of a turn, where one began anew, the last that came to the node: its steps,
    and the state that it began with. ``steps`` are all that are recorded, ``state`` is the turn's.
    """
    anew = [step for step in steps if step["place"][0] >= ANEW]
    before = [step for step in steps if step["place"][0] < ANEW]
    if all(step["node_id"] != node_id for step in anew):
        return before, state
    variables = dict(state.get("variables", {}))
    for step in before:
        variables |= (step.get("effects") or {}).get("remembered") or {}
    return anew, {"variables": variables}


class ReplayError(Exception):
    """A run cannot be done again from there; the message says why, for whoever builds."""


def taken_over(steps: Sequence[Step], flow: Flow, start: str, node_id: str) -> dict[str, Any]:
    """What nodes of ``flow`` are said to have given, by their ids, when the run of which ``steps``
    are recorded is done again from ``node_id`` on.

    Raises ``ReplayError``, also where too much of one of them was given to be kept. A node that
    another one runs in a body of its own, such as a loop, is done again with that one. Nodes that
    are left by other ways now run anew.
    """
    try:
        graph = flow.graph(start)
    except GraphError as error:
        raise ReplayError(str(error)) from None
    again = _again(graph, _in_main(graph, node_id))
    taken = [
        step
        for step in steps
        if _may_be_reused(step, flow, graph.main) and step["node_id"] not in again
    ]
    for step in taken:
        if any(each.get("shortened") for each in within(step, steps)):
            name = step["label"] or step["node_id"]
            words = _("%(name)s gave more than is kept of a run. Run again from there.")
            raise ReplayError(words % {"name": name})
    return {str(step["node_id"]): reused(step, steps) for step in taken}


def _in_main(graph: Graph, node_id: str) -> str:
    """The node itself, or the outermost of those that run it in a body of theirs."""
    owner = {node: door[0] for door, region in graph.bodies.items() for node in region.place}
    while node_id in owner:
        node_id = owner[node_id]
    if node_id not in graph.main.place:
        raise ReplayError(_("No run comes to this node any more."))
    return node_id


def _again(graph: Graph, node_id: str) -> set[str]:
    """The node and all that comes after it."""
    found, pending = {node_id}, [node_id]
    while pending:
        news = {edge.target for edge in graph.main.leads[pending.pop()]} - found
        found |= news
        pending += news
    return found


def _may_be_reused(step: Step, flow: Flow, main: Region) -> bool:
    each = flow.nodes.get(str(step["node_id"]))
    if each is None or len(step["place"]) > 1 or each.id not in main.place:
        return False
    if step["status"] not in REUSABLE:
        return False
    return step["handle"] in (MAIN, *each.node.all_handles(each.settings))
