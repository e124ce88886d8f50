"""A client of one MCP server, by its streamable HTTP, through the guarded port that all requests of
flows take. Of what such a server can do it wants tools alone."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from chatflows.executor.ports import Request, RequestError
from chatflows.mcp.wire import (
    VERSIONS,
    Awaited,
    Called,
    Initialized,
    McpError,
    Page,
    answer_in,
    message,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chatflows.executor.ports import Http, Response
    from chatflows.mcp.wire import McpTool

MOST_PAGES, MOST_TOOLS = 10, 128
# Seconds that a farewell may take.
A_MOMENT = 2.0
REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
CLIENT = {"name": "PrivexBot", "version": "1"}

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass
class McpServer:
    """All of it raises ``McpError``, which names the server's host."""

    http: Http
    url: str
    credential_id: str | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _session: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        try:
            return urlsplit(self.url).hostname or self.url
        except ValueError:
            return self.url

    async def opened(self) -> None:
        """Agree on a version, and begin a session where the server wants one."""
        params = {"protocolVersion": VERSIONS[0], "capabilities": {}, "clientInfo": CLIENT}
        found = await self._asked("initialize", params, Initialized)
        if found.version not in VERSIONS:
            raise McpError(f"{self.host} speaks another version of MCP: {found.version[:40]}.")
        self._session["MCP-Protocol-Version"] = found.version
        await self._sent(message("notifications/initialized", {}))

    async def tools(self) -> list[McpTool]:
        """What it offers, the first few."""
        found: list[McpTool] = []
        params: dict[str, Any] = {}
        for _page in range(MOST_PAGES):
            page = await self._asked("tools/list", params, Page)
            found += page.readable()
            if not page.cursor or len(found) >= MOST_TOOLS:
                break
            params = {"cursor": page.cursor}
        return found[:MOST_TOOLS]

    async def called(self, name: str, arguments: Mapping[str, Any]) -> str:
        """The result of a tool as text; ``McpError`` too where the tool says that it failed."""
        found = await self._asked("tools/call", {"name": name, "arguments": arguments}, Called)
        if found.is_error:
            raise McpError(found.as_text() or "The tool failed.")
        return found.as_text()

    async def closed(self) -> None:
        """End the session, if there is one; a server that is away meanwhile does not matter."""
        if "Mcp-Session-Id" not in self._session:
            return
        with suppress(RequestError, TimeoutError):
            async with asyncio.timeout(A_MOMENT):
                await self.http.send(
                    Request("DELETE", self.url, self._session, credential_id=self.credential_id)
                )

    async def _asked(self, method: str, params: Mapping[str, Any], shape: type[Shape]) -> Shape:
        number = next(self._numbers)
        response = await self._sent(message(method, params, number), Awaited(number))
        if method == "initialize" and (session := response.headers.get("mcp-session-id")):
            self._session["Mcp-Session-Id"] = self._sendable(session)
        found = answer_in(response.body, number)
        if found is None:
            raise McpError(f"{self.host} gave no answer of MCP.")
        if "error" in found:
            raise McpError(f"{self.host}: {words_of(found['error'])}")
        try:
            return shape.model_validate(found["result"])
        except ValidationError:
            raise McpError(f"{self.host} gave an answer that cannot be read.") from None

    def _sendable(self, session: str) -> str:
        """The protocol allows visible characters of ASCII alone; no other could be sent back."""
        if re.fullmatch(r"[!-~]{1,1000}", session) is None:
            raise McpError(f"{self.host} begins a session whose id cannot be sent.")
        return session

    async def _sent(
        self, body: bytes, enough: Callable[[bytearray], bool] | None = None
    ) -> Response:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            **self._session,
        }
        request = Request("POST", self.url, headers, body, self.credential_id, enough)
        try:
            response = await self.http.send(request)
        except RequestError as error:
            raise McpError(f"{self.host}: {error}", permanent=error.permanent) from None
        if response.status in REFUSED:
            raise McpError(f"{self.host} answered {response.status}: it does not let us in.")
        if response.status >= HTTPStatus.BAD_REQUEST:
            words = f"{self.host} answered {response.status}."
            raise McpError(words, permanent=response.status not in TEMPORARY)
        return response
