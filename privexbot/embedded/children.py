"""Child processes that stop in order and never outlive us.

Each is in a session of its own, so that Ctrl-C reaches only us. Start them from the main thread:
the kernel's notice of a parent's death is about the thread that started the child.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from privexbot.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LAUNCHER = Path(__file__).with_name("launch.py")
PROBE_SECONDS = 2.0
LARGEST_LOG = 5 * 1024 * 1024
# What a database may have to write before it answers again; PostgreSQL's log grows in 16 MB.
ROOM = 32 * 1024 * 1024


@dataclass(frozen=True)
class Child:
    """A running process: ``stop_signal`` ends it in good order."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path | None

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        self.ask_to_stop()
        self.await_end()

    def ask_to_stop(self) -> None:
        if self.alive:
            self.process.send_signal(self.stop_signal)

    def await_end(self, patience: float = 10) -> None:
        """Wait; kill it and all it started when ``patience`` seconds are over."""
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, size: int = 1500) -> str:
        """The end of its log, for an error message."""
        if self.log is None or not self.log.exists():
            return ""
        return self.log.read_bytes()[-size:].decode(errors="replace").strip()


@dataclass
class Service:
    """A child that can be started again."""

    start_child: Callable[[], Child]
    child: Child | None = None
    # Where it must be able to write before it can start.
    folder: Path | None = None
    # Whether somebody told it to stop and it waits for what will not happen.
    lingers: Callable[[], bool] = lambda: False

    def start(self) -> Child:
        self.child = self.start_child()
        return self.child

    def stop(self) -> None:
        self.ask_to_stop()
        self.await_end()

    def ask_to_stop(self) -> None:
        if self.child is not None:
            self.child.ask_to_stop()

    def await_end(self) -> None:
        if self.child is not None:
            self.child.await_end()

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.alive

    @property
    def name(self) -> str:
        return self.child.name if self.child else "A service"

    @property
    def has_room(self) -> bool:
        """Whether its disk is not too full for it to start."""
        return self.folder is None or shutil.disk_usage(self.folder).free >= ROOM


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    mode: str = "same",
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
) -> Child:
    """Start ``command`` as a child; its words go to ``log``, or to our own output."""
    output = None if log is None else _opened(log)
    try:
        process = subprocess.Popen(
            launched(command, stop_signal, mode),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=None if env is None else dict(env),
            pass_fds=pass_fds,
        )
    finally:
        if output is not None:
            os.close(output)
    return Child(name, process, stop_signal, log)


def wait_for(
    answers: Callable[[], bool], child: Child, patience: float, failure: Callable[[str], str]
) -> None:
    """Return when ``answers`` is true; raises ``EmbeddedError`` with ``failure`` of its log."""
    deadline = time.monotonic() + patience
    while True:
        with suppress(OSError):
            if answers():
                return
        if not child.alive or time.monotonic() > deadline:
            raise EmbeddedError(failure(child.last_words()))
        time.sleep(0.03)


def launched(command: Sequence[str | Path], stop_signal: signal.Signals, mode: str) -> list[str]:
    """``command`` behind the launcher."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
    return [*launcher, str(os.getpid()), str(int(stop_signal)), mode, *map(str, command)]


@cache
def mode_of_a_user() -> str:
    """How the launcher becomes what PostgreSQL insists on: somebody with a name, not root."""
    if os.geteuid() != 0 and _has_a_name():
        return "same"
    trial = launched(["/bin/true"], signal.SIGKILL, "namespace")
    answer = subprocess.run(trial, check=False, stderr=subprocess.DEVNULL)
    if answer.returncode == 0:
        return "namespace"
    return "nobody" if os.geteuid() == 0 else "same"


def _has_a_name() -> bool:
    """Containers like to run as a number that no user has."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def _opened(log: Path) -> int:
    """``log`` open for appending; one that has grown large makes room for a new one."""
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
