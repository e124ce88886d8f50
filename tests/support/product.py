"""The whole product in a folder of its own, as ``make run`` starts it."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from privexbot.env import BASE_DIR

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 90.0


@dataclass
class Product:
    """One data folder, one port, and the processes on them."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> str:
        return (self.data_dir / "output").read_text()

    def start(self, *options: str) -> None:
        """Start it and wait until it says that it runs."""
        self.run(*options)
        wait_until(lambda: "Ctrl-C stops it" in self.output or self.exited)
        assert not self.exited, self.output

    def run(self, *options: str) -> None:
        """Start it."""
        if self.process is not None:
            self.process.wait(PATIENCE)
        self.data_dir.mkdir(exist_ok=True)
        with (self.data_dir / "output").open("wb") as output:
            self.process = subprocess.Popen(
                self.command("up", *options),
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                start_new_session=True,
            )

    def end(self) -> None:
        """Kill whatever of it still runs."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(PATIENCE)
        wait_until(lambda: not self.processes())

    def port_is_free(self) -> bool:
        """A process that dies has no environment any more while it still has its sockets."""
        try:
            socket.create_server(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    @property
    def exited(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def manage(self, *words: str) -> str:
        """What a management command prints."""
        answer = subprocess.run(
            self.command(*words), env=self.environment(), capture_output=True, text=True, check=True
        )
        return answer.stdout

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def processes(self, words: str = "") -> list[int]:
        """The numbers of its processes, of those whose command line holds ``words``."""
        mine = f"PRIVEXBOT_DATA_DIR={self.data_dir}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                works_in = (folder / "cwd").readlink()
            except OSError:
                continue
            ours = mine in environment or works_in.is_relative_to(self.data_dir)
            if ours and re.search(words, command):
                found.append(int(folder.name))
        return sorted(found)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, str(BASE_DIR / "manage.py"), *words]

    def environment(self) -> dict[str, str]:
        kept = {"PATH", "HOME", "LANG", "TMPDIR"}
        return {name: value for name, value in os.environ.items() if name in kept} | {
            "PRIVEXBOT_ENV_FILE": os.devnull,
            "PRIVEXBOT_DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "PYTHONWARNINGS": "",
            **self.env,
        }


def free_port() -> int:
    """A port below those that outgoing connections get, so that none takes it meanwhile.

    Each process of the suite has a thousand of its own.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    while True:
        port = random.randrange(20_000, 21_000) + worker % 10 * 1000
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def wait_until(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return when ``holds()`` is true; an ``AssertionError`` when it never is."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"{holds} did not come true"
        time.sleep(0.05)
