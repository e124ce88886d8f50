"""Runs another chatflow of the workspace in the midst of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from chatflows.executor.midst import Asked
from chatflows.executor.node import Adds, Node, ReachingSettings, Result, TemplateText, Waiting
from common.names import WHOLE_NAME
from common.schema import Schema, once_each

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class InputValue(Schema):
    """The value of one of the other flow's variables. What is one expression keeps its kind."""

    name: str = Field(pattern=WHOLE_NAME, title="Variable")
    value: TemplateText = Field(default="", max_length=20_000, title="Value")


class SubflowSettings(ReachingSettings):
    """``message`` is what the other flow reads as ``{{input}}``, ``inputs`` are its variables.
    ``speaks``: what it says is said to whoever chats; else it is only kept."""

    chatflow_id: str = Field(min_length=1, max_length=64, title="Chatflow")
    message: TemplateText = Field(default="{{input}}", max_length=20_000, title="Message")
    inputs: Annotated[
        tuple[InputValue, ...], once_each("name", "Two values are for {}"), Adds("Add a value")
    ] = Field(default=(), max_length=50, title="Its variables")
    speaks: bool = Field(default=True, title="Show the visitor what it says")

    @property
    def flow_id(self) -> str:
        """The id as it is written everywhere else; a text that is none stays as it is."""
        try:
            return str(UUID(self.chatflow_id))
        except ValueError:
            return self.chatflow_id


class Subflow(Node[SubflowSettings]):
    """Gives all that the other flow said as ``text``, and its ``variables`` as they are at its end.

    It is the version that is live, in previews too. Where it asks something, this flow waits with
    it. Each time it begins anew, with the values that it is given and the defaults of the others.
    """

    kind = "subflow"
    settings = SubflowSettings
    outputs = ("text", "variables")

    def speaks(self, settings: SubflowSettings) -> bool:
        return settings.speaks

    async def run(self, call: Call[SubflowSettings]) -> Result | Waiting:
        settings = call.settings
        given = {
            each.name: call.value_of(each.value, f"inputs.{each.name}.value")
            for each in settings.inputs
        }
        message = call.text("message")
        call.input["inputs"] = given
        said = await call.within(
            Asked(settings.flow_id, message, given, settings.speaks, call.state)
        )
        if said.kept is not None:
            return Waiting(said.kept)
        return Result({"text": said.text, "variables": dict(said.variables)})
