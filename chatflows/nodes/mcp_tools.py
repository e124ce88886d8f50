"""The tools of MCP servers, as a model is offered them."""

from __future__ import annotations

import re
from asyncio import CancelledError
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from chatflows.executor.node import NodeError
from chatflows.mcp.server import McpServer
from chatflows.mcp.wire import McpError
from chatflows.nodes.toolbox import ToolError
from common.schema import Schema, without_user
from common.words import gettext as _
from inference.client import Tool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Container, Iterable, Mapping, Sequence

    from chatflows.executor.call import Call
    from chatflows.mcp.wire import McpTool

# More than that no model chooses well among.
MOST_OFFERED, LONGEST_NAME = 64, 64
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")


class McpServerSettings(Schema):
    """``tools`` are those that may be used, by their names on the server; without any, all."""

    url: Annotated[str, without_user] = Field(min_length=1, max_length=500, title="Address")
    credential_id: Annotated[UUID | None, BeforeValidator(lambda given: given or None)] = Field(
        default=None, title="Credential"
    )
    tools: tuple[Annotated[str, StringConstraints(min_length=1, max_length=256)], ...] = Field(
        default=(), max_length=100, title="Allowed tools, a line each; none: all"
    )

    @field_validator("url")
    @classmethod
    def _is_of_the_web(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError(_("An address begins with https://"))
        return url

    def allows(self, name: str) -> bool:
        return not self.tools or name in self.tools


@dataclass(frozen=True)
class Remote:
    """A tool of ``server``, where it is called ``there``."""

    call: Call[Any]
    server: McpServer
    there: str
    tool: Tool

    async def used(self, number: int, arguments: Mapping[str, Any]) -> str:
        del number
        try:
            self.call.budget.request()
            return await self.server.called(self.there, arguments)
        except (McpError, NodeError) as error:
            raise ToolError(str(error)) from None


@asynccontextmanager
async def opened(
    call: Call[Any], servers: Sequence[McpServerSettings], taken: Iterable[str]
) -> AsyncIterator[list[Remote]]:
    """The tools of all ``servers``, under names that are not ``taken``, for as long as it lasts.
    Raises ``NodeError`` where one of them cannot be reached."""
    clients = [_client(call, each) for each in servers]
    names, found = set(taken), list[Remote]()
    try:
        for client, settings in zip(clients, servers, strict=True):
            for each in await _offered(call, client, settings):
                name = free_name(each.name, client.host, names)
                names.add(name)
                tool = Tool(name, each.told, each.schema_of_arguments)
                found.append(Remote(call, client, each.name, tool))
        yield found[:MOST_OFFERED]
    except CancelledError:
        clients.clear()  # nobody waits for farewells
        raise
    finally:
        for client in clients:
            await client.closed()


def _client(call: Call[Any], settings: McpServerSettings) -> McpServer:
    credential = str(settings.credential_id) if settings.credential_id else None
    return McpServer(call.ports.http, settings.url, credential)


async def _offered(
    call: Call[Any], client: McpServer, settings: McpServerSettings
) -> list[McpTool]:
    call.budget.request()
    try:
        await client.opened()
        return [each for each in await client.tools() if settings.allows(each.name)]
    except McpError as error:
        raise NodeError(str(error), field="servers", permanent=error.permanent) from None


def free_name(there: str, host: str, taken: Container[str]) -> str:
    """What a model calls the tool ``there`` of ``host``: the same, as far as models take it; with
    the host before it, or a number after it, where another tool is called so."""
    plain = _NOT_IN_NAMES.sub("_", there)
    with_host = f"{_NOT_IN_NAMES.sub('_', host.replace('.', '_'))}_{plain}"
    numbered = (f"{plain[: LONGEST_NAME - 4]}_{number}" for number in count(2))
    candidates = chain((plain[:LONGEST_NAME], with_host[:LONGEST_NAME]), numbered)
    return next(each for each in candidates if each not in taken)
