"""Several ways: the first whose condition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from chatflows.executor.node import Adds, ConditionText, HandleId, Node, Result, Settings
from common.schema import Schema, once_each

if TYPE_CHECKING:
    from chatflows.executor.call import Call

OTHERWISE = "else"


class Case(Schema):
    """``id`` is the handle by which the node is left where ``condition``, an expression, holds."""

    id: HandleId
    label: str = Field(default="", max_length=80, title="Name")
    condition: ConditionText = Field(min_length=1, max_length=2000, title="Condition")


class SwitchSettings(Settings):
    cases: Annotated[
        tuple[Case, ...], once_each("id", "Two cases have the id {}"), Adds("Add a case")
    ] = Field(min_length=1, max_length=20, title="Cases")


class Switch(Node[SwitchSettings]):
    """Left by the id of a case, or by ``else``."""

    kind = "switch"
    settings = SwitchSettings
    main = "case"
    outputs = ("case",)

    fallbacks = (OTHERWISE,)

    def handles(self, settings: SwitchSettings) -> tuple[str, ...]:
        return (*(case.id for case in settings.cases), OTHERWISE)

    def label_of(self, settings: SwitchSettings, handle: str) -> str:
        return next((e.label for e in settings.cases if e.id == handle and e.label), handle)

    async def run(self, call: Call[SwitchSettings]) -> Result:
        for case in call.settings.cases:
            holds = call.is_true(case.condition, f"cases.{case.id}.condition")
            call.input[case.label or case.id] = holds
            if holds:
                return Result({"case": case.label or case.id}, case.id)
        return Result({"case": ""}, OTHERWISE)
