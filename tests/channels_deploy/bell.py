"""A channel for tests whose service is a real server on loopback."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import httpx

from channels_deploy.channel import Channel, ChannelError
from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from channels_deploy.models import Connection


@dataclass
class Service(LoopbackServer):
    """Answers with the scripted statuses in turn, then with 200; counts what it was asked."""

    statuses: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"service": self})


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.service.asked.append(f"{self.command} {self.path}")
        status = self.service.statuses.pop(0) if self.service.statuses else 200
        self.send_response(status)
        self.end_headers()


class Bell(Channel):
    """Rings when somebody writes."""

    name = "bell"
    label = "Bell"

    def __init__(self, service: Service) -> None:
        self.service = service

    def connect(self, connection: Connection, values: Mapping[str, str]) -> dict[str, Any]:
        if self.service.meanwhile:
            self.service.meanwhile()
        self._call("POST", connection)
        return {"tone": "high"}

    def withdraw(self, connection: Connection, values: Mapping[str, str]) -> None:
        self._call("DELETE", connection)

    def result(self, connection: Connection) -> dict[str, Any]:
        return dict(connection.facts)

    def _call(self, method: str, connection: Connection) -> None:
        response = httpx.request(method, f"{self.service.url}/{connection.path}", trust_env=False)
        if response.status_code != 200:
            permanent = response.status_code == 401
            raise ChannelError(f"The bell said {response.status_code}.", permanent=permanent)
