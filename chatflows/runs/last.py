"""What the nodes of a draft gave when they ran last, for whoever writes expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatflows.checking.texts import written_in
from chatflows.runs.digest import digest_of, outputs_in
from conversations import preview_runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.drawn import Drawing, DrawnNode


@dataclass(frozen=True)
class Last:
    """By node, its newest recorded output; and what every run knows, such as variables, by name, as
    the newest run left it. Both in brief."""

    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


def last_values(draft_id: str) -> Last:
    """What there was in the last runs. Reads Redis."""
    digest = digest_of(draft_id)
    return Last({node_id: each.output for node_id, each in digest.nodes.items()}, digest.given)


def read_by(drawing: Drawing, each: DrawnNode, draft_id: str) -> dict[str, Any]:
    """What the expressions of a node read, by its first name, as the newest run had it; the message
    as ``input``. What no run had is null."""
    names = {"input": None, **dict.fromkeys(_names(each))}
    nodes = digest_of(draft_id).nodes
    run_of = {name: nodes[name].run_id for name in names if name in nodes}
    newest = preview_runs.ids(draft_id)[:1]
    records = preview_runs.some(draft_id, dict.fromkeys([*newest, *run_of.values()]))
    by_id = {record["id"]: record for record in records}
    begun = by_id.get(next(iter(newest), ""), {})
    values: dict[str, Any] = dict(drawing.variables) | begun.get("variables", {})
    for name, run_id in run_of.items():
        values[name] = outputs_in(by_id.get(run_id, {})).get(name)
    values["input"] = begun.get("message", "")
    return {name: values.get(name) for name in names}


def _names(each: DrawnNode) -> list[str]:
    """The first names of the paths that a node reads, in their order."""
    return [
        reference.path[0]
        for written in written_in(each.node.settings, each.data)
        if written.fault() is None
        for reference in written.read()
    ]
