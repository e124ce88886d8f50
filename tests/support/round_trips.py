"""Counts how often the draft store and the database are asked something."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.connection import AbstractConnection

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class RoundTrips:
    """What is sent to Redis together, as a pipeline is, counts once. ``asked`` says what it was."""

    store: int = 0
    database: int = 0
    asked: list[str] = field(default_factory=list, compare=False)


@contextmanager
def round_trips() -> Iterator[RoundTrips]:
    """How many there were in the block, once it is over."""
    found = RoundTrips()
    send: Any = AbstractConnection.send_packed_command

    def counted(self: AbstractConnection, command: Any, *args: Any, **kwargs: Any) -> Any:
        words = b"".join([command] if isinstance(command, bytes) else command).split(b"\r\n")
        name = words[2].decode()
        # Whether a connection that was idle for long is still there is no question to the store.
        if name != "PING":
            found.store += 1
            found.asked.append(name)
        return send(self, command, *args, **kwargs)

    sent = patch.object(AbstractConnection, "send_packed_command", counted)
    with sent, CaptureQueriesContext(connection) as queries:
        yield found
    found.database = len(queries)
