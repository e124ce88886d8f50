"""Transactions that PostgreSQL ended because others waited for them and they for those."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")

logger = logging.getLogger(__name__)
ATTEMPTS = 5


def outlasting(act: Callable[[], Answer]) -> Answer:
    """What ``act``, a transaction, returns; carried out again where a deadlock ended it: whoever it
    waited for goes on meanwhile. Within another transaction, whose locks stay, it is not."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return act()
        except OperationalError as error:
            if not is_deadlock(error) or connection.in_atomic_block:
                raise
            logger.warning("A transaction is carried out again after a deadlock: %s", error)
    return act()


def is_deadlock(error: BaseException) -> bool:
    """Whether it was ended so that others could go on."""
    return isinstance(error.__cause__, DeadlockDetected)
