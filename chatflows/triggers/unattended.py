"""Runs a live flow to where it ends, where nobody watches it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from asgiref.sync import sync_to_async

from common.problems import Problem
from conversations import live
from conversations.streaming import whole

if TYPE_CHECKING:
    from conversations.live import Asked, PassedOn, Prepared
    from drafts.models import Entity


@dataclass(frozen=True)
class Ran:
    """``answer`` is what whoever started the run may be told, ``problem`` why there is none.
    ``error`` is the fault in words for the workspace; empty where it went well. ``began``: the run
    did something, or may have."""

    answer: dict[str, Any] | None = None
    problem: Problem | None = None
    error: str = ""
    began: bool = True


async def run(entity: Entity, asked: Asked) -> Ran:
    """Never raises ``Problem``."""
    try:
        prepared = await sync_to_async(live.prepare)(entity, replace(asked, follow_ups=False))
    except Problem as problem:
        return Ran(problem=problem, error=problem.detail, began=False)
    try:
        done = await whole(prepared.frames())
    except Problem as problem:
        return Ran(problem=problem, error=prepared.outcome.error or problem.detail)
    return Ran(_answer(prepared, done))


def _answer(prepared: Prepared | PassedOn, done: dict[str, Any]) -> dict[str, Any]:
    """``data`` is what was said as JSON, where it is an object or a list."""
    is_waiting = done["handoff"] or "frame" in (prepared.outcome.state or {})
    return {
        "status": "waiting" if is_waiting else "done",
        "output": done["message"],
        "data": _data(done["message"]),
        "choices": done["follow_ups"],
        "citations": done["citations"],
        "session_id": done["session_id"],
        "message_id": done["message_id"],
    }


def _data(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
