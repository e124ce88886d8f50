"""How much a run has taken of what one may take."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatflows.executor.node import NodeError
from chatflows.expressions.effort import Effort
from chatflows.expressions.weight import weight_of
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.executor.flow import Limits

# Seconds of the processor for one setting, since all other runs of the process wait meanwhile; and
# of a whole run until it has to rest in between.
LONGEST_WORK, LIGHT_WORK = 0.1, 0.05


@dataclass
class Budget:
    limits: Limits
    steps: int = 0
    calls: int = 0
    requests: int = 0
    characters: int = 0
    work: float = 0.0
    unrested: float = 0.0

    def step(self) -> None:
        """Count a node that runs; raises ``NodeError``, as all of these."""
        self.steps += 1
        if self.steps > self.limits.steps:
            words = _("The flow reached its limit of %(most)d steps in one run.")
            raise NodeError(words % {"most": self.limits.steps}, code="run-limit")

    def call(self) -> None:
        """Count a question to a model."""
        self.calls += 1
        if self.calls > self.limits.calls:
            words = _("A run asks models %(most)d times, and no more.")
            raise NodeError(words % {"most": self.limits.calls}, code="run-limit")

    def request(self) -> None:
        """Count a request to another server."""
        self.requests += 1
        if self.requests > self.limits.calls:
            words = _("A run sends %(most)d requests, and no more.")
            raise NodeError(words % {"most": self.limits.calls}, code="run-limit")

    def hold(self, value: object) -> None:
        """Count a value that was worked out."""
        self.hold_weight(weight_of(value, self.limits.characters))

    def hold_weight(self, weight: int) -> None:
        """Count a value of ``weight`` characters."""
        most = self.limits.characters
        self.characters += weight
        if self.characters > most:
            words = _("All values of a run come to %(most)d MB, and no more.")
            raise NodeError(words % {"most": most // 1024**2}, code="run-limit")

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count the time that something is worked out in; ``ExpressionError`` where it is over."""
        effort = Effort(min(LONGEST_WORK, self.limits.work - self.work))
        try:
            with effort:
                yield
        finally:
            self.work += effort.spent
            self.unrested += effort.passed

    def to_rest(self) -> float:
        """For how many seconds a run has worked since it rested, where it has to rest at all."""
        if self.work <= LIGHT_WORK:
            return 0.0
        rest, self.unrested = self.unrested, 0.0
        return rest
