"""Counts how often the draft store and the database are asked something."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.connection import AbstractConnection

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class RoundTrips:
    """What is sent to Redis together, as a pipeline is, counts once."""

    store: int = 0
    database: int = 0


@contextmanager
def round_trips() -> Iterator[RoundTrips]:
    """How many there were in the block, once it is over."""
    found = RoundTrips()
    send: Any = AbstractConnection.send_packed_command

    def counted(self: AbstractConnection, *args: Any, **kwargs: Any) -> Any:
        found.store += 1
        return send(self, *args, **kwargs)

    sent = patch.object(AbstractConnection, "send_packed_command", counted)
    with sent, CaptureQueriesContext(connection) as queries:
        yield found
    found.database = len(queries)
