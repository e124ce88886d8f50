"""Plays a test case as the preview would hold the conversation, in a session that nobody keeps."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.cases.judging import Played, missed
from chatflows.cases.results import FAILED, FAULT, PASSED, Result
from chatflows.executor.events import Broken, Ended, StepFinished, StepStarted
from chatflows.expressions.values import Output
from common.problems import Problem
from conversations.answering import frames
from conversations.outcome import WHOLE, Outcome
from conversations.past import Past, Said
from conversations.preview import CHANNEL
from conversations.sessions import new_session
from conversations.turn import Turn
from conversations.variables import checked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping

    from chatflows.assistant import ChatflowAssistant
    from chatflows.cases.reading import Case
    from chatflows.executor.events import RunEvent
    from conversations.runtime import Ports

    # Counts a message against what may be asked. What it raises ends the case without a result.
    Count = Callable[[], Awaitable[None]]

# Seconds that a whole case may take.
PATIENCE = 240
# Characters of the answer that are kept, and nodes.
LONGEST_ANSWER, MOST_NODES = 500, 60


async def played(case: Case, assistant: ChatflowAssistant, ports: Ports, count: Count) -> Result:
    """What comes of the case. Its version and fingerprint are for the caller to say."""
    playing = _Playing(case, assistant, ports, count)
    began = perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            result = await playing.result()
    except Problem as problem:
        result = playing.broken(problem.detail or problem.title)
    except TimeoutError:
        words = _("It took longer than %(seconds)s seconds.")
        result = playing.broken(words % {"seconds": PATIENCE})
    return playing.told(result, round((perf_counter() - began) * 1000))


class _Nowhere:
    """Keeps nothing of a turn."""

    async def keep(self, outcome: Outcome) -> None:
        del outcome


@dataclass
class _Playing:
    """The conversation so far: ``said`` as it is remembered, ``state`` what the flow keeps,
    ``outputs`` what nodes gave, the newest of each, ``ran`` which of them ran for each message."""

    case: Case
    assistant: ChatflowAssistant
    ports: Ports
    count: Count
    said: list[Said] = field(default_factory=list)
    state: Mapping[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    ran: list[dict[str, None]] = field(default_factory=list)
    tokens: int = 0
    fault: Broken | None = None
    waits: bool = False

    async def result(self) -> Result:
        """Raises ``Problem`` where the case may not be played, or not to its end."""
        variables = checked(self.assistant, self.case.variables, {}, public=False)
        answer = ""
        for message in self.case.messages:
            outcome = await self._answered(message, variables)
            answer = outcome.text
            if outcome.status != WHOLE:
                return self.broken(self._why(outcome), answer)
        nodes = tuple(dict.fromkeys(chain(*self.ran)))
        ended = Played(answer, nodes, self._known(variables), self.waits)
        misses = tuple(missed(self.case.expectations, ended))
        return Result(FAILED if misses else PASSED, answer=answer, misses=misses)

    def _why(self, outcome: Outcome) -> str:
        """Why there is no answer, without the node's name, which is told beside it."""
        return self.fault.message if self.fault and self.fault.node_id else outcome.error

    def broken(self, words: str, answer: str = "") -> Result:
        """A case that did not come to its end."""
        node_id = self.fault.node_id if self.fault else ""
        return Result(FAULT, answer=answer, error=words, node_id=node_id)

    def told(self, result: Result, duration_ms: int) -> Result:
        """With what is known whatever came of it, and no longer than it can be kept."""
        return Result(
            result.status,
            answer=result.answer[:LONGEST_ANSWER],
            ran=tuple(_fitting(self.ran)),
            misses=result.misses,
            error=result.error[:LONGEST_ANSWER],
            node_id=result.node_id,
            duration_ms=duration_ms,
            tokens=self.tokens,
        )

    async def _answered(self, message: str, variables: Mapping[str, Any]) -> Outcome:
        await self.count()
        self.ran.append({})
        past = Past(self.said, variables, None, self.state)
        following = past.next(message, regenerate=False)
        turn = Turn(
            following.question, following.history, variables, CHANNEL, state=following.state
        )
        outcome = Outcome(turn, new_session())
        watched = self.assistant.watched_by(self._hear)
        async with aclosing(frames(watched, self.ports, outcome, _Nowhere())) as told:
            async for _frame in told:
                pass
        number = len(self.said)
        self.said += [
            Said(f"{number}", "user", message),
            Said(f"{number + 1}", "assistant", outcome.text, outcome.status),
        ]
        self.state = outcome.state or self.state
        return outcome

    def _hear(self, event: RunEvent) -> None:
        """What expectations speak of is of this flow alone; of those that it runs the tokens
        count."""
        own = self.assistant.flow.nodes
        match event:
            case StepStarted() if event.node_id in own:
                self.ran[-1][event.node_id] = None
            case StepFinished():
                self.tokens += event.usage.total_tokens
                if event.output is not None and event.node_id in own:
                    output = Output(event.output, own[event.node_id].node.main)
                    self.outputs[event.node_id] = output
            case Ended():
                self.waits = event.waits
            case Broken():
                self.fault = event

    def _known(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What an expression about the end of the conversation reads."""
        kept = self.state.get("variables", {})
        last = self.case.messages[-1]
        return {**variables, **kept, "input": last, "channel": CHANNEL, **self.outputs}


def _fitting(ran: Iterable[Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """As many of the nodes as are kept, by message."""
    room = MOST_NODES
    for nodes in ran:
        yield (shown := tuple(nodes)[:room])
        room -= len(shown)
