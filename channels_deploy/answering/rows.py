"""Rows for coroutines.

All chats of a worker have one thread for them, and with it one database connection, which is given
back when a chat is left: fetching and checking one for each statement would cost as much as it.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError

from common.database import give_back

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


def on_rows(function: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """``function`` for coroutines. A connection that failed is not used again."""

    @wraps(function)
    def called(*args: Any, **more: Any) -> T:
        try:
            return function(*args, **more)
        except DatabaseError:
            give_back()
            raise

    return sync_to_async(called)
