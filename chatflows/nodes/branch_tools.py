"""Tools that are drawn: what hangs on a handle of a node is run with a model's arguments."""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from jsonschema import Draft202012Validator
from pydantic import AfterValidator, Field, StringConstraints

from chatflows.executor.broken import BrokenError
from chatflows.executor.node import Adds, HandleId, NodeError
from chatflows.expressions.values import Output, as_json, as_text
from chatflows.nodes.parameters import parameter_in, schema_of
from chatflows.nodes.toolbox import ToolError
from common.names import NAME
from common.schema import Schema, WithinError, once_each
from common.words import gettext as _
from inference.client import Tool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.call import Call
    from chatflows.nodes.parameters import Parameter

# By what a tool's nodes read its arguments: {{agent1.args.city}}.
ARGUMENTS = "args"


class BranchTool(Schema):
    """``id`` is the handle on which its nodes hang, ``name`` what the model calls it; of
    ``parameters`` each is a line, as ``chatflows.nodes.parameters`` has it."""

    id: HandleId
    name: str = Field(default="", max_length=64, title="Name")
    description: str = Field(default="", max_length=1000, title="What it does")
    parameters: tuple[Annotated[str, StringConstraints(min_length=1, max_length=500)], ...] = Field(
        default=(),
        max_length=30,
        title="Parameters, a line each, such as “city: text - Which city”",
    )

    def read(self) -> list[Parameter]:
        """Raises ``ValueError``."""
        return [parameter_in(line) for line in self.parameters]

    def readable(self) -> list[str]:
        """The names of those parameters that can be read."""
        return [name for line in self.parameters if (name := _name_in(line))]


def _name_in(line: str) -> str:
    try:
        return parameter_in(line).name
    except ValueError:
        return ""


def _complete(tools: tuple[BranchTool, ...]) -> tuple[BranchTool, ...]:
    for number, tool in enumerate(tools):
        if not re.fullmatch(NAME, tool.name):
            raise WithinError(_fault_of(tool.name), number, "name")
        if not tool.description.strip():
            words = _("Say what %(tool)s does: the model decides by that")
            raise WithinError(words % {"tool": tool.name}, number, "description")
        try:
            names = [each.name for each in tool.read()]
        except ValueError as error:
            raise WithinError(str(error), number, "parameters") from None
        if len(set(names)) < len(names):
            words = _("Two parameters of %(tool)s have the same name")
            raise WithinError(words % {"tool": tool.name}, number, "parameters")
    return tools


def _fault_of(name: str) -> str:
    """Why it is no name of a tool."""
    if not name:
        return _("Name each tool: letters, digits and _, and no digit first")
    words = _("“%(name)s” cannot be the name of a tool: letters, digits and _, and no digit first")
    return words % {"name": name}


# What is wrong with one tool is found in the list: its handle stays while somebody types.
BranchTools = Annotated[
    tuple[BranchTool, ...],
    once_each("id", "Two tools have the id {}"),
    once_each("name", "Two tools are called {}"),
    AfterValidator(_complete),
    Adds("Add a tool"),
]


@dataclass(frozen=True)
class Branch:
    """A tool of the node that ``call`` is of."""

    call: Call[Any]
    settings: BranchTool

    @property
    def tool(self) -> Tool:
        settings = self.settings
        return Tool(settings.name, settings.description, schema_of(settings.read()))

    async def used(self, number: int, arguments: Mapping[str, Any]) -> str:
        fault = next(iter(Draft202012Validator(self.tool.parameters).iter_errors(arguments)), None)
        if fault is not None:
            place = ".".join(map(str, fault.absolute_path))
            words = f"{place}: {fault.message}" if place else fault.message
            raise ToolError(f"The arguments do not fit: {words}")
        own = {self.call.node_id: Output({ARGUMENTS: dict(arguments)}, ARGUMENTS)}
        try:
            round_ = await self.call.body(self.settings.id, number, ChainMap(own, self.call.known))
        except BrokenError as broken:
            raise ToolError(str(broken.fault)) from None
        if round_.frame is not None:
            words = _("Nobody can be asked anything in a tool, and %(tool)s does.")
            raise NodeError(words % {"tool": self.settings.name})
        return _given(own.get(round_.last))


def _given(output: Output | None) -> str:
    """What a node gave, as a model reads it: the main thing, or all where there is none."""
    if output is None:
        return ""
    return as_text(output[output.main]) if output.main in output else as_json(dict(output))
