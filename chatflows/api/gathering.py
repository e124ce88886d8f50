"""A run that is told frame by frame, as one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conversations.streaming import problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conversations.answering import Frame


async def gathered(frames: AsyncIterator[Frame]) -> dict[str, Any]:
    """The run as one answer; raises ``Problem`` where it ended with a fault that no node had."""
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
    has_failed = any(step["status"] == "failed" for step in log)
    if last is None or (last.event != "done" and not has_failed):
        raise problem(last.data if last else {}, "".join(said))
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


def _end(step: dict[str, Any]) -> float:
    return float(step["started_at"] + step["duration_ms"])
