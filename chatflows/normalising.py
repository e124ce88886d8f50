"""The shapes in which clients write graphs, brought to the one in which they are stored. Pure.

Nodes and edges are React Flow's. Accepted besides: what React Flow keeps of the look of things,
settings in ``data.config``, other names of some kinds, branches by label (True, False) or by the
condition's ``true_branch`` and ``false_branch``, variables as an object of defaults, further starts
that do not say what they begin with, and a JSON schema as an object in the place of its text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from chatflows.nodes.trigger import GIVES, Trigger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

KINDS = {"kb": "knowledge_base", "http_request": "http", "input": "collect_input"}
# What a canvas knows of a node or an edge and a flow does not.
VIEW_OF_NODE = frozenset(
    {"measured", "width", "height", "selected", "dragging", "positionAbsolute", "zIndex"}
    | {"sourcePosition", "targetPosition", "style", "className", "draggable", "selectable"}
    | {"connectable", "deletable", "hidden", "parentId", "extent", "expandParent", "origin"}
)
VIEW_OF_EDGE = frozenset(
    {"type", "animated", "style", "className", "label", "labelStyle", "selected", "data"}
    | {"markerStart", "markerEnd", "targetHandle", "zIndex", "hidden", "interactionWidth"}
    | {"deletable", "selectable", "reconnectable", "focusable", "pathOptions"}
)
# From one node to the next below it.
APART = 160
TRIGGER, BEGINNINGS = Trigger.kind, tuple(GIVES)
# By settings of a model's node the choice that they are for.
IMPLIED = {"messages": ("prompt_type", "messages"), "output_schema": ("output_type", "schema")}
BRANCHES = {"true_branch": "true", "false_branch": "false"}


def normalised(patch: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """``patch`` of ``document`` with its nodes, edges and variables as they are stored."""
    found = dict(patch)
    branches: list[dict[str, str]] = []
    if "nodes" in found:
        found["nodes"] = _items(found["nodes"], lambda node: _node(node, branches))
    if "edges" in found:
        found["edges"] = _items(found["edges"], _edge)
    if isinstance(found.get("variables"), dict):
        found["variables"] = {
            name: value if value is None or isinstance(value, dict) else {"default": value}
            for name, value in found["variables"].items()
        }
    _place_nodes(found, document)
    _tell_starts_apart(found.get("nodes"), document)
    if branches:
        _add_edges(found, document, branches)
    _drop_edges(found, document)
    return found


def _place_nodes(patch: dict[str, Any], document: Mapping[str, Any]) -> None:
    """A node that comes alone, without a place, stands below those that there are."""
    there = {str(node.get("id")): node.get("position") for node in _values(document.get("nodes"))}
    places = [each for each in there.values() if isinstance(each, dict)]
    nodes = patch.get("nodes")
    if not places or not isinstance(nodes, dict):
        return
    left = min(_number(each.get("x")) for each in places)
    down = max(_number(each.get("y")) for each in places)
    for key, node in nodes.items():
        is_new = isinstance(node, dict) and "type" in node and key not in there
        if is_new and "position" not in node:
            down += APART
            node["position"] = {"x": left, "y": down}


def _number(value: Any) -> float:
    return value if isinstance(value, (int, float)) else 0


def _tell_starts_apart(nodes: Any, document: Mapping[str, Any]) -> None:
    """A start that is added beside others begins with what none of them does."""
    before = [node for node in _values(document.get("nodes")) if node.get("type") == TRIGGER]
    ids, used = {node.get("id") for node in before}, {_begins_with(node) for node in before}
    added = list(nodes.items()) if isinstance(nodes, dict) else []
    for key, node in added:
        if not isinstance(node, dict) or node.get("type") != TRIGGER or key in ids:
            continue
        data = node.setdefault("data", {})
        free = next((kind for kind in BEGINNINGS if kind not in used), "")
        if used and free and isinstance(data, dict):
            data.setdefault("trigger_type", free)
        used.add(_begins_with(node))


def _begins_with(node: Mapping[str, Any]) -> str:
    data = node.get("data")
    return str((data.get("trigger_type") if isinstance(data, dict) else "") or BEGINNINGS[0])


def _drop_edges(patch: dict[str, Any], document: Mapping[str, Any]) -> None:
    """With a node go its connections."""
    nodes, edges = patch.get("nodes"), patch.get("edges")
    gone = {key for key, each in nodes.items() if each is None} if isinstance(nodes, dict) else ()
    if not gone or not isinstance(edges, dict | None):
        return
    for edge in _values(document.get("edges")):
        if edge.get("source") in gone or edge.get("target") in gone:
            patch["edges"] = {str(edge.get("id")): None, **(patch.get("edges") or {})}


def _items(given: Any, change: Any) -> Any:
    """A list, or an object by key, with each item changed that is an object."""
    if isinstance(given, list):
        return [change(each) if isinstance(each, dict) else each for each in given]
    if isinstance(given, dict):
        return {
            key: _without_id(change({"id": key, **each})) if isinstance(each, dict) else each
            for key, each in given.items()
        }
    return given


def _without_id(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "id"}


def _node(node: dict[str, Any], branches: list[dict[str, str]]) -> dict[str, Any]:
    found = {name: value for name, value in node.items() if name not in VIEW_OF_NODE}
    if isinstance(kind := found.get("type"), str):
        found["type"] = KINDS.get(kind, kind)
    if isinstance(data := found.get("data"), dict):
        found["data"] = _data(str(found.get("id", "")), data, branches)
        if "type" in found:
            _choose(found["data"])
    return found


def _choose(data: dict[str, Any]) -> None:
    """What a new node's settings imply and do not say: which of two ways they are written for."""
    for name, (setting, value) in IMPLIED.items():
        if data.get(name):
            data.setdefault(setting, value)


