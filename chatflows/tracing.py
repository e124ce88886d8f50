"""Steps of a run as whoever builds is told of them: plain JSON, no longer than it can be read; and
as they are recorded, whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chatflows.executor.repeats import named
from chatflows.expressions.values import as_text
from chatflows.handles import label_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.events import StepFinished, StepStarted

# Characters of a text, items of a list and depth of what a step is told with.
LONGEST_TEXT, MOST_ITEMS, DEEPEST = 2000, 20, 6
# Of what a condition read.
LONGEST_READ = 200


def started(step: StepStarted) -> dict[str, Any]:
    return {
        "node_id": step.node_id,
        "type": step.kind,
        "label": _label(step),
        "place": list(step.place),
        "started_at": _milliseconds(step.started_at),
    }


def finished(step: StepFinished) -> dict[str, Any]:
    """``started_at`` and ``duration_ms`` are in milliseconds, the first since the run began."""
    told = _told(step)
    output = None if step.output is None else shown_in_part(step.output)
    return told | {"input": shown_in_part(step.input), "output": output}


def recorded(step: StepFinished) -> dict[str, Any]:
    """The same with nothing cut, and with what the node did besides (``given.effects_of``)."""
    effects = step.effects
    return _told(step) | {
        "effects": {
            "said": effects.said,
            "choices": effects.choices,
            "cards": effects.cards,
            "links": effects.links,
            "remembered": effects.remembered,
            "passages": [asdict(each) for each in effects.passages],
            "citable": effects.citable,
            "passed_on": effects.passed_on,
        }
    }


def _told(step: StepFinished) -> dict[str, Any]:
    return {
        "node_id": step.node_id,
        "type": step.kind,
        "label": _label(step),
        "place": list(step.place),
        "status": step.status,
        "started_at": _milliseconds(step.started_at),
        "duration_ms": _milliseconds(step.duration),
        "input": step.input,
        "output": step.output,
        "handle": step.handle,
        "way": _way(step),
        "error": step.error or None,
        "field": step.field or None,
        "column": step.column or None,
        "read": {path: brief(each) for path, each in list(step.read.items())[:MOST_ITEMS]},
        "tokens": step.usage.total_tokens,
    }


def brief(value: Any) -> Any:
    """``value`` as it stands in a sentence: the beginning of a text, an object or list as one."""
    text = as_text(shown_in_part(value)) if isinstance(value, (dict, list, tuple)) else value
    if not isinstance(text, str) or len(text) <= LONGEST_READ:
        return text
    return f"{text[:LONGEST_READ]}…"


def _label(step: StepStarted | StepFinished) -> str:
    """What the node is called, with the time that it was of what is run again and again."""
    if not step.repeats:
        return step.label
    return named(step.label or step.node_id, step.repeats)


def _way(step: StepFinished) -> str:
    """What people call the handle that the node was left by; empty where it has only one."""
    return label_of(step.each, step.handle) if step.each and step.handle else step.handle


def shown_in_part(value: Any, depth: int = 0) -> Any:
    """``value`` with what is long in it cut."""
    match value:
        case str():
            return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"
        case dict() if depth < DEEPEST:
            return _object_in_part(value, depth)
        case list() | tuple() if depth < DEEPEST:
            rest = len(value) - MOST_ITEMS
            found = [shown_in_part(each, depth + 1) for each in value[:MOST_ITEMS]]
            return [*found, f"… {rest} more"] if rest > 0 else found
        case dict() | list() | tuple():
            return "…"
    return value


def _object_in_part(value: Mapping[str, Any], depth: int) -> dict[str, Any]:
    members = list(value.items())[: 5 * MOST_ITEMS]
    return {str(name): shown_in_part(each, depth + 1) for name, each in members}


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
