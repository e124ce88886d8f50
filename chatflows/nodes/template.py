"""Puts texts and values together from what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from chatflows.executor.node import Adds, Node, Result, Settings, TemplateText
from common.names import WHOLE_NAME
from common.schema import Schema, once_each

if TYPE_CHECKING:
    from chatflows.executor.call import Call


class NamedValue(Schema):
    """A value that others read as ``{{node.name}}``. What is one expression keeps its kind."""

    name: str = Field(pattern=WHOLE_NAME, title="Name")
    value: TemplateText = Field(default="", max_length=20_000, title="Value")


class TemplateSettings(Settings):
    template: TemplateText = Field(default="", max_length=50_000, title="Text")
    fields: Annotated[
        tuple[NamedValue, ...], once_each("name", "Two values are called {}"), Adds("Add a value")
    ] = Field(
        default=(),
        max_length=50,
        title="Values",
        description="Others read them by their names, such as {{template1.total}}.",
    )


class Template(Node[TemplateSettings]):
    kind = "template"
    settings = TemplateSettings
    outputs = ("text",)

    def gives(self, settings: TemplateSettings) -> tuple[str, ...]:
        return (*self.outputs, *(each.name for each in settings.fields))

    async def run(self, call: Call[TemplateSettings]) -> Result:
        output: dict[str, Any] = {"text": call.text("template")}
        for each in call.settings.fields:
            output[each.name] = call.value_of(each.value, f"fields.{each.name}.value")
        return Result(output)
