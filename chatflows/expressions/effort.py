"""How long expressions may work: while one is worked out, nothing else goes on in the process.

Told by the processor's clock, which stands still while others have it: the same however busy the
machine is.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import thread_time
from typing import TYPE_CHECKING

from chatflows.expressions.errors import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterator

_until: ContextVar[float] = ContextVar("until", default=inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What is worked out inside may take so long, all together."""
    token = _until.set(thread_time() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def check() -> None:
    """Raises ``ExpressionError`` once the time is over. Asked before each piece of work that can
    be large."""
    if thread_time() > _until.get():
        raise ExpressionError("This takes too long to work out.")
