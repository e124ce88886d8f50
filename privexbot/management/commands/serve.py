"""One web process, serving on sockets that its parent bound."""

from __future__ import annotations

import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn
from django.core.management.base import BaseCommand

from privexbot.checks import TAG
from privexbot.http_protocol import HttpProtocol
from privexbot.preparing import prepare

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

    from workspaces.demo import DemoLogin

GRACE_SECONDS = 3


class Server(uvicorn.Server):
    """Calls ``listening`` when it does."""

    def __init__(self, listening: Callable[[], None]) -> None:
        config = uvicorn.Config(
            "privexbot.asgi:application",
            http=HttpProtocol,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            # What open streams get to end when the process is told to stop.
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self.listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening()


class Command(BaseCommand):
    """Several processes may be given sockets of one address: the kernel spreads the visitors."""

    help = "Serve on inherited sockets. Started by `up`."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="bring everything up to date")
        parser.add_argument("--report", type=int, help="file number to write to when it listens")
        parser.add_argument("sockets", type=int, nargs="+", help="file numbers of bound sockets")

    def handle(self, **options: Any) -> None:
        self.check(tags=[TAG])
        login = prepare(self.say) if options["prepare"] else None
        server = Server(partial(self.listening, login, options["report"]))
        server.run([socket.socket(fileno=fd) for fd in options["sockets"]])

    def listening(self, login: DemoLogin | None, report: int | None) -> None:
        if login is not None:
            self.say(f"Demo workspace: sign in as {login.email} with the password {login.password}")
        if report is not None:
            os.write(report, b"ready")
            os.close(report)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
