"""Calls that are made at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

from django.db import connections

from common.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each returned, or the status of the ``Problem`` that it raised. Each has a thread and
    database connections of its own."""
    start = Barrier(len(calls))

    def made(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except Problem as problem:
            return problem.status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(made, calls))
