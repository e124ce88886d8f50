"""Recorded runs as clients are told of them: plain JSON, no longer than it can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chatflows.tracing import shown_in_part
from common.timestamps import rfc3339
from conversations.markdown import rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conversations.preview_runs import Record

LONGEST_LINE = 80


def listed(record: Record) -> dict[str, Any]:
    """A run in a list. ``replay_of`` names the run that was done again, and from which node."""
    again = record.get("replay_of")
    return {
        "id": record["id"],
        "at": rfc3339(datetime.fromtimestamp(record["at"], UTC)),
        "version": record["version"],
        "message": _told(record)[:LONGEST_LINE],
        "status": record["status"],
        "replay_of": {"label": again["node_id"], **again} if again else None,
    }


def whole(record: Record) -> dict[str, Any]:
    """A run with its steps, in the order of the log."""
    steps = sorted(record["steps"], key=lambda step: step["place"])
    return listed(record) | {
        "message": _told(record),
        "session_id": record["session_id"],
        "variables": record["variables"],
        "answer": record["answer"],
        "answer_html": rendered(record["answer"]),
        "error": record["error"] or None,
        "steps": [step_told(step) | {"shortened": bool(step.get("shortened"))} for step in steps],
    }


def _told(record: Record) -> str:
    """What began it: a message, or another occasion in words."""
    return str(record["message"] or (record["occasion"] or {}).get("told", ""))


def step_told(step: Mapping[str, Any]) -> dict[str, Any]:
    """A recorded step as it is told while it happens."""
    told = {name: value for name, value in step.items() if name != "effects"}
    output = None if step["output"] is None else shown_in_part(step["output"])
    return told | {"input": shown_in_part(step["input"]), "output": output}
