"""What changed of a flow's nodes and connections, in the words of its canvas and forms."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatflows.drawn import DrawnNode, drawn_node, edge_of, items_of
from chatflows.executor.places import setting_of
from chatflows.handles import label_of
from chatflows.naming import places_of
from chatflows.nodes import BY_KIND
from chatflows.setting_words import told_settings, values_in_words
from chatflows.versions import upgraded
from drafts.deploying.planning import PlannedChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chatflows.executor.graph import Edge
    from chatflows.executor.node import Node, Settings
    from drafts.deploying.planning import Between

    Names = Mapping[str, str]

# The lists of a document that are told here.
LISTS = frozenset({"nodes", "edges"})


def flow_changes(between: Between, names: Callable[[], Names] | None) -> list[PlannedChange]:
    """What came, went and changed, each once; what only stands elsewhere in one line.

    ``names`` gives those of knowledge bases, credentials and chatflows by their ids, and is asked
    only where something changed; without it nothing is said of values.
    """
    if all(between.before.get(name) == between.after.get(name) for name in LISTS):
        return []
    changes = _Changes(_Side(between.before), _Side(between.after), names)
    return [*changes.nodes(), *changes.connections(), *changes.moves()]


def flow_change(between: Between) -> str:
    """The first of them in a sentence, and how many more there are; empty where there is none."""
    first, *others = flow_changes(between, None) or (None,)
    if first is None:
        return ""
    words = first.sentence or _("Changed %(named)s") % {"named": first.label}
    if not others:
        return words
    told = ngettext("%(words)s and %(count)d more", "%(words)s and %(count)d more", len(others))
    return told % {"words": words, "count": len(others)}


def unseen_changes(changes: Iterable[PlannedChange], between: Between) -> list[PlannedChange]:
    """Changes of settings that say the same in words as before, such as a row in which nothing is
    written yet: by what their form calls them."""
    side, found = _Side(between.after), {}
    for change in changes:
        key, name = [*change.path.split("."), "", "", "", ""][1:4:2]
        kind = _kind(side.nodes[key]) if key in side.nodes else None
        if kind and name in kind.settings.model_fields:
            found[key, name] = side.setting(key, kind.settings, name)
    return [
        PlannedChange(f"nodes.{key}.data.{name}", None, None, label=label)
        for (key, name), label in found.items()
    ]


class _Side:
    """One of the two documents; what most changes need nothing of is read only when asked for."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.nodes = {str(e.get("id")): e for e in items_of(document, "nodes") if _kind(e)}
        edges = {edge_of(e): str(e.get("id")) for e in items_of(document, "edges")}
        # One that leads nowhere yet is nothing to tell of.
        self.edges = {
            e: id_ for e, id_ in edges.items() if {e.source, e.target} <= self.nodes.keys()
        }

    def drawn(self, node_id: str) -> DrawnNode:
        item = upgraded(self.nodes[node_id])
        return drawn_node(node_id, BY_KIND[item["type"]], _data(item))

    def place(self, node_id: str) -> str:
        """What a node is called, with its kind."""
        return self._places[node_id]

    def setting(self, node_id: str, schema: type[Settings], name: str) -> str:
        """What one of a node's settings is called, after the node."""
        words = {"node": self.place(node_id), "setting": setting_of(schema, name)}
        return _("%(node)s: %(setting)s") % words

    @cached_property
    def _places(self) -> dict[str, str]:
        """Of nodes of which only what they are called is read."""
        return places_of(
            [
                DrawnNode(key, node, {}, node.settings.model_construct(label=_label(item)), {})
                for key, item in self.nodes.items()
                if (node := _kind(item))
            ]
        )

    def way(self, edge: Edge) -> str:
        """Where a connection begins: ``Condition condition1 (True)``."""
        place, label = self.place(edge.source), label_of(self.drawn(edge.source), edge.handle)
        return f"{place} ({label})" if label else place


