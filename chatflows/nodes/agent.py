"""A language model that uses tools until it knows the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from chatflows.executor.node import Adds, Node, NodeError, Result, TemplateText
from chatflows.nodes.branch_tools import ARGUMENTS, Branch, BranchTools
from chatflows.nodes.mcp_tools import McpServerSettings, opened
from chatflows.nodes.model import Memory, ModelSettings, answered, remembered
from chatflows.nodes.toolbox import Toolbox
from common.schema import once_each
from common.words import gettext as _
from inference.client import ChatMessage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from chatflows.executor.call import Call
    from conversations.speaking import Speech


class AgentSettings(ModelSettings):
    """``system_prompt`` says who the model is, ``prompt`` what it is asked; both are templates.
    ``tools`` are handles: what hangs on one is run when the model calls it. ``servers`` offer more
    of them by MCP. ``max_steps`` is how often it may call some before it has to answer.
    ``streams``: what it says is said to whoever chats, as it comes."""

    system_prompt: TemplateText = Field(default="", max_length=50_000, title="Instructions")
    prompt: TemplateText = Field(
        default="{{input}}", min_length=1, max_length=50_000, title="Prompt"
    )
    tools: BranchTools = Field(
        default=(),
        max_length=20,
        title="Tools",
        description="Each is a branch of this node: connect it with what it does, such as an HTTP "
        "request, which reads {{agent1.args.city}}. What its last node gives is the result.",
    )
    servers: Annotated[
        tuple[McpServerSettings, ...],
        once_each("url", "The server {} is there twice"),
        Adds("Add a server"),
    ] = Field(default=(), max_length=5, title="MCP servers")
    max_steps: int = Field(default=5, ge=1, le=10, title="Most steps with tools")
    memory: Memory = 10
    streams: bool = Field(default=False, title="Say the answer as it comes")
    timeout_seconds: int = Field(default=60, ge=1, le=60, title="Longest wait, in seconds")

    def http_credentials(self) -> Iterator[tuple[str, UUID]]:
        for each in self.servers:
            if each.credential_id:
                yield "servers", each.credential_id


class Agent(Node[AgentSettings]):
    """Gives the answer as ``text``, and as ``steps`` which tools were used, with their results.

    Nothing that its tools do is taken back: after the first of them a failure is not tried again.
    """

    kind = "agent"
    settings = AgentSettings
    outputs = ("text", "steps")
    repeated = "step"

    def bodies(self, settings: AgentSettings) -> tuple[str, ...]:
        return tuple(each.id for each in settings.tools)

    def label_of(self, settings: AgentSettings, handle: str) -> str:
        return next((e.name for e in settings.tools if e.id == handle and e.name), handle)

    def gives_inside(self, settings: AgentSettings, handle: str) -> Mapping[str, tuple[str, ...]]:
        tool = next((each for each in settings.tools if each.id == handle), None)
        return {ARGUMENTS: tuple(tool.readable())} if tool else {}

    def speaks(self, settings: AgentSettings) -> bool:
        return settings.streams

    async def run(self, call: Call[AgentSettings]) -> Result:
        messages = self._messages(call)
        branches = [Branch(call, each) for each in call.settings.tools]
        taken = [each.name for each in call.settings.tools]
        async with opened(call, call.settings.servers, taken) as remote:
            toolbox = Toolbox([*branches, *remote])
            call.input["tools"] = [each.name for each in toolbox.offered]
            text = await self._answer(call, toolbox, messages)
        return Result({"text": text, "steps": [each.as_json() for each in toolbox.steps]})

    def _messages(self, call: Call[AgentSettings]) -> list[ChatMessage]:
        system = call.text("system_prompt")
        return [
            *([ChatMessage("system", system)] if system else ()),
            *remembered(call, call.settings.memory),
            ChatMessage("user", call.text("prompt")),
        ]

    async def _answer(
        self, call: Call[AgentSettings], toolbox: Toolbox, messages: list[ChatMessage]
    ) -> str:
        """What the model says once it wants no tool any more, or may have none."""
        for _step in range(call.settings.max_steps):
            speech = await self._asked(call, toolbox, messages)
            if not speech.calls:
                return speech.text
            messages.append(ChatMessage("assistant", speech.text, tuple(speech.calls)))
            call.effects.lasts = True
            steps = await toolbox.carried_out(speech.calls)
            messages += [ChatMessage("tool", e.result, call_id=e.call.id) for e in steps]
        speech = await self._asked(call, toolbox, messages, may_call=False)
        if not speech.text.strip():
            words = _("The model gave no answer after %(most)d steps with tools.")
            raise NodeError(words % {"most": call.settings.max_steps}, field="max_steps")
        return speech.text

    async def _asked(
        self,
        call: Call[AgentSettings],
        toolbox: Toolbox,
        messages: list[ChatMessage],
        *,
        may_call: bool = True,
    ) -> Speech:
        more: dict[str, Any] = {"tools": toolbox.offered, "may_call": may_call}
        if not call.settings.streams:
            return await answered(call, messages, **more)
        # Not while tools run: they may say something themselves.
        async with call.voice.speaking() as say:
            return await answered(call, messages, heard=say, **more)