def _data(node_id: str, data: dict[str, Any], branches: list[dict[str, str]]) -> dict[str, Any]:
    """Settings stand flat in ``data``; where a condition leads to is what its edges say."""
    config = data.get("config")
    flat = {name: value for name, value in data.items() if name != "config"}
    if isinstance(config, dict):
        flat |= config
    if isinstance(schema := flat.get("output_schema"), dict):
        flat["output_schema"] = orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode()
    for name, handle in BRANCHES.items():
        target = flat.pop(name, None)
        if isinstance(target, str) and target:
            branches.append({"source": node_id, "sourceHandle": handle, "target": target})
    return flat


def _edge(edge: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in edge.items() if name not in VIEW_OF_EDGE}
    label = str(edge.get("label") or "").strip().lower()
    if not found.get("sourceHandle") and label in {"true", "false"}:
        found["sourceHandle"] = label
    if "sourceHandle" in found and found["sourceHandle"] is None:
        found["sourceHandle"] = ""
    return found


def _add_edges(
    patch: dict[str, Any], document: Mapping[str, Any], branches: Iterable[Mapping[str, str]]
) -> None:
    """Edges for the branches that conditions name, as far as there are none by these handles and
    the nodes that they lead to are there."""
    nodes = {*_keys(document.get("nodes")), *_keys(patch.get("nodes"))}
    edges = patch.setdefault("edges", {})
    taken = {_way(edge) for edge in (*_values(document.get("edges")), *_values(edges))}
    for branch in branches:
        if _way(branch) in taken or branch["target"] not in nodes:
            continue
        key = f"{branch['source']}_{branch['sourceHandle']}"
        if isinstance(edges, list):
            edges.append({"id": key, **branch})
        elif isinstance(edges, dict):
            edges[key] = dict(branch)
    if not edges and not document.get("edges"):
        del patch["edges"]


def _keys(items: Any) -> Iterator[str]:
    if isinstance(items, dict):
        yield from items
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict):
            yield str(item.get("id"))


def _values(items: Any) -> Iterator[Mapping[str, Any]]:
    found = items.values() if isinstance(items, dict) else items
    for item in found if isinstance(items, dict | list) else ():
        if isinstance(item, dict):
            yield item


def _way(edge: Mapping[str, Any]) -> tuple[str, str]:
    return str(edge.get("source")), str(edge.get("sourceHandle"))
