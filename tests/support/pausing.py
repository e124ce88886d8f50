"""Holding up a thread just before it sends the database a statement."""

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING, Any

from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

PATIENCE = 30.0
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Pause:
    """Before the first statement that begins with ``before``, once one with ``after`` was sent."""

    def __init__(self, before: str, after: str = "") -> None:
        self._before, self._after = before, after
        self.reached, self._end = Event(), Event()

    def run(self, call: Callable[[], Any]) -> Any:
        """Make the call, held up there, with database connections of its own."""
        try:
            with connection.execute_wrapper(self._send):
                return call()
        finally:
            connections.close_all()

    def end(self) -> None:
        self._end.set()

    def _send(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        text = str(sql).lstrip()
        is_after = not self._after
        if text.startswith(self._after):
            self._after = ""
        if is_after and text.startswith(self._before) and not self.reached.is_set():
            self.reached.set()
            assert self._end.wait(PATIENCE)
        return execute(sql, params, many, context)


def done_or_waiting(*calls: Future[Any]) -> None:
    """Return once each call has ended, or somebody waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    while not (all(call.done() for call in calls) or somebody_waits()):
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        (many,) = cursor.fetchone() or (0,)
        return bool(many)
