"""Waiting without a database connection: whoever waits long leaves it to others."""

from django.db import connection


def give_back() -> None:
    """Let others have this thread's connection; the next query gets one again. Within a transaction
    it stays, with what has been written so far."""
    if not connection.in_atomic_block:
        connection.close()
