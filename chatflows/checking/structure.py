"""What is wrong with how the nodes of a drawing hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from chatflows.checking.asking import asking
from chatflows.checking.problem import Problem, at_node
from chatflows.checking.silence import silence, speaks
from chatflows.executor.graph import CircleError, Compiling, GraphError
from chatflows.handles import label_of
from chatflows.naming import name_of
from chatflows.nodes.trigger import CHAT
from chatflows.starts import begins_with, chat_starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.checking.reach import Reach
    from chatflows.drawn import Drawing, DrawnNode


def structure(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """Errors first, then warnings."""
    yield from _ends(drawing, reach)
    yield from _walkable(drawing, reach)
    yield from _names(drawing)
    yield from asking(drawing, reach)
    for each in drawing.nodes.values():
        yield from _ways_on(drawing, reach, each)
    yield from _strange_edges(drawing)
    yield from _alone(drawing, reach)
    yield from _idle_starts(drawing, reach)
    yield from silence(drawing, reach)


def _ends(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """A flow begins somewhere, and whoever chats is told something."""
    triggers = drawing.of_kind("trigger")
    if not triggers:
        yield Problem("error", "nodes", _("Add a start: nothing begins the flow."))
        return
    kinds = [begins_with(each) for each in triggers]
    for number, each in enumerate(triggers):
        if kinds[number] in kinds[:number]:
            words = _("There are two starts of this kind. Remove one of them.")
            yield at_node("error", each.id, words, "trigger_type")
    for chat in chat_starts(drawing)[:1]:
        yield from _says_something(drawing, reach, chat)


def _says_something(drawing: Drawing, reach: Reach, chat: DrawnNode) -> Iterator[Problem]:
    """Of what is started otherwise, what it does may be all that it is for."""
    speaking = [each for each in drawing.nodes.values() if speaks(each)]
    if not speaking:
        yield Problem("error", "nodes", _("Add a response: the flow says nothing."))
    elif not any(each.id in reach.after(chat.id) or _is_lost(each, reach) for each in speaking):
        words = _("No response follows this start. Connect one, or remove the start.")
        yield at_node("error", chat.id, words)


def _is_lost(each: DrawnNode, reach: Reach) -> bool:
    """Whether it is a response that no run ever comes to."""
    return each.node.kind == "response" and each.id not in reach.started


def _walkable(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """No circles but those of loops, and no way into what a node runs but through it; circles not
    even where no run comes."""
    bodies = {each.id: each.node.bodies(each.settings) for each in drawing.nodes.values()}
    compiling = Compiling((each.edge for each in drawing.edges), bodies)
    for start in [*(e.id for e in drawing.of_kind("trigger")), *_lost_starts(drawing, reach)]:
        try:
            compiling.graph(start)
        except GraphError as error:
            if isinstance(error, CircleError) or start in reach.started:
                yield at_node("error", error.node_id, str(error))


def _lost_starts(drawing: Drawing, reach: Reach) -> Iterator[str]:
    """Nodes from which one comes to all those that no run comes to: of a circle any of them."""
    lost = [each for each in drawing.nodes if each not in reach.started]
    entries = [each for each in lost if not reach.before(each)]
    covered: set[str] = set()
    for each in [*entries, *lost]:
        if each not in covered and not reach.around(each):
            covered |= {each, *reach.after(each)}
            yield each


def _names(drawing: Drawing) -> Iterator[Problem]:
    """A name means one thing."""
    for node_id in drawing.nodes:
        if node_id in drawing.variables:
            words = _("A variable is called %(name)s too. Rename it: a name means one thing.")
            yield Problem("error", f"variables.{node_id}.name", words % {"name": node_id})


def _ways_on(drawing: Drawing, reach: Reach, each: DrawnNode) -> Iterator[Problem]:
    """Each branch leads somewhere; one that a node falls back to at least where whoever chats
    would hear nothing else."""
    if each.id not in reach.started:
        return
    leading = {one.edge.handle for one in drawing.edges if one.edge.source == each.id}
    for handle in each.node.all_handles(each.settings):
        severity = "" if handle in leading else _missing(drawing, reach, each, handle)
        if severity == "error":
            words = _("The branch “%(name)s” leads nowhere. Connect it.")
            yield at_node("error", each.id, words % {"name": label_of(each, handle) or handle})
        elif severity == "warning":
            words = _("The branch “%(name)s” leads nowhere: who comes to it hears no answer.")
            yield at_node("warning", each.id, words % {"name": label_of(each, handle) or handle})


def _missing(
    drawing: Drawing, reach: Reach, each: DrawnNode, handle: str
) -> Literal["error", "warning", ""]:
    """How bad it is that nothing hangs on a handle."""
    if handle in each.node.endings:
        return ""
    if handle not in each.node.fallbacks:
        return "error"
    only_ends_a_round = bool(reach.around(each.id))
    if only_ends_a_round or not _is_chatted_with(drawing, reach, each):
        return ""
    if each.node.asks:
        return "warning"
    return "warning" if _may_have_spoken(drawing, reach, each) else "error"


def _is_chatted_with(drawing: Drawing, reach: Reach, each: DrawnNode) -> bool:
    """Whether somebody who chats waits for an answer when a run comes to it."""
    return any(each.id in reach.after(chat.id) for chat in chat_starts(drawing))


def _may_have_spoken(drawing: Drawing, reach: Reach, each: DrawnNode) -> bool:
    """Whether something is said in the same turn before a run comes to it, or beside it."""
    others = reach.in_the_same_turn(each.id) - reach.after(each.id)
    return any(speaks(drawing.nodes[other]) for other in others)


def _strange_edges(drawing: Drawing) -> Iterator[Problem]:
    """Edges begin at what their node can be left by, and lead to what can be entered."""
    for each in drawing.edges:
        source, target = drawing.nodes[each.edge.source], drawing.nodes[each.edge.target]
        path = f"edges.{each.id}"
        if each.edge.handle not in source.node.all_handles(source.settings):
            words = _("A connection of %(name)s begins at a branch that is gone. Remove it.")
            yield Problem("error", path, words % {"name": name_of(source)}, source.id)
        if source is target and each.edge.handle in source.node.bodies(source.settings):
            words = _("A branch of %(name)s leads straight back to it, and so runs nothing.")
            yield Problem("warning", path, words % {"name": name_of(source)}, source.id)
        if not target.node.has_input:
            words = _("Nothing can lead to %(name)s. Remove the connection.")
            yield Problem("error", path, words % {"name": name_of(target)}, target.id)


def _alone(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    for each in drawing.nodes.values():
        if each.id in reach.started or not each.node.has_input:
            continue
        if _is_lost(each, reach):
            words = _("No run comes to this response. Connect it with what comes before.")
            yield at_node("error", each.id, words)
            continue
        words = _("No run comes to this node. Connect it, or remove it.")
        yield at_node("warning", each.id, words)


def _idle_starts(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """Starts that do nothing, and of which nothing else tells."""
    for trigger in drawing.of_kind("trigger"):
        if begins_with(trigger) != CHAT and not reach.after(trigger.id):
            yield at_node("warning", trigger.id, _("This start leads nowhere. Connect it."))
