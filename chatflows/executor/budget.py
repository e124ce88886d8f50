"""How much a run has taken of what one may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatflows.executor.node import NodeError
from common.words import gettext as _

if TYPE_CHECKING:
    from chatflows.executor.flow import Limits


@dataclass
class Budget:
    limits: Limits
    steps: int = 0
    calls: int = 0
    requests: int = 0

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
