"""A run that is told frame by frame, as one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.problems import invalid
from conversations.streaming import problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from common.problems import Problem
    from conversations.answering import Frame


async def gathered(frames: AsyncIterator[Frame]) -> dict[str, Any]:
    """The run as one answer: what it said and what each node did, however it ended.

    Raises ``Problem`` where nothing ran, or for a fault of ours.
    """
    log: list[dict[str, Any]] = []
    said: list[str] = []
    last: Frame | None = None
    async for frame in frames:
        if frame.event == "node_finished":
            log.append(frame.data)
        elif frame.event == "token":
            said.append(frame.data["text"])
        last = frame
    log.sort(key=lambda step: step["place"])
    if last is None or (last.event != "done" and (not log or last.data["code"] == "internal")):
        raise _fault(last.data if last else {}, "".join(said))
    return {
        "output": last.data.get("message", "") if last.event == "done" else "".join(said),
        "session_id": last.data.get("session_id"),
        "execution_log": log,
        "execution_time_ms": round(max((_end(step) for step in log), default=0), 1),
        "error": None if last.event == "done" else last.data["message"],
        "citations": last.data.get("citations", []),
        "choices": last.data.get("follow_ups", []),
        "cards": last.data.get("cards", []),
        "links": last.data.get("links", []),
        "handoff": last.data.get("handoff", False),
    }


def _fault(error: dict[str, Any], said: str) -> Problem:
    """A flow that cannot begin is well-formed, and not valid."""
    if error.get("code") == "not-configured":
        return invalid(error["message"])
    return problem(error, said)


def _end(step: dict[str, Any]) -> float:
    return float(step["started_at"] + step["duration_ms"])
