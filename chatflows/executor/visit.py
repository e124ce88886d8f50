"""One visit to a node: its work done in its time, tried again where that may help, and told of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import stamina

from chatflows.executor.broken import BrokenError
from chatflows.executor.events import StepFinished, StepStarted
from chatflows.executor.graph import ERROR
from chatflows.executor.node import NodeError, ReachingSettings, Result, Waiting
from chatflows.executor.places import told
from common.words import gettext as _

if TYPE_CHECKING:
    from chatflows.executor.call import Call
    from chatflows.executor.effects import Given
    from chatflows.executor.events import Place, Status
    from chatflows.executor.flow import FlowNode
    from chatflows.executor.repeats import Repeat

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


@dataclass(slots=True)
class Visit:
    """``began`` is the moment when the run began, on the clock of ``perf_counter``. After
    ``carried_out`` there is a ``result``, a ``fault``, or both where the run goes on after one."""

    each: FlowNode
    call: Call[Any]
    place: Place
    repeats: tuple[Repeat, ...]
    began: float
    started_at: float = 0.0
    result: Result | Waiting | None = None
    fault: NodeError | None = None

    def started(self) -> StepStarted:
        self.started_at = perf_counter() - self.began
        return StepStarted(
            self.each.id,
            self.each.node.kind,
            self.place,
            self.started_at,
            self.each.called,
            self.repeats,
        )

    async def carried_out(self) -> StepFinished:
        """What is to be told of it. Raises ``BrokenError`` where what it runs itself has failed and
        the run ends with that."""
        before = self.call.passages.mark()
        try:
            self.result = await self._tried()
            if isinstance(self.result, Result):
                self.call.budget.hold_kept(self.result.output)
        except (NodeError, BrokenError) as error:
            self._fail(error)
        effects = self.call.effects
        effects.passages, effects.citable = self.call.passages.since(before)
        return self._finished()

    async def _tried(self) -> Result | Waiting:
        settings = self.each.settings
        if self.each.fault:
            raise NodeError(self.each.fault, code="not-configured")
        if not isinstance(settings, ReachingSettings):
            return await self.each.node.run(self.call)
        if not settings.retries:
            return await self._in_time(settings.timeout_seconds)
        attempts = stamina.retry_context(
            on=self._may_be_tried_again,
            attempts=settings.retries + 1,
            timeout=None,
            wait_initial=FIRST_PAUSE,
            wait_max=LONGEST_PAUSE,
        )
        async for attempt in attempts:
            with attempt:
                return await self._in_time(settings.timeout_seconds)
        raise AssertionError("the last attempt gives a result or raises")

    def _may_be_tried_again(self, error: Exception) -> bool:
        is_temporary = isinstance(error, NodeError) and not error.permanent
        return is_temporary and not self.call.effects.lasts and not _is_called_off()

    async def _in_time(self, seconds: int) -> Result | Waiting:
        try:
            async with asyncio.timeout(seconds):
                return await self.each.node.run(self.call)
        except TimeoutError:
            words = _("It took longer than %(seconds)s seconds.") % {"seconds": seconds}
            raise NodeError(words, permanent=False, code="upstream-timeout") from None

    def _fail(self, error: NodeError | BrokenError) -> None:
        """Go on as the settings say, or not at all; raises where the run ends with what failed in
        it, and where it was called off meanwhile: something may have failed because of that."""
        if _is_called_off():
            raise asyncio.CancelledError
        if isinstance(error, BrokenError):
            if self.each.on_error == "stop":
                raise error
            error = error.of_the_one_that_ran_it()
        self.fault = error
        self.result = self._instead(error)

    def _instead(self, fault: NodeError) -> Result | None:
        """How the run goes on after the fault; None where it does not."""
        words = {"error": str(fault)}
        match self.each.on_error:
            case "stop":
                return None
            case "branch":
                return Result(words, ERROR)
        nothing = self.each.node.nothing()
        return replace(nothing, output={**nothing.output, **words})

    def called_off(self) -> StepFinished:
        """What is to be told where its work was not done to the end, and not for its own fault."""
        return replace(self._finished(), status="stopped", error=_stopped())

    def _finished(self) -> StepFinished:
        left = self.result if isinstance(self.result, Result) else None
        return StepFinished(
            self.each.id,
            self.each.node.kind,
            self.place,
            self._status(),
            self.started_at,
            perf_counter() - self.began - self.started_at,
            self.call.input,
            left.output if left else None,
            left.handle if left else "",
            told(self.fault, self.each.settings) if self.fault else "",
            self.call.usage,
            self.each.called,
            self.call.model,
            self.call.effects,
            self.each,
            self.repeats,
            self.fault.field if self.fault else "",
            self.fault.column if self.fault else 0,
            self.call.read,
        )

    def _status(self) -> Status:
        if self.fault is not None:
            return "handled" if self.result else "failed"
        return "waiting" if isinstance(self.result, Waiting) else "ok"


def _is_called_off() -> bool:
    """Whether nobody wants the result of this task any more."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def called_off(step: StepStarted, seconds: float) -> StepFinished:
    """What is told of a step that was stopped with its run, after so many seconds."""
    return StepFinished(
        step.node_id,
        step.kind,
        step.place,
        "stopped",
        step.started_at,
        seconds,
        error=_stopped(),
        label=step.label,
        repeats=step.repeats,
    )


def taken_over(
    each: FlowNode, given: Given, place: Place, repeats: tuple[Repeat, ...], at: float
) -> StepFinished:
    """What is told of a node that was not asked, ``at`` seconds after the run began."""
    return StepFinished(
        each.id,
        each.node.kind,
        place,
        given.status,
        at,
        0.0,
        output=given.output,
        handle=given.handle,
        label=each.called,
        error=given.error,
        effects=given.effects,
        each=each,
        repeats=repeats,
        read=given.read,
    )


def _stopped() -> str:
    return _("It was stopped before it was done.")
