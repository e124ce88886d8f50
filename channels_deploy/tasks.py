"""What workers do for channels. Every task may run twice, and may be lost: the sweep comes by."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from celery import shared_task

from channels_deploy import connecting, examining
from channels_deploy.answering import promises, sweeping
from channels_deploy.answering.loop import answers
from common.problems import Problem


@shared_task
def connect(connection_id: str) -> None:
    """Connect, or withdraw, one connection."""
    again = connecting.attempt(UUID(connection_id))
    if again is not None:
        connecting.start(UUID(connection_id), after=again)


@shared_task
def answer() -> None:
    """Have what waits in chats answered, which is not waited for."""
    answers.look()


@shared_task
def sweep() -> None:
    """Start what a crash or a lost message left waiting, and tell who waits in vain."""
    connecting.sweep()
    promises.tell()
    sweeping.sweep()


@shared_task
def examine(connection_id: str) -> None:
    """Look at one connection, unless it is gone or somebody is looking at it."""
    with suppress(Problem):
        examining.examine(UUID(connection_id))


@shared_task
def examine_due() -> None:
    """Have those connections looked at whose hour is over."""
    examining.sweep()
