"""Celery's part in what is kept of conversations."""

from celery import shared_task

from conversations import retention


@shared_task(name="conversations.tasks.sweep")
def sweep() -> None:
    """Delete the conversations that their workspaces keep no longer."""
    retention.sweep()
