"""Tells workers that there is something to do. May be lost, or come to nothing while the broker is
away: what is to be done stands in rows, which a sweep finds."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from uuid import UUID

# Milliseconds for which a call is believed to be on its way to whoever has not heard it.
ON_ITS_WAY = 1000


def after_commit(task: str, *arguments: UUID | str) -> None:
    """Hand ``task`` to a worker once what was written so far is there for it."""

    def send() -> None:
        current_app.send_task(task, tuple(map(str, arguments)), retry=False)

    transaction.on_commit(send, robust=True)


def call_after_commit(task: str) -> None:
    """As ``after_commit``, for a task that looks for all there is to do: while one call is on its
    way to a worker, no other is sent."""

    def send() -> None:
        if get_redis_connection("drafts").set(_on_its_way(task), 1, nx=True, px=ON_ITS_WAY):
            current_app.send_task(task, retry=False)

    transaction.on_commit(send, robust=True)


def heard(task: str) -> None:
    """To be said before looking: what is there from now on calls anew."""
    with suppress(RedisError):  # then it is forgotten soon
        get_redis_connection("drafts").delete(_on_its_way(task))


def _on_its_way(task: str) -> str:
    return f"called:{task}"
