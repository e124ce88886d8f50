"""A flow as the canvas draws it: plain data for its script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants.kinds import talking
from chatflows import starts
from chatflows.checking.expressions import faults_of
from chatflows.checking.reach import Reach
from chatflows.drawn import drawing_of, drawn_node
from chatflows.handles import handles_of
from chatflows.kinds import BY_NAME, KINDS
from chatflows.named import named_for
from chatflows.nodes import BY_KIND
from chatflows.summary import on_card
from conversations.preview_pins import pinned_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chatflows.drawn import DrawnNode
    from chatflows.kinds import Kind
    from drafts.builder.opened import Opened
    from drafts.issue import Issue


def canvas_data(opened: Opened, issues: Iterable[Issue]) -> dict[str, Any]:
    """All that the canvas has to know when the step is shown."""
    drawing = drawing_of(opened.draft.data)
    names, pinned = names_in(opened), pinned_in(opened.draft.id)
    positions = _positions(opened.draft.data)
    return {
        "editable": opened.actor.is_editor,
        "version": opened.draft.version,
        "nodes": [
            _described(each, names, pinned)
            | {
                "id": each.id,
                "type": each.node.kind,
                "position": positions.get(each.id, {"x": 0, "y": 0}),
                "has_input": each.node.has_input,
                "repeats": each.node.repeats,
            }
            for each in drawing.nodes.values()
        ],
        "edges": [
            {
                "id": each.id,
                "source": each.edge.source,
                "target": each.edge.target,
                "sourceHandle": each.edge.handle,
            }
            for each in drawing.edges
        ],
        "kinds": [_kind(kind) for kind in KINDS],
        "problems": problems_of(issues),
    }


def canvas_state(opened: Opened, issues: Iterable[Issue]) -> dict[str, Any]:
    """What changes with the settings of nodes: how they are called, left, and what is wrong."""
    names, pinned = names_in(opened), pinned_in(opened.draft.id)
    nodes = drawing_of(opened.draft.data).nodes.values()
    return {
        "starts": list(starts.starts_in(opened.draft.data)),
        "nodes": {each.id: _described(each, names, pinned) for each in nodes},
        "problems": problems_of(issues),
        "faults": faults_in(opened, issues),
    }


def faults_in(opened: Opened, issues: Iterable[Issue]) -> dict[str, list[dict[str, Any]]]:
    """Where in their texts the expressions of nodes are at fault, by node."""
    blocked = {each.node_id: None for each in issues if each.node_id and each.severity == "error"}
    drawing = drawing_of(opened.draft.data)
    found: dict[str, list[dict[str, Any]]] = {}
    for each in faults_of(drawing, Reach(drawing), filter(None, blocked)):
        told = {"path": each.path, "column": each.column, "message": each.message}
        found.setdefault(str(each.node_id), []).append(told)
    return found


def column_in(opened: Opened, issues: Iterable[Issue]) -> int:
    """Where in its text the problem is to which the page's address leads, from 1; 0: nowhere."""
    told = [str(each.message) for each in issues if each.path == opened.focus]
    number = int(opened.at) if opened.at.isdecimal() else 0
    message = told[number] if number < len(told) else ""
    faults = [fault for found in faults_in(opened, issues).values() for fault in found]
    return next((each["column"] for each in faults if each["message"] == message), 0)


def problems_of(issues: Iterable[Issue]) -> dict[str, list[dict[str, str]]]:
    """What is wrong with each node."""
    found: dict[str, list[dict[str, str]]] = {}
    for issue in issues:
        if issue.node_id:
            told = {
                "severity": issue.severity,
                "message": str(issue.message),
                "path": issue.path,
            }
            found.setdefault(issue.node_id, []).append(told)
    return found


def _described(
    each: DrawnNode, names: Mapping[str, str], pinned: Collection[str]
) -> dict[str, Any]:
    kind = BY_NAME[each.node.kind]
    told = {
        "label": each.settings.label or str(kind.label),
        "summary": on_card(each, names),
        "handles": handles_of(each),
        "data": dict(each.data),
        "pinned": each.id in pinned,
    }
    if each.node.kind == "trigger":
        told["next"] = starts.next_runs(starts.settings_of(each))
    return told


def _kind(kind: Kind) -> dict[str, Any]:
    node = BY_KIND[kind.name]
    return {
        "kind": kind.name,
        "label": str(kind.label),
        "group": str(kind.group),
        "icon": kind.icon,
        "tone": kind.tone,
        "help": str(kind.help),
        "words": str(kind.words),
        "handles": handles_of(drawn_node(kind.name, node, {})),
        "has_input": node.has_input,
        "repeats": node.repeats,
        "most": kind.most,
    }


def names_in(opened: Opened) -> dict[str, str]:
    """What is called otherwise than by its id: knowledge bases, and chatflows."""
    return named_for(opened.actor, talking(opened.draft_type))


def _positions(document: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    return {
        str(item.get("id")): {
            axis: round((item.get("position") or {}).get(axis) or 0) for axis in ("x", "y")
        }
        for item in document.get("nodes") or ()
    }
