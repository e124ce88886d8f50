"""Rows for coroutines."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from asgiref.sync import sync_to_async

from common.database import give_back

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


def on_rows(function: Callable[..., T]) -> Callable[..., Awaitable[T]]:
    """``function`` for coroutines: it has a database connection for as long as it takes."""

    @wraps(function)
    def called(*args: Any, **more: Any) -> T:
        try:
            return function(*args, **more)
        finally:
            give_back()

    return sync_to_async(called)
