"""A flow's document as somebody draws it: nodes and edges, complete or not.

The document of a draft may hold anything whose types are right, and one of the canvas not even that
for a moment; what cannot be read of it is not there. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from chatflows.executor.graph import MAIN, MOST_EDGES, MOST_NODES, Edge
from chatflows.executor.node import fitting
from chatflows.executor.places import item_model
from chatflows.nodes import BY_KIND
from chatflows.versions import fault_of, upgraded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from chatflows.executor.node import Node, Settings

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True)
class DrawnNode:
    """``settings`` has what could be read of ``data``, and defaults; ``faults`` is what is wrong
    with it, by setting."""

    id: str
    node: Node[Any]
    data: Mapping[str, Any]
    settings: Settings
    faults: Mapping[str, str]

    @property
    def sets(self) -> str:
        """The variable that it sets; empty where it sets none."""
        return str(getattr(self.settings, "variable", ""))


@dataclass(frozen=True)
class DrawnEdge:
    id: str
    edge: Edge


@dataclass(frozen=True)
class Drawing:
    """``nodes`` by id, in the order of the document."""

    nodes: Mapping[str, DrawnNode]
    edges: Sequence[DrawnEdge]
    variables: Mapping[str, Any]

    @property
    def is_too_large(self) -> bool:
        """Whether there is more in it than any flow may have."""
        return len(self.nodes) > MOST_NODES or len(self.edges) > MOST_EDGES

    def of_kind(self, kind: str) -> list[DrawnNode]:
        return [each for each in self.nodes.values() if each.node.kind == kind]


def drawing_of(document: Mapping[str, Any]) -> Drawing:
    """What ``document`` holds of a flow. Edges between nodes that are not there are none."""
    nodes = {each.id: each for each in _nodes(document)}
    edges = [
        each for each in _edges(document) if each.edge.source in nodes and each.edge.target in nodes
    ]
    variables = {
        str(item.get("name")): item.get("default") for item in items_of(document, "variables")
    }
    return Drawing(nodes, edges, variables)


def _nodes(document: Mapping[str, Any]) -> Iterator[DrawnNode]:
    for written in items_of(document, "nodes"):
        item = upgraded(written)
        if (node := BY_KIND.get(str(item.get("type")))) is not None:
            data = item.get("data")
            each = drawn_node(str(item.get("id", "")), node, data if isinstance(data, dict) else {})
            yield replace(each, faults={"version": fault}) if (fault := fault_of(item)) else each


def drawn_node(node_id: str, node: Node[Any], data: Mapping[str, Any]) -> DrawnNode:
    """The node of ``data``, complete or not."""
    shown = fitting(node.settings, data)
    try:
        return DrawnNode(node_id, node, data, node.settings.model_validate(shown), {})
    except ValidationError as error:
        faults = {".".join(map(str, each["loc"])): _words(each) for each in error.errors()}
        return DrawnNode(node_id, node, data, _readable(node.settings, shown), faults)


def fitting_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` without the settings of nodes that play no part beside the others: a draft keeps
    them for when they are shown again."""
    nodes = document.get("nodes")
    if not isinstance(nodes, list):
        return dict(document)
    return {**document, "nodes": [_fitting_node(each) for each in nodes]}


def _fitting_node(item: Any) -> Any:
    data = item.get("data") if isinstance(item, dict) else None
    node = BY_KIND.get(str(item.get("type"))) if isinstance(data, dict) else None
    return {**item, "data": fitting(node.settings, data)} if node and data else item


def _words(error: ErrorDetails) -> str:
    """What a validator of ours says, without what pydantic puts before it."""
    if error["type"] == "missing":
        return "It is required."
    return error["msg"].removeprefix("Value error, ")


def _edges(document: Mapping[str, Any]) -> Iterator[DrawnEdge]:
    for item in items_of(document, "edges"):
        yield DrawnEdge(str(item.get("id", "")), edge_of(item))


def edge_of(item: Mapping[str, Any]) -> Edge:
    """A connection as a document holds it."""
    handle = str(item.get("sourceHandle") or MAIN)
    return Edge(str(item.get("source", "")), str(item.get("target", "")), handle)


def items_of(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """What of a list can be read."""
    found = document.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _readable(schema: type[ModelT], data: Mapping[str, Any]) -> ModelT:
    """The settings, or the entry of a list, with each value that is fit by itself, and of a list
    the entries that are; of the others the default, or nothing."""
    values: dict[str, Any] = {}
    for name, info in schema.model_fields.items():
        try:
            values[name] = _adapter(schema, name).validate_python(data[name])
        except KeyError:
            if info.is_required():
                values[name] = _nothing(info)
        except ValidationError:
            if entries := _fit_entries(schema, name, data[name]):
                values[name] = entries
            elif info.is_required():
                values[name] = _nothing(info)
    return schema.model_construct(**values)


def _fit_entries(schema: type[BaseModel], name: str, value: Any) -> tuple[Any, ...]:
    """What of a list can be read, entry by entry."""
    if get_origin(schema.model_fields[name].annotation) is not tuple or not isinstance(value, list):
        return ()
    return tuple(fit for each in value for fit in _fit(schema, name, each))


def _fit(schema: type[BaseModel], name: str, entry: Any) -> tuple[Any, ...]:
    """A list of this entry alone, or an empty one. One that is a way on is there before it is
    whole."""
    adapter = _adapter(schema, name)
    try:
        return tuple(adapter.validate_python([entry]))
    except ValidationError:
        model = item_model(schema, name)
        if model is None or "id" not in model.model_fields or not isinstance(entry, dict):
            return ()
        found = _readable(model, entry)
        return (found,) if getattr(found, "id", "") else ()


@lru_cache(maxsize=1000)
def _adapter(schema: type[BaseModel], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(Any if (of := schema.model_fields[name].annotation) is None else of)


def _nothing(info: FieldInfo) -> Any:
    return () if get_origin(info.annotation) is tuple else ""
