"""What a change did to a flow, in a few words: what it added, removed, changed or moved.

A change may have done several of these; what people would name first is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatflows.drawn import drawing_of
from chatflows.naming import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chatflows.drawn import Drawing
    from chatflows.executor.graph import Edge

POSITION = "position"


def in_words(paths: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What became of the document ``before`` by a change at the dotted ``paths``; empty where none
    of it is drawn."""
    older, newer = drawing_of(before), drawing_of(after)
    nodes, edges = _touched("nodes", paths), _touched("edges", paths)
    settings = [key for key, parts in nodes.items() if parts != {POSITION}]
    added = [key for key in nodes if key not in older.nodes]
    removed = [key for key in nodes if key not in newer.nodes]
    sentences = (
        (_("added %(nodes)s"), _named(added, newer)),
        (_("removed %(nodes)s"), _named(removed, older)),
        (_("changed %(nodes)s"), _named(settings, newer)),
    )
    for sentence, named in sentences:
        if named:
            return sentence % {"nodes": named}
    if edges:
        return _connected(list(edges), older, newer)
    moved = _named(nodes, newer)
    return _("moved %(nodes)s") % {"nodes": moved} if moved else ""


def _touched(path: str, paths: Iterable[str]) -> dict[str, set[str]]:
    """The keys of the list at ``path``, with the parts of the items that changed."""
    found: dict[str, set[str]] = {}
    for each in paths:
        name, *rest = each.split(".")
        if name == path and rest:
            found.setdefault(rest[0], set()).add(rest[1] if len(rest) > 1 else "")
    return found


def _named(keys: Iterable[str], drawing: Drawing) -> str:
    """The first of the nodes, and how many more there are."""
    found = [drawing.nodes[key] for key in keys if key in drawing.nodes]
    if not found:
        return ""
    first, more = place_of(found[0]), len(found) - 1
    if not more:
        return first
    words = ngettext("%(first)s and %(more)d more", "%(first)s and %(more)d more", more)
    return words % {"first": first, "more": more}


def _connected(keys: list[str], older: Drawing, newer: Drawing) -> str:
    """What became of a connection, or that several were changed."""
    if len(keys) > 1:
        return _("changed connections")
    lines = [{each.id: each.edge for each in one.edges}.get(keys[0]) for one in (older, newer)]
    was, now = lines
    if now and not was:
        return _("connected %(source)s with %(target)s") % _ends(now, newer)
    if was and not now:
        return _("disconnected %(source)s from %(target)s") % _ends(was, older)
    return _("led %(source)s on to %(target)s") % _ends(now, newer) if now else ""


def _ends(edge: Edge, drawing: Drawing) -> dict[str, str]:
    nodes = drawing.nodes
    return {"source": place_of(nodes[edge.source]), "target": place_of(nodes[edge.target])}
