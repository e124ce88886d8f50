"""How much a run has taken of what one may take."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from time import thread_time
from typing import TYPE_CHECKING

from chatflows.executor.node import NodeError
from chatflows.expressions import effort
from chatflows.expressions.weight import weight_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.executor.flow import Limits

# Seconds of the processor for one setting: all other runs of the process wait meanwhile.
LONGEST_WORK = 0.25


@dataclass
class Budget:
    limits: Limits
    steps: int = 0
    calls: int = 0
    requests: int = 0
    characters: int = 0
    work: float = 0.0

    def step(self) -> None:
        """Count a node that runs; raises ``NodeError``, as all of these."""
        self.steps += 1
        if self.steps > self.limits.steps:
            words = f"The flow reached its limit of {self.limits.steps} steps in one run."
            raise NodeError(words, code="run-limit")

    def call(self) -> None:
        """Count a question to a model."""
        self.calls += 1
        if self.calls > self.limits.calls:
            words = f"A run asks models {self.limits.calls} times, and no more."
            raise NodeError(words, code="run-limit")

    def request(self) -> None:
        """Count a request to another server."""
        self.requests += 1
        if self.requests > self.limits.calls:
            words = f"A run sends {self.limits.calls} requests, and no more."
            raise NodeError(words, code="run-limit")

    def hold(self, value: object) -> None:
        """Count a value that was worked out, or given by a node."""
        most = self.limits.characters
        self.characters += weight_of(value, most)
        if self.characters > most:
            words = f"All values of a run come to {most // 1024**2} MB, and no more."
            raise NodeError(words, code="run-limit")

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count the time that something is worked out in; ``ExpressionError`` where it is over."""
        began = thread_time()
        try:
            with effort.within(min(LONGEST_WORK, self.limits.work - self.work)):
                yield
        finally:
            self.work += thread_time() - began
