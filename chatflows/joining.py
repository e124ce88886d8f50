"""Two people put a node into one connection at once: both come into the flow, one after the other.

Whoever draws it makes the connection lead to the node, and a new one lead from there to where it
led before. The second of two finds that it leads elsewhere by now, so that is where the node leads
on to: what was put in meanwhile stays between it and the old end. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Line(NamedTuple):
    """Where a connection leads from, by which way on, and to."""

    source: str
    handle: str
    target: str


def joined(
    patch: dict[str, Any],
    document: Mapping[str, Any],
    before: Callable[[], Mapping[str, Any] | None],
) -> tuple[dict[str, Any], frozenset[str]]:
    """``patch`` with such nodes leading on to where their connections lead in ``document``, and the
    dotted paths of these connections. ``before`` gives the document that it was drawn on, None
    where that is not kept."""
    posted, there = _lines(patch.get("edges")), _lines(document.get("edges"))
    onwards = {line.source: key for key, line in posted.items() if key not in there}
    moved = {
        key: line
        for key, line in posted.items()
        if key in there and line.target in onwards and there[key].target != line.target
    }
    drawn_on = _lines((before() or {}).get("edges")) if moved else {}
    edges, found = dict(patch.get("edges") or {}), set()
    for key, line in moved.items():
        on = onwards[line.target]
        is_put_in = drawn_on.get(key) == line._replace(target=posted[on].target)
        if is_put_in and drawn_on[key] != there[key]:
            edges[key] = {"target": line.target}
            edges[on] = {**edges[on], "target": there[key].target}
            found.add(f"edges.{key}")
    return ({**patch, "edges": edges} if found else patch), frozenset(found)


def _lines(edges: Any) -> dict[str, Line]:
    """The connections by their ids, of a list or an object; what is no connection is left out."""
    items = edges.items() if isinstance(edges, dict) else ((e.get("id"), e) for e in edges or ())
    return {
        str(key): Line(
            str(edge["source"]), str(edge.get("sourceHandle") or ""), str(edge["target"])
        )
        for key, edge in items
        if isinstance(edge, dict) and edge.get("source") and edge.get("target")
    }
