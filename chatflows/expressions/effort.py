"""How long expressions may work: while one is worked out, nothing else goes on in the process.

Told by the processor's clock, which stands still while others have it: the same however busy the
machine is. It is slow to read, and never ahead of the clock on the wall: before that one has come
so far, it need not be asked.
"""

from __future__ import annotations

from contextvars import ContextVar
from math import inf
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Self

from chatflows.expressions.errors import ExpressionError

if TYPE_CHECKING:
    from contextvars import Token

# Until when: on the wall's clock, and on the processor's.
_until: ContextVar[tuple[float, float]] = ContextVar("until", default=(inf, inf))


class Effort:
    """A context: what is worked out inside may take so many ``seconds`` of the processor, all
    together. ``spent`` are those that it took, ``passed`` those on the wall."""

    __slots__ = ("_began", "_began_at", "_token", "passed", "seconds", "spent")
    _token: Token[tuple[float, float]]

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.spent = self.passed = 0.0

    def __enter__(self) -> Self:
        self._began, self._began_at = thread_time(), perf_counter()
        self._token = _until.set((self._began_at + self.seconds, self._began + self.seconds))
        return self

    def at_most(self, seconds: float) -> None:
        """From now on, take no more than so many of those that are left."""
        # What passed on the wall is no less than what was spent, and costs nothing to find out.
        until = min(self.seconds, perf_counter() - self._began_at + seconds)
        _until.set((self._began_at + until, self._began + until))

    def __exit__(self, *_raised: object) -> None:
        _until.reset(self._token)
        self.spent = thread_time() - self._began
        self.passed = perf_counter() - self._began_at


def check() -> None:
    """Raises ``ExpressionError`` once the time is over. Asked before each piece of work that can
    be large."""
    on_the_wall, on_the_processor = _until.get()
    if perf_counter() > on_the_wall and thread_time() > on_the_processor:
        raise ExpressionError("This takes too long to work out.")
