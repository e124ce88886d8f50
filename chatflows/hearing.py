"""What a run tells of its steps, as the runtime passes it on to whoever builds."""

from __future__ import annotations

from functools import partial
from time import perf_counter

from chatflows.executor.events import StepFinished, StepStarted
from chatflows.executor.visit import called_off
from chatflows.tracing import finished, recorded, started
from conversations.turn import Token, Traced, Usage


class Heard:
    """What a run has told so far: ``usage`` are the tokens that it took, ``model`` is the first
    that it asked. ``is_logged``: what each step did stays with the answer."""

    def __init__(self, *, is_logged: bool) -> None:
        self.is_logged = is_logged
        self.usage, self.model = Usage(), ""

    def told(self, event: Token | StepStarted | StepFinished) -> Token | Traced:
        match event:
            case Token():
                return event
            case StepStarted():
                told = started(event)
                broken_off = partial(self._broken_off, event, perf_counter())
                return Traced(
                    "node_started", told, kept=False, id=_id(event), broken_off=broken_off
                )
            case StepFinished():
                self.usage = self.usage + event.usage
                self.model = self.model or event.model
                return self._finished(event)

    def _finished(self, step: StepFinished) -> Traced:
        told, whole = finished(step), recorded(step)
        return Traced("node_finished", told, self.is_logged, whole, _id(step))

    def _broken_off(self, step: StepStarted, began: float) -> Traced:
        """What is told of a step that nobody waits for any more; it ``began`` at that moment."""
        return self._finished(called_off(step, perf_counter() - began))


def _id(step: StepStarted | StepFinished) -> str:
    """What tells a step from all others of a run."""
    return f"{step.place} {step.node_id}"
