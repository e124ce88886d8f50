"""Names in expressions, changed where a variable or a node is called otherwise now. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chatflows.checking.texts import written_in
from chatflows.drawn import drawing_of
from chatflows.expressions import ExpressionError
from chatflows.nodes import BY_KIND
from common.names import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import BaseModel

    from chatflows.checking.texts import Written


def renamed_nodes(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What changes in the settings of nodes with the ``names`` of variables, new by old, as a merge
    patch of ``document``."""
    patch: dict[str, Any] = {}
    for each in drawing_of(document).nodes.values():
        data = _reading(each.node.settings, each.data, names)
        named = each.data.get("variable")
        if isinstance(named, str) and named in names:
            data["variable"] = names[named]
        if data:
            patch[each.id] = {"data": data}
    return {"nodes": patch} if patch else {}


def renamed_data(kind: str, data: dict[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a node of that kind, which reads nodes by other ``names``, new by old. What
    is no name of a node renames nothing."""
    node = BY_KIND.get(kind)
    fit = {
        old: new for old, new in names.items() if isinstance(new, str) and re.fullmatch(NAME, new)
    }
    return data | _reading(node.settings, data, fit) if node and fit else data


def renumbered(
    patch: dict[str, Any], document: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """A patch of ``document`` that makes nodes by other ``names``: their keys, where connections
    lead to them, and where settings read them."""
    kinds = {each.id: each.node.kind for each in drawing_of(document).nodes.values()}
    nodes: dict[str, Any] = {}
    for key, given in patch["nodes"].items():
        node = dict(given) if isinstance(given, dict) else given
        if isinstance(node, dict) and isinstance(node.get("data"), dict):
            kind = str(node.get("type") or kinds.get(key))
            node["data"] = renamed_data(kind, node["data"], names)
        nodes[names.get(key, key)] = node
    edges = {key: _leading(each, names) for key, each in (patch.get("edges") or {}).items()}
    return {**patch, "nodes": nodes, **({"edges": edges} if edges else {})}


def _leading(edge: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(edge, dict):
        return edge
    ends = [end for end in ("source", "target") if end in edge]
    return {**edge, **{end: names.get(str(edge[end]), edge[end]) for end in ends}}


def _reading(
    schema: type[BaseModel], data: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """What changes in ``data`` with the names that it reads."""
    found: dict[str, Any] = {}
    for written in written_in(schema, data):
        if (text := renamed(written, names)) != written.text:
            _put(found, data, written.place, text)
    return found


def renamed(written: Written, names: Mapping[str, str]) -> str:
    """The text with other names; one that cannot be read stays."""
    try:
        references = written.read()
    except ExpressionError:
        return written.text
    text = written.text
    for reference in sorted(references, key=lambda each: -each.column):
        name, start = reference.path[0], reference.column - 1
        if name in names and text.startswith(name, start):
            text = text[:start] + names[name] + text[start + len(name) :]
    return text


def _put(patch: dict[str, Any], data: Mapping[str, Any], place: Sequence[Any], text: str) -> None:
    """Set ``text`` at ``place``; a list on the way is given as a whole, with the item changed."""
    name, *rest = place
    if not rest:
        patch[name] = text
        return
    number, *inside = rest
    items = list(patch.get(name) or data[name])
    items[number] = dict(items[number])
    _put(items[number], items[number], inside, text)
    patch[name] = items
