"""Starts the server of the local model when it is first asked for; one for all our processes.

The process that starts it keeps it alive; when that one ends, the next question starts another.
"""

from __future__ import annotations

import fcntl
import json
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from inference.client import InferenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOADING_TIME = 120.0
LOG_SHOWN = 200
_children: list[subprocess.Popen[bytes]] = []


def problem(path: str) -> str:
    """Why the local model cannot run, in words for whoever set it up; empty when it can."""
    if not path:
        return _("No local model is configured. Set LLM_GGUF to a model file.")
    if not Path(path).is_file():
        return _("LLM_GGUF names a file that is not there: %s") % path
    if find_spec("xllamacpp") is None:
        return _("A local model needs the package xllamacpp. Install it with pip, then restart.")
    return ""


def address(path: str) -> str:
    """The base URL of the running server for ``path``. Blocks while the model is loaded.

    Raises ``InferenceError``.
    """
    wrong = problem(path)
    if wrong:
        raise InferenceError(wrong, code="not-configured", permanent=True)
    url = _running(path)
    if url:
        return url
    with _alone():
        return _running(path) or _start(path)


def _running(path: str) -> str:
    """The address that was noted, when something healthy still answers there for ``path``."""
    try:
        noted = json.loads((_folder() / "server.json").read_text())
        port = int(noted["port"])
        if noted["path"] == path and _is_healthy(port):
            return f"http://127.0.0.1:{port}/v1"
    except (OSError, ValueError, KeyError):
        pass
    return ""


def _is_healthy(port: int) -> bool:
    """Asked without detours: no proxy of the environment stands between us and our own machine."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as server:
        try:
            server.request("GET", "/health")
            return server.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False


def _start(path: str) -> str:
    port = _free_port()
    log = _folder() / "server.log"
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 (our own module, a path from the settings)
            [sys.executable, "-m", "inference.gguf_server", path, str(port)],
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _children.append(child)
    _wait_until_healthy(child, port, log)
    noted = json.dumps({"port": port, "path": path})
    (_folder() / "server.json").write_text(noted)
    return f"http://127.0.0.1:{port}/v1"


def _wait_until_healthy(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + LOADING_TIME
    while time.monotonic() < deadline:
        if child.poll() is not None:
            words = log.read_text(errors="replace").strip()[-LOG_SHOWN:]
            raise InferenceError(_("The local model could not be started: %s") % words)
        if _is_healthy(port):
            return
        time.sleep(0.2)
    child.terminate()
    raise InferenceError(_("The local model took too long to load."), code="upstream-timeout")


def stop() -> None:
    """End the servers that this process started."""
    while _children:
        child = _children.pop()
        child.terminate()
        child.wait(10)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time starts a server."""
    with (_folder() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "gguf"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
