"""The tools that a model is offered, whatever carries them out, and what it is told of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from chatflows.executor.side_by_side import all_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inference.client import Tool, ToolCall

# Characters of a result that a model is told, and of one as it is kept; calls of one answer.
LONGEST_TOLD, LONGEST_KEPT, MOST_AT_ONCE = 16_000, 2000, 8
TOO_MANY = f"Error: Not done: only {MOST_AT_ONCE} tools are used at a time."


class ToolError(Exception):
    """A tool was not used, or failed. The message is for the model, which may try otherwise."""


class Usable(Protocol):
    """A tool, and how it is used."""

    @property
    def tool(self) -> Tool: ...

    async def used(self, number: int, arguments: Mapping[str, Any]) -> str:
        """The result as text; ``number`` is of the calls in one visit to a node. Raises
        ``ToolError``, and ``NodeError`` where that is the end of the visit."""
        ...


@dataclass(frozen=True)
class Step:
    """A call that was carried out, or could not be."""

    call: ToolCall
    result: str

    def as_json(self) -> dict[str, Any]:
        arguments, written = self.call.arguments, self.call.written
        is_shown = arguments is not None and len(written) <= LONGEST_KEPT
        return {
            "tool": self.call.name,
            "arguments": arguments if is_shown else cut(written, LONGEST_KEPT),
            "result": cut(self.result, LONGEST_KEPT),
        }


@dataclass
class Toolbox:
    usable: Sequence[Usable]
    steps: list[Step] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def offered(self) -> tuple[Tool, ...]:
        return tuple(each.tool for each in self.usable)

    async def carried_out(self, calls: Sequence[ToolCall]) -> list[Step]:
        """The calls of one answer, side by side; their results in the order of the calls."""
        numbered = [(next(self._numbers), each) for each in calls[:MOST_AT_ONCE]]
        done = await all_of(self._step(*each) for each in numbered)
        done += [Step(each, TOO_MANY) for each in calls[MOST_AT_ONCE:]]
        self.steps += done
        return done

    async def _step(self, number: int, call: ToolCall) -> Step:
        try:
            return Step(call, cut(await self._used(number, call), LONGEST_TOLD))
        except ToolError as error:
            return Step(call, cut(f"Error: {error}", LONGEST_TOLD))

    async def _used(self, number: int, call: ToolCall) -> str:
        found = next((each for each in self.usable if each.tool.name == call.name), None)
        if found is None:
            names = ", ".join(each.name for each in self.offered) or "none"
            raise ToolError(f"There is no tool {call.name}. There are: {names}.")
        if call.arguments is None:
            raise ToolError("The arguments are no JSON object.")
        return await found.used(number, call.arguments) or "The tool gave nothing."


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… (cut here)"
