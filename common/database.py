"""Waiting without a database connection: whoever waits long leaves it to others."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import close_old_connections, connection

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class ReturningExecutor(ThreadPoolExecutor):
    """Threads that give the database connection back after every call."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(_and_return, fn, *args, **kwargs)


def _and_return(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


def give_back() -> None:
    """Let others have this thread's connection; the next query gets one again. Within a transaction
    it stays, with what has been written so far."""
    if not connection.in_atomic_block:
        connection.close()
