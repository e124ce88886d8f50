"""Wakes a worker up to pass on what happened. May be lost: the sweep finds the same rows."""

from __future__ import annotations

from common.waking import after_commit

TASK = "webhooks.tasks.pass_on"


def wake() -> None:
    """Once what was written so far is there for a worker."""
    after_commit(TASK)
