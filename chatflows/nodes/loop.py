"""Repeats nodes: for each item of a list, or while a condition holds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from chatflows.executor.graph import BODY
from chatflows.executor.node import (
    ConditionText,
    FallibleSettings,
    Node,
    NodeError,
    OnlyFor,
    Result,
    TemplateText,
    Waiting,
)
from chatflows.executor.places import setting_of
from chatflows.executor.repeats import where_more
from chatflows.expressions.values import Output
from chatflows.nodes.items import items_in
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.call import Call


class LoopSettings(FallibleSettings):
    """``items`` is a template that comes to a list, ``condition`` an expression. ``result`` is what
    of each round is kept for ``{{loop.results}}``. ``max_iterations`` can only lower the flow's."""

    mode: Literal["list", "while"] = Field(default="list", title="Repeats")
    items: Annotated[TemplateText, OnlyFor(("mode", ("list",)))] = Field(
        default="",
        max_length=20_000,
        validate_default=True,
        title="List",
        description="Such as {{http1.body.items}}, or {{split(input, ',')}}.",
    )
    condition: Annotated[ConditionText, OnlyFor(("mode", ("while",)))] = Field(
        default="",
        max_length=2000,
        validate_default=True,
        title="Condition",
        description="Such as {{llm1.intent}} != 'done'.",
    )
    result: TemplateText = Field(
        default="",
        max_length=20_000,
        title="Result of each round",
        description="What of each round is kept for {{loop1.results}}.",
    )
    max_iterations: int | None = Field(
        default=None,
        ge=1,
        le=100,
        title="Most rounds",
        description="Empty: as many as the flow allows.",
    )

    @field_validator("items")
    @classmethod
    def _has_items(cls, items: str, info: ValidationInfo) -> str:
        if info.data.get("mode") == "list" and not items.strip():
            raise ValueError("Give the list whose items the loop goes through")
        return items

    @field_validator("condition")
    @classmethod
    def _says_how_long(cls, condition: str, info: ValidationInfo) -> str:
        if info.data.get("mode") == "while" and not condition.strip():
            raise ValueError("Give the condition while which the loop goes on")
        return condition


@dataclass
class Rounds:
    """How far a loop has come. ``frame`` is where its round has stopped."""

    number: int = 0
    items: list[Any] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    frame: Mapping[str, Any] | None = None


def _kept(state: Mapping[str, Any] | None) -> Rounds | None:
    """How far it had come, unless another kind of node had the loop's id then."""
    is_ours = state is not None and state.keys() == Rounds.__dataclass_fields__.keys()
    return Rounds(**state) if state and is_ours else None


class Loop(Node[LoopSettings]):
    """In a round, ``{{loop.item}}`` and ``{{loop.index}}`` (from 0) say which it is."""

    kind = "loop"
    settings = LoopSettings
    main = "results"
    outputs = ("results", "count", "item", "index")
    repeats = True
    after_rounds = ("result", "condition")
    keeps_rounds = True

    def nothing(self) -> Result:
        return Result({"results": [], "count": 0})

    async def run(self, call: Call[LoopSettings]) -> Result | Waiting:
        rounds = _kept(call.state) or Rounds(items=self._items(call))
        while self._goes_on(call, rounds):
            rounds.frame = await self._round(call, rounds)
            if rounds.frame is not None:
                return Waiting(asdict(rounds))
            if call.settings.result:
                rounds.results.append(call.value("result"))
            rounds.number += 1
        return Result({"results": rounds.results, "count": rounds.number})

    async def _round(self, call: Call[LoopSettings], rounds: Rounds) -> Mapping[str, Any] | None:
        return (await call.body(BODY, rounds.number, call.known, rounds.frame)).frame

    def _items(self, call: Call[LoopSettings]) -> list[Any]:
        if call.settings.mode != "list":
            return []
        items = items_in(call.value("items"))
        if len(items) > (most := self._most(call)):
            words = _("The list has %(count)d items, and the loop takes at most %(most)d.")
            words %= {"count": len(items), "most": most}
            raise NodeError(f"{words} {self._where(call)}", field="items")
        return items

    def _most(self, call: Call[LoopSettings]) -> int:
        return min(call.settings.max_iterations or call.limits.rounds, call.limits.rounds)

    def _where(self, call: Call[LoopSettings]) -> str:
        """Where more rounds are allowed: in the node itself, if that is what holds it back."""
        own = call.settings.max_iterations
        if own and own < call.limits.rounds:
            words = _("Allow more in this node's “%(setting)s”.")
            return words % {"setting": setting_of(LoopSettings, "max_iterations")}
        return where_more()

    def _goes_on(self, call: Call[LoopSettings], rounds: Rounds) -> bool:
        """Whether there is another round; tells the nodes of the loop which it is."""
        known: dict[str, Any] = {"index": rounds.number}
        if call.settings.mode == "list":
            if rounds.number >= len(rounds.items):
                return False
            known["item"] = rounds.items[rounds.number]
        call.known[call.node_id] = Output(known, "item")
        if rounds.frame is not None or call.settings.mode == "list":
            return True
        if not call.holds("condition"):
            return False
        if rounds.number >= (most := self._most(call)):
            words = _("The condition still holds after %(most)d rounds, the most that it may take.")
            words %= {"most": most}
            raise NodeError(f"{words} {self._where(call)}", field="condition")
        return True
