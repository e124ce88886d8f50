"""Two ways, and a condition that decides between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from chatflows.executor.node import ConditionText, Node, Result, Settings

if TYPE_CHECKING:
    from chatflows.executor.call import Call

TRUE, FALSE = "true", "false"


class ConditionSettings(Settings):
    """``condition`` is an expression: ``{{llm1.intent}} == 'billing'``."""

    condition: ConditionText = Field(
        min_length=1,
        max_length=2000,
        title="Condition",
        description="Such as {{llm1.intent}} == 'billing'.",
    )


class Condition(Node[ConditionSettings]):
    kind = "condition"
    settings = ConditionSettings
    main = "result"
    outputs = ("result",)

    def handles(self, settings: ConditionSettings) -> tuple[str, ...]:
        return (TRUE, FALSE)

    async def run(self, call: Call[ConditionSettings]) -> Result:
        holds = call.holds("condition")
        return Result({"result": holds}, TRUE if holds else FALSE)
