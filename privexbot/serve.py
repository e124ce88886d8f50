"""One web process: serves the application on a socket that its parent opened.

``python -m privexbot.serve FD``. Several processes may be given sockets of one address.
"""

from __future__ import annotations

import socket
import sys

import uvicorn

GRACE_SECONDS = 3


def serve(listening: socket.socket) -> None:
    """Answer on ``listening`` until told to stop; open streams get ``GRACE_SECONDS`` to end."""
    config = uvicorn.Config(
        "privexbot.asgi:application",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
