"""A flow as a list: a row for each node, with where its ways lead. For whoever uses no canvas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.canvas import names_in, problems_of
from chatflows.handles import handles_of, label_of
from chatflows.naming import kind_of, name_of, names_of
from chatflows.summary import summary_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chatflows.drawn import DrawnEdge, DrawnNode
    from chatflows.forms.workflow import WorkflowForm
    from drafts.builder.frame import Frame
    from drafts.forms.parts import Item
    from drafts.issue import Issue


@dataclass(frozen=True)
class ListedEdge:
    """A connection in the row of the node that it begins at. ``name`` tells it from all others;
    ``item`` has its fields, while it is edited."""

    id: str
    way: str
    target: str
    name: str
    url: str
    problem: str
    item: Item | None


@dataclass(frozen=True)
class ListedNode:
    """``kind`` is empty where the name says it. ``item`` has the node's fields, while it is edited.
    ``ways`` are by what it can be left, and ``targets`` what it can be connected to, each as
    ``(id, name)``, and ``fresh`` what can be made for it to be connected to: for that one alone."""

    id: str
    name: str
    kind: str
    summary: str
    url: str
    problems: list[dict[str, str]]
    edges: list[ListedEdge]
    item: Item | None
    ways: list[tuple[str, str]]
    targets: list[tuple[str, str]]
    fresh: list[tuple[str, str]]


class Listing:
    """The rows of one flow, as the page ``frame`` shows them. With ``only``, of these nodes."""

    def __init__(self, form: WorkflowForm, frame: Frame) -> None:
        self.form, self.frame, self.drawing = form, frame, form.drawing
        self._problems = problems_of(frame.issues)
        self._at_edges = _at_edges(frame.issues)
        self._names = names_in(frame.opened)
        self._leaving: defaultdict[str, list[DrawnEdge]] = defaultdict(list)
        for edge in self.drawing.edges:
            self._leaving[edge.edge.source].append(edge)

    def rows(self, only: Collection[str] | None = None) -> Iterator[ListedNode]:
        for each in self.drawing.nodes.values():
            if only is None or each.id in only:
                yield self._row(each)

    def near(self) -> set[str]:
        """The node that is edited, or at whose connection somebody is, and those beside it."""
        _list, _dot, rest = self.frame.opened.focus.partition(".")
        key = rest.partition(".")[0]
        ends = [(each.edge.source, each.edge.target, each.id) for each in self.drawing.edges]
        return {key}.union(*(end[:2] for end in ends if key in end))

    def loose(self) -> Iterator[ListedEdge]:
        """Connections one end of which is no node."""
        drawn = {each.id for each in self.drawing.edges}
        for key in self.form.keys_of("edges"):
            if key not in drawn:
                yield self._edge(key, "", _("Connection without an end"))

    def _row(self, each: DrawnNode) -> ListedNode:
        item = self._item("nodes", each.id)
        ways = [(one["id"], one["label"] or _("Onwards")) for one in handles_of(each)]
        return ListedNode(
            each.id,
            name_of(each),
            kind_of(each) if each.settings.label else "",
            summary_of(each, self._names),
            self._url("nodes", each.id),
            self._problems.get(each.id, []),
            [self._leading(each, edge) for edge in self._leaving[each.id]],
            item,
            ways,
            list(self._targets(each.id)) if item else [],
            list(self.form.makeable()) if item else [],
        )

    def _leading(self, each: DrawnNode, edge: DrawnEdge) -> ListedEdge:
        target = self.drawing.nodes[edge.edge.target]
        way = label_of(each, edge.edge.handle)
        ends = (_apart(each), way, _apart(target))
        name = " → ".join(end for end in ends if end)
        return self._edge(edge.id, way, name_of(target), name)

    def _edge(self, key: str, way: str, target: str, name: str = "") -> ListedEdge:
        problem, item = self._at_edges.get(key, ""), self._item("edges", key)
        return ListedEdge(key, way, target, name, self._url("edges", key), problem, item)

    def _targets(self, source: str) -> Iterator[tuple[str, str]]:
        names = names_of(self.drawing.nodes.values())
        for each in self.drawing.nodes.values():
            if each.node.has_input and each.id != source:
                yield each.id, names[each.id]

    def _item(self, path: str, key: str) -> Item | None:
        """The item with its fields, if it is the one that is open."""
        focus = f"{self.frame.opened.focus}."
        if not focus.startswith(f"{path}.{key}."):
            return None
        return next(item for item in self.form.item_list(path).items if item.key == key)

    def _url(self, path: str, key: str) -> str:
        return f"?view=list&focus={path}.{key}"


def _apart(each: DrawnNode) -> str:
    """What a node is called, told from others that somebody called the same."""
    return f"{name_of(each)} ({each.id})" if each.settings.label else name_of(each)


def _at_edges(issues: Iterable[Issue]) -> Mapping[str, str]:
    found: dict[str, Any] = {}
    for issue in issues:
        top, _dot, rest = issue.path.partition(".")
        if top == "edges" and rest:
            found.setdefault(rest.partition(".")[0], str(issue.message))
    return found
