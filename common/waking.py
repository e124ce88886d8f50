"""Tells workers that there is something to do. May be lost, or come to nothing while the broker is
away: what is to be done stands in rows, which a sweep finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction

if TYPE_CHECKING:
    from uuid import UUID


def after_commit(task: str, *arguments: UUID | str) -> None:
    """Hand ``task`` to a worker once what was written so far is there for it."""

    def send() -> None:
        current_app.send_task(task, tuple(map(str, arguments)), retry=False)

    transaction.on_commit(send, robust=True)
