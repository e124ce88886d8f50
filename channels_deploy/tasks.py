"""What workers do for channels. Every task may run twice, and may be lost: the sweep comes by."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from channels_deploy import connecting


@shared_task
def connect(connection_id: str) -> None:
    """Connect, or withdraw, one connection."""
    again = connecting.attempt(UUID(connection_id))
    if again is not None:
        connecting.start(UUID(connection_id), after=again)


@shared_task
def sweep() -> None:
    """Start what a crash or a lost message left waiting."""
    connecting.sweep()
