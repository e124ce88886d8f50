"""Where a flow ends without a word to somebody who waits for one: in a chat after each message, and
for the caller of a webhook that answers with what was said.

A node is quiet where a run can go on from it to its end and nothing is said: by one of its ways, of
which all that hangs on it is quiet too. So one pass from the ends to the starts tells of each node.
What a node runs itself, such as what a loop repeats, may not run at all, and does not count.
"""

from __future__ import annotations

from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.checking.problem import at_node
from chatflows.executor.places import setting_of
from chatflows.nodes.trigger import WEBHOOK
from chatflows.starts import chat_starts, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chatflows.checking.problem import Problem
    from chatflows.checking.reach import Reach
    from chatflows.drawn import Drawing, DrawnNode


def silence(drawing: Drawing, reach: Reach) -> Iterator[Problem]:
    """The nodes at which a run ends in silence, each once."""
    ways = _Ways(drawing)
    in_chat = {each.id: each for each in ways.ends(_turns(drawing, reach))}
    for each in in_chat.values():
        words = _(
            "The flow ends here and nothing has been said: who comes to it hears no answer. "
            "%(remedy)s"
        )
        yield at_node("warning", each.id, words % {"remedy": _remedy(drawing, reach, each)})
    for each in ways.ends(_calls(drawing, reach)):
        if each.id not in in_chat:
            words = _(
                "The flow ends here and nothing has been said: the caller of the webhook gets an "
                "empty answer. %(remedy)s Or let the webhook answer at once."
            )
            yield at_node("warning", each.id, words % {"remedy": _remedy(drawing, reach, each)})


def silent_ends(drawing: Drawing, reach: Reach) -> frozenset[str]:
    """The ids of those nodes."""
    return frozenset(each.node_id for each in silence(drawing, reach) if each.node_id)


def speaks(each: DrawnNode) -> bool:
    """Whether it says something to whoever chats."""
    return each.node.speaks(each.settings)


def _turns(drawing: Drawing, reach: Reach) -> Iterator[str]:
    """The nodes from which a run goes on with a message of the chat: the start, and those that have
    asked, or in whose rounds others have. Of a chat in which nothing is said at all another problem
    tells."""
    chats = [each for each in chat_starts(drawing)[:1] if _leads_to_words(drawing, reach, each)]
    yield from (each.id for each in chats)
    for each in (drawing.nodes[id_] for chat in chats for id_ in reach.after(chat.id)):
        if each.node.asks and not each.node.passes_on:
            around = [owner for owner, _handle in reach.around(each.id)] or [each.id]
            yield from (id_ for id_ in around if not reach.around(id_))


def _calls(drawing: Drawing, reach: Reach) -> Iterator[str]:
    """The webhook whose caller waits for what is said. Where nothing ever is, what it does may
    be all that it is for."""
    for each in drawing.of_kind("trigger"):
        settings = settings_of(each)
        waits = settings.trigger_type == WEBHOOK and settings.respond == "answer"
        if waits and _leads_to_words(drawing, reach, each):
            yield each.id


def _leads_to_words(drawing: Drawing, reach: Reach, start: DrawnNode) -> bool:
    return any(speaks(drawing.nodes[id_]) for id_ in reach.after(start.id))


def _remedy(drawing: Drawing, reach: Reach, each: DrawnNode) -> str:
    inside = [drawing.nodes[id_] for id_ in reach.inside(each.id)] if each.node.repeats else []
    if any(map(speaks, inside)) and not any(other.node.asks for other in inside):
        return _("What it repeats may run no time at all. Add a response after it.")
    if each.node.speaks(each.settings.model_copy(update={"streams": True})):
        words = _("Add a response after it, or turn on “%(setting)s”.")
        return words % {"setting": setting_of(each.node.settings, "streams")}
    return _("Add a response after it.")


class _Ways:
    """What the nodes of a drawing can be left by without failing to lead somewhere: of branches
    that should and do not, other problems tell."""

    def __init__(self, drawing: Drawing) -> None:
        self._nodes = drawing.nodes
        leads: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for one in drawing.edges:
            leads[one.edge.source, one.edge.handle].append(one.edge.target)
        self._leads: dict[str, list[list[str]]] = {}
        self._may_end: set[str] = set()
        for each in drawing.nodes.values():
            bodies = each.node.bodies(each.settings)
            ways = [way for way in each.node.all_handles(each.settings) if way not in bodies]
            found = [(way, leads.get((each.id, way), [])) for way in ways]
            self._leads[each.id] = [targets for _way, targets in found if targets]
            if any(way in each.node.endings and not targets for way, targets in found):
                self._may_end.add(each.id)
        self._quiet: set[str] = set()
        for node_id in self._ends_first():
            if not speaks(self._nodes[node_id]) and self._can_go_quietly(node_id):
                self._quiet.add(node_id)

    def ends(self, begun: Iterable[str]) -> list[DrawnNode]:
        """Where a run may end in silence that goes on from one of ``begun``."""
        reached = set(begun)
        pending = list(reached)
        while pending:
            for targets in self._leads[pending.pop()]:
                if self._quiet.issuperset(targets):
                    pending += set(targets) - reached
                    reached.update(targets)
        found = (each for id_, each in self._nodes.items() if id_ in reached & self._may_end)
        return [each for each in found if each.node.has_input and not each.node.asks]

    def _can_go_quietly(self, node_id: str) -> bool:
        ways = self._leads[node_id]
        return node_id in self._may_end or any(map(self._quiet.issuperset, ways))

    def _ends_first(self) -> list[str]:
        """The nodes, each after all to which it leads; none where they go in a circle."""
        leads = {id_: {t for way in ways for t in way} for id_, ways in self._leads.items()}
        try:
            return list(TopologicalSorter(leads).static_order())
        except CycleError:
            return []
