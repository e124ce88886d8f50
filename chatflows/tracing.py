"""Steps of a run as whoever builds is told of them: plain JSON, no longer than it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.events import StepFinished, StepStarted

# Characters of a text, items of a list and depth of what a step is told with.
LONGEST_TEXT, MOST_ITEMS, DEEPEST = 2000, 20, 6


def started(step: StepStarted) -> dict[str, Any]:
    return {
        "node_id": step.node_id,
        "type": step.kind,
        "label": step.label,
        "place": list(step.place),
        "started_at": _milliseconds(step.started_at),
    }


def finished(step: StepFinished) -> dict[str, Any]:
    """``started_at`` and ``duration_ms`` are in milliseconds, the first since the run began."""
    return {
        "node_id": step.node_id,
        "type": step.kind,
        "label": step.label,
        "place": list(step.place),
        "status": step.status,
        "started_at": _milliseconds(step.started_at),
        "duration_ms": _milliseconds(step.duration),
        "input": shortened(step.input),
        "output": None if step.output is None else shortened(step.output),
        "handle": step.handle,
        "error": step.error or None,
        "tokens": step.usage.total_tokens,
    }


def shortened(value: Any, depth: int = 0) -> Any:
    """``value`` with what is long in it cut."""
    match value:
        case str():
            return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"
        case dict() if depth < DEEPEST:
            return _shortened_object(value, depth)
        case list() | tuple() if depth < DEEPEST:
            rest = len(value) - MOST_ITEMS
            found = [shortened(each, depth + 1) for each in value[:MOST_ITEMS]]
            return [*found, f"… {rest} more"] if rest > 0 else found
        case dict() | list() | tuple():
            return "…"
    return value


def _shortened_object(value: Mapping[str, Any], depth: int) -> dict[str, Any]:
    members = list(value.items())[: 5 * MOST_ITEMS]
    return {str(name): shortened(each, depth + 1) for name, each in members}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
