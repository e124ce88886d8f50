"""What nodes are said to have given, as plain JSON: ``{"status", "output", "handle", "effects"}``,
and where that is known ``error`` and ``read``, by which they were left so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows.executor.effects import Effects, Given
from chatflows.executor.graph import MAIN
from conversations.turn import Passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def given_in(written: Mapping[str, Mapping[str, Any]]) -> dict[str, Given]:
    """By node, what a run is not to ask it for."""
    return {node_id: _given(each) for node_id, each in written.items()}


def pinned(
    output: Mapping[str, Any], handle: str = MAIN, effects: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """An output that somebody wrote, or chose to keep with what the node did besides."""
    return {
        "status": "pinned",
        "output": dict(output),
        "handle": handle,
        "effects": dict(effects or {}),
    }


def reused(step: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The output of one of the recorded ``steps``, with what was done besides, and why."""
    return {
        "status": "reused",
        "output": step["output"] or {},
        "handle": step["handle"],
        "effects": effects_of(step, steps),
        "error": step.get("error"),
        "read": step.get("read"),
    }


def effects_of(step: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What one of the recorded ``steps`` did besides its output, with all within it."""
    found = within(step, steps)
    inside = {
        each["node_id"]: each["output"]
        for each in found
        if each["node_id"] != step["node_id"] and each["output"] is not None
    }
    return _together([each.get("effects") or {} for each in found]) | {"inside": inside}


def within(step: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The step with all that its node ran itself, such as what a loop repeated, in the order in
    which they ended."""
    place = step["place"]
    return [each for each in steps if each["place"][: len(place)] == place]


def _together(effects: list[Mapping[str, Any]]) -> dict[str, Any]:
    remembered: dict[str, Any] = {}
    for each in effects:
        remembered |= each.get("remembered") or {}
    return {
        "said": [text for each in effects for text in each.get("said") or ()],
        "choices": next((c for e in reversed(effects) if (c := e.get("choices"))), ()),
        "cards": [card for each in effects for card in each.get("cards") or ()],
        "links": [link for each in effects for link in each.get("links") or ()],
        "remembered": remembered,
        "passages": [passage for each in effects for passage in each.get("passages") or ()],
        "citable": [number for each in effects for number in each.get("citable") or ()],
        "passed_on": any(each.get("passed_on") for each in effects),
    }


def _given(written: Mapping[str, Any]) -> Given:
    effects = written.get("effects") or {}
    return Given(
        written["status"],
        written["output"],
        written["handle"],
        Effects(
            list(effects.get("said") or ()),
            tuple(effects.get("choices") or ()),
            tuple(effects.get("cards") or ()),
            tuple(effects.get("links") or ()),
            dict(effects.get("remembered") or {}),
            tuple(Passage(**each) for each in effects.get("passages") or ()),
            tuple(effects.get("citable") or ()),
            dict(effects.get("inside") or {}),
            bool(effects.get("passed_on")),
        ),
        written.get("error") or "",
        written.get("read") or {},
    )
