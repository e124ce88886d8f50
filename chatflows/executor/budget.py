"""How much a run has taken of what one may take."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from chatflows.executor.node import NodeError, weight_within_limits
from chatflows.expressions.effort import Effort
from chatflows.expressions.weight import weight_of
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.executor.flow import Limits

# Seconds of the processor for one setting, since all other runs of the process wait meanwhile; and
# of a whole run until it has to rest in between.
LONGEST_WORK, LIGHT_WORK = 0.1, 0.05
# Characters from which on it is remembered what a value weighs.
HEAVY = 10_000


@dataclass
class Budget:
    """``work`` is the processor's time that expressions took, ``weighing`` what it took besides to
    see how much their values are; ``unrested`` is the time on the clock since the run rested."""

    limits: Limits
    steps: int = 0
    calls: int = 0
    requests: int = 0
    characters: int = 0
    work: float = 0.0
    weighing: float = 0.0
    unrested: float = 0.0
    _weighed: dict[int, tuple[object, int]] = field(default_factory=dict)

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
        self._add(self._weight(value))

    def hold_kept(self, value: object) -> None:
        """Count what a node gave, if it can be kept."""
        self._add(self.weigh(value))

    def weigh(self, value: object) -> int:
        """As ``weight_within_limits``, whose time is counted."""
        with self._weighing():
            return weight_within_limits(value)

    def _weight(self, value: object) -> int:
        """Each value is weighed once, however many settings come to it."""
        if (known := self._weighed.get(id(value))) is not None:
            return known[1]
        with self._weighing():
            weight = weight_of(value, self.limits.characters)
        if weight >= HEAVY:
            # Kept with the value itself, so that no other can have its id.
            self._weighed[id(value)] = (value, weight)
        return weight

    def _add(self, weight: int) -> None:
        most = self.limits.characters
        self.characters += weight
        if self.characters > most:
            words = _("All values of a run come to %(most)d MB, and no more.")
            raise NodeError(words % {"most": most // 1024**2}, code="run-limit")

    @contextmanager
    def working(self) -> Iterator[Effort]:
        """Count the time in which a setting is read and worked out. Reading it is long only the
        first time, and may take all that the run has left. ``ExpressionError`` where that is over.
        """
        effort = Effort(self.limits.work - self.work)
        try:
            with effort:
                yield effort
        finally:
            self.work += effort.spent
            self.unrested += effort.passed

    @contextmanager
    def _weighing(self) -> Iterator[None]:
        at = perf_counter()
        try:
            yield
        finally:
            passed = perf_counter() - at
            self.weighing += passed
            self.unrested += passed

    def to_rest(self) -> float:
        """For how many seconds a run has worked since it rested, where it has to rest at all."""
        if self.work + self.weighing <= LIGHT_WORK:
            return 0.0
        rest, self.unrested = self.unrested, 0.0
        return rest
