"""What the nodes of a draft gave when they ran last, for whoever writes expressions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatflows.checking.texts import written_in
from conversations import preview, preview_runs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatflows.drawn import Drawing, DrawnNode
    from conversations.preview_runs import Record


@dataclass(frozen=True)
class Last:
    """By node, its newest recorded output; and what every run knows, such as variables, by name, as
    the newest run left it."""

    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


def last_values(draft_id: str) -> Last:
    """What there was in the last runs. Reads Redis."""
    runs = preview_runs.kept(draft_id)
    return Last(_newest_outputs(runs), _left_by(runs[0])) if runs else Last()


def _left_by(run: Record) -> dict[str, Any]:
    """The message and the variables at the end of a run."""
    kept = (run["state"] or {}).get("variables") or {}
    known: dict[str, Any] = {**run["variables"], **kept}
    for step in run["steps"]:
        known |= (step.get("effects") or {}).get("remembered") or {}
    return known | {"input": run["message"], "channel": preview.CHANNEL}


def _newest_outputs(runs: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """``runs`` are the newest first."""
    found: dict[str, dict[str, Any]] = {}
    for record in reversed(runs):
        for step in record["steps"]:
            if step["output"] is not None and not step.get("shortened"):
                found[step["node_id"]] = step["output"]
    return found


def read_by(drawing: Drawing, each: DrawnNode, draft_id: str) -> dict[str, Any]:
    """What the expressions of a node read, by its first name, as the newest run had it; the message
    as ``input``. What no run had is null."""
    runs = preview_runs.kept(draft_id)
    newest = runs[0] if runs else {}
    values: dict[str, Any] = dict(drawing.variables) | newest.get("variables", {})
    values |= _newest_outputs(runs) | {"input": newest.get("message", "")}
    names = {"input": None, **dict.fromkeys(_names(each))}
    return {name: values.get(name) for name in names}


def _names(each: DrawnNode) -> list[str]:
    """The first names of the paths that a node reads, in their order."""
    return [
        reference.path[0]
        for written in written_in(each.node.settings, each.data)
        if written.fault() is None
        for reference in written.read()
    ]
