"""What workers do for channels. Every task may run twice, and may be lost: the sweep comes by."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from channels_deploy import connecting
from channels_deploy.answering import chats
from channels_deploy.answering.loop import answers


@shared_task
def connect(connection_id: str) -> None:
    """Connect, or withdraw, one connection."""
    again = connecting.attempt(UUID(connection_id))
    if again is not None:
        connecting.start(UUID(connection_id), after=again)


@shared_task
def talk(chat_id: str, owner: str) -> None:
    """Have a chat answered, which is not waited for."""
    answers.submit(UUID(chat_id), owner)


@shared_task
def sweep() -> None:
    """Start what a crash or a lost message left waiting."""
    connecting.sweep()
    chats.sweep()
