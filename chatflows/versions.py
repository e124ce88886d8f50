"""Versions of nodes: graphs that were written by an older version of the product, read in this one.

A node in a document has the ``version`` of its kind by which its ``data`` was written; without one
it is 1, the oldest. Releases stay as they were written, and are brought up to date wherever they
are read; a draft is stored anew node by node, as its nodes are written. What is newer than this
product knows, and what is no version, is left as it is, and refused by the schema. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows.nodes import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.node import Node

OLDEST = 1
TOO_NEW = "It was made by a newer version of PrivexBot than this server's."
NONE = "Its version is no whole number from 1 on, so its settings cannot be read."


def version_of(item: Mapping[str, Any]) -> int | None:
    """The version of a node in a document; None where that is no number of a version."""
    found = item.get("version", OLDEST)
    is_one = isinstance(found, int) and not isinstance(found, bool) and found >= OLDEST
    return found if is_one else None


def is_newer(item: Mapping[str, Any]) -> bool:
    """Whether a node was written by a newer version of the product."""
    node, version = _kind(item), version_of(item)
    return node is not None and version is not None and version > node.version


def fault_of(item: Mapping[str, Any]) -> str:
    """Why a node's settings cannot be read; empty where they can."""
    if version_of(item) is None:
        return NONE
    return TOO_NEW if is_newer(item) else ""


def upgraded(item: Mapping[str, Any]) -> dict[str, Any]:
    """A node with its settings as its kind has them today; one that is newer, or none at all, as
    it is."""
    node, version = _kind(item), version_of(item)
    if node is None or version is None or version > node.version:
        return dict(item)
    found = {**item, "version": node.version}
    if isinstance(data := item.get("data"), dict):
        found["data"] = _data(node, version, data)
    return found


def _data(node: Node[Any], version: int, data: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(data)
    for upgrade in node.upgrades[version - OLDEST :]:
        found = upgrade(found)
    return found


def upgraded_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """A whole document with its nodes as they are today."""
    nodes = document.get("nodes")
    if not isinstance(nodes, list):
        return dict(document)
    return {**document, "nodes": [upgraded(e) if isinstance(e, dict) else e for e in nodes]}


def written(patch: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """``patch`` of ``document`` with its nodes as they are stored today.

    Nodes in a list are a whole graph, which may come from anywhere: without a version they are of
    the oldest. Nodes by their ids are edits of what somebody sees now: without one they are of
    today's. An edit of a node that is stored in an older version brings all of it up to date.
    """
    nodes = patch.get("nodes")
    if isinstance(nodes, list):
        return upgraded_document(patch)
    if not isinstance(nodes, dict):
        return dict(patch)
    stored = {str(each.get("id")): each for each in document.get("nodes") or ()}
    edited = {
        key: _edit(each, stored.get(key, {})) if isinstance(each, dict) else each
        for key, each in nodes.items()
    }
    return {**patch, "nodes": edited}


def _edit(edit: dict[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """One node of a patch by ids, in today's version."""
    if edit.get("version", OLDEST) is None:
        edit = {name: value for name, value in edit.items() if name != "version"}
    whole = {"type": stored.get("type"), **edit}
    node = _kind(whole)
    if node is None or is_newer(whole) or version_of(whole) is None:
        return edit
    found = dict(edit)
    if "version" in edit and isinstance(edit.get("data"), dict):
        found["data"] = _data(node, edit["version"], edit["data"])
    is_new = stored.get("type") != node.kind
    if is_new or "version" in edit or _is_old(stored):
        found["version"] = node.version
    if is_new or not _is_old(stored) or not isinstance(found.get("data", {}), dict):
        return found
    before = stored.get("data") or {}
    after = _data(node, version_of(stored) or OLDEST, before)
    gone = dict.fromkeys(before.keys() - after.keys())
    return {**found, "data": {**gone, **after, **found.get("data", {})}}


def _is_old(item: Mapping[str, Any]) -> bool:
    node, version = _kind(item), version_of(item)
    return node is not None and version is not None and version < node.version


def _kind(item: Mapping[str, Any]) -> Node[Any] | None:
    return BY_KIND.get(str(item.get("type")))