class _Changes:
    def __init__(self, before: _Side, after: _Side, names: Callable[[], Names] | None) -> None:
        self.before, self.after, self._names_of = before, after, names
        self.stayed = {
            key
            for key in before.nodes.keys() & after.nodes.keys()
            if before.nodes[key]["type"] == after.nodes[key]["type"]
        }

    @cached_property
    def differing(self) -> set[str]:
        """Those that stayed, but not as they were."""
        old, new = self.before.nodes, self.after.nodes
        return {key for key in self.stayed if old[key] != new[key]}

    def nodes(self) -> Iterator[PlannedChange]:
        for key in self.after.nodes:
            if key not in self.stayed:
                sentence = _("Added %(node)s") % {"node": self.after.place(key)}
                settings = self._settings(self.after, key)
                yield PlannedChange(f"nodes.{key}", None, settings, sentence=sentence)
            elif key in self.differing:
                yield from self._changed(key)
        for key in self.before.nodes:
            if key not in self.stayed:
                sentence = _("Removed %(node)s") % {"node": self.before.place(key)}
                settings = self._settings(self.before, key)
                yield PlannedChange(f"nodes.{key}", settings, None, sentence=sentence)

    def connections(self) -> Iterator[PlannedChange]:
        """Those of a node that went went with it."""
        old, new = self.before.edges, self.after.edges
        for edge in new:
            if edge not in old:
                yield self._connection(self.after, edge, _("Connected %(source)s to %(target)s"))
        for edge in old:
            if edge not in new and {edge.source, edge.target} <= self.stayed:
                words = _("Disconnected %(source)s from %(target)s")
                yield self._connection(self.before, edge, words)

    def moves(self) -> Iterator[PlannedChange]:
        """In one line: they change nothing of what the flow does."""
        moved = [
            key
            for key in self.after.nodes
            if key in self.differing
            and _spot(self.before.nodes[key]) != _spot(self.after.nodes[key])
        ]
        if len(moved) == 1:
            sentence = _("Moved %(node)s") % {"node": self.after.place(moved[0])}
            yield PlannedChange(f"nodes.{moved[0]}.position", None, None, sentence=sentence)
        elif moved:
            words = ngettext("Moved %(count)d node", "Moved %(count)d nodes", len(moved))
            yield PlannedChange("nodes", None, None, sentence=words % {"count": len(moved)})

    def _changed(self, key: str) -> Iterator[PlannedChange]:
        """The settings of a node that was there before, each by what its form calls it."""
        sides = self.before.drawn(key), self.after.drawn(key)
        schema = sides[1].node.settings
        old, new = (values_in_words(schema, each.data) for each in sides)
        shown, coming = (values_in_words(schema, each.data, self._names) for each in sides)
        for name in schema.model_fields:
            if (old[name] or "") == (new[name] or ""):
                continue
            label = self.after.setting(key, schema, name)
            path = f"nodes.{key}.data.{name}"
            yield PlannedChange(path, shown[name], coming[name], label=label)

    def _settings(self, side: _Side, key: str) -> str | None:
        if self._names_of is None:
            return None
        each = side.drawn(key)
        return told_settings(each.node.settings, each.data, self._names)

    @cached_property
    def _names(self) -> Names | None:
        return self._names_of() if self._names_of else None

    @staticmethod
    def _connection(side: _Side, edge: Edge, words: str) -> PlannedChange:
        told = {"source": side.way(edge), "target": side.place(edge.target)}
        return PlannedChange(f"edges.{side.edges[edge]}", None, None, sentence=words % told)


def _kind(item: Mapping[str, Any]) -> Node[Any] | None:
    return BY_KIND.get(str(item.get("type")))


def _data(item: Mapping[str, Any]) -> dict[str, Any]:
    data = item.get("data")
    return data if isinstance(data, dict) else {}


def _label(item: Mapping[str, Any]) -> str:
    return str(_data(item).get("label") or "")


def _spot(item: Mapping[str, Any]) -> tuple[int, ...]:
    """Where a node stands, in pixels."""
    position = item.get("position") or {}
    return tuple(round(position.get(axis) or 0) for axis in ("x", "y"))
