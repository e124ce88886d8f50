"""An MCP server of streamable HTTP that a test scripts: its tools, how it answers; and what it was
asked."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.loopback import LoopbackServer

SESSION = "session-1"
EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Offered:
    """A tool. ``gives`` is its result: a text, or the members of the answer; a text that begins
    with ``!`` is what it says when it fails."""

    name: str
    gives: Any = ""
    description: str = "Does something."
    schema: Any = field(default_factory=lambda: {"type": "object", "properties": {}})

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "description": self.description,
            "inputSchema": self.schema,
        }

    def result(self) -> dict[str, Any]:
        if isinstance(self.gives, dict):
            return self.gives
        text = self.gives.removeprefix("!")
        return {"content": [{"type": "text", "text": text}], "isError": text != self.gives}


class McpStandIn(LoopbackServer):
    """``events``: it answers by server-sent events. ``stays``: it does not end them afterwards.
    ``page`` is how many tools it lists at a time. ``token`` is wanted of everybody. ``version`` is
    what it speaks, None: what it is asked for. ``session`` is what its sessions are called.
    ``status`` and ``body`` stand in for all answers."""

    def __init__(self, *tools: Offered) -> None:
        self.tools = tools
        self.events = self.stays = False
        self.has_sessions = True
        self.session = SESSION
        self.page = 100
        self.token = ""
        self.version: str | None = None
        self.status, self.body = 200, b""
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.ended: list[str] = []
        self.going_away = threading.Event()

    @property
    def address(self) -> str:
        return f"{self.url}/mcp"

    @property
    def methods(self) -> list[str]:
        return [str(each.get("method")) for each in self.asked]

    def __exit__(self, *error: object) -> None:
        self.going_away.set()
        super().__exit__(*error)

    def answer_to(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        params = asked.get("params") or {}
        match asked.get("method"):
            case "initialize":
                version = self.version or params["protocolVersion"]
                about = {"name": "stand-in", "version": "1"}
                return {"protocolVersion": version, "capabilities": {}, "serverInfo": about}
            case "tools/list":
                start = int(params.get("cursor") or 0)
                found = [each.as_json() for each in self.tools[start : start + self.page]]
                more = start + self.page < len(self.tools)
                return {"tools": found} | ({"nextCursor": str(start + self.page)} if more else {})
            case "tools/call":
                return next((e.result() for e in self.tools if e.name == params.get("name")), None)
        return None

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"server_of_tools": self})


class _Handler(BaseHTTPRequestHandler):
    server_of_tools: McpStandIn

    def do_POST(self) -> None:
        server = self.server_of_tools
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        server.asked.append(asked)
        server.headers.append(headers)
        if server.token and headers.get("authorization") != f"Bearer {server.token}":
            self._send(401, b"{}")
        elif server.status != 200 or server.body:
            self._send(server.status, server.body)
        elif "id" not in asked:
            self._send(202, b"")
        else:
            self._answer(asked)

    def do_DELETE(self) -> None:
        self.server_of_tools.ended.append(self.headers.get("Mcp-Session-Id", ""))
        self._send(204, b"")

    def _answer(self, asked: dict[str, Any]) -> None:
        server = self.server_of_tools
        found = server.answer_to(asked)
        told: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
        error = {"code": -32602, "message": f"Unknown: {asked['method']}"}
        told |= {"result": found} if found is not None else {"error": error}
        begins = asked["method"] == "initialize" and server.has_sessions
        session = {"Mcp-Session-Id": server.session} if begins else {}
        if not server.events:
            self._send(200, json.dumps(told).encode(), session)
            return
        ping = {"jsonrpc": "2.0", "id": asked["id"], "method": "ping"}
        events = [f"event: message\ndata: {json.dumps(each)}\n\n" for each in (ping, told)]
        self._send(200, "".join(events).encode(), {"Content-Type": EVENTS, **session})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        given = {"Content-Type": "application/json"} | (headers or {})
        stays = self.server_of_tools.stays and given["Content-Type"] == EVENTS
        self.send_response(status)
        for name, value in given.items():
            self.send_header(name, value)
        if not stays:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
            self.wfile.flush()
        if stays:
            self.server_of_tools.going_away.wait(30)
            self.close_connection = True
