"""The way into a reader that may hang, crash or be taken over by what it reads.

It runs in a process of its own (``child``), which has little memory and time, no environment to
speak of and a session of its own, so that all it started can be ended with it. A process serves one
file, or one after the other where they belong together; whatever goes wrong with one ends it.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Self

from knowledge.parsing.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("child.py")
PAUSE = 0.2
PIECE = 1024 * 1024
MEBIBYTE = 1024 * 1024


class CancelledError(Exception):
    """Nobody wants the file read any more."""


@dataclass(frozen=True)
class Limits:
    """What reading may take: ``seconds`` for each file, ``cpu_seconds``, ``memory`` and open
    ``files`` of the process. ``written`` is the size of any file it may write, ``output`` that of
    an answer: all ``text`` with every character escaped fits."""

    seconds: float = 60
    cpu_seconds: int = 60
    memory: int = 1024 * MEBIBYTE
    files: int = 64
    text: int = 20 * MEBIBYTE
    pages: int = 5_000
    written: int = 48 * MEBIBYTE
    output: int = 48 * MEBIBYTE


USUAL = Limits()

TOO_LONG = "Reading the file took too long. Split it into smaller files, or bring its text."
TOO_LARGE = "Reading the file took too much memory. Split it into smaller files, or bring its text."
GONE = "The file is not there any more. Bring it again."
BROKE_DOWN = (
    "The file made its reader break down: it is probably damaged. "
    "Open it in the program it was made with, save it again and bring that."
)
BY_SIGNAL: Mapping[int, str] = {
    signal.SIGXCPU: TOO_LONG,
    signal.SIGALRM: TOO_LONG,
    signal.SIGKILL: TOO_LARGE,
}


def never() -> bool:
    return False


class Sandbox:
    """Use it in a ``with`` block, in one thread. ``reader`` is the module whose ``read`` reads a
    file; ``cancelled`` is asked all the time."""

    def __init__(
        self, reader: str, limits: Limits = USUAL, cancelled: Callable[[], bool] = never
    ) -> None:
        self._task = {"root": str(ROOT), "reader": reader, "limits": asdict(limits)}
        self._limits = limits
        self._cancelled = cancelled
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes]
        self._held = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, path: Path, name: str) -> dict[str, Any]:
        """The fields of what the reader makes of the file at ``path``, brought as ``name``. Whoever
        took the process over may have made them up. Raises ``UnreadableError`` with words for
        people, and ``CancelledError``."""
        with ExitStack() as failing:
            failing.callback(self._end)
            process = self._running()
            _ask(process, {"path": str(path.resolve()), "name": name})
            found = _told(self._answer(process))
            failing.pop_all()
        return found

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is not None:
            self._end()
        self._process = self._process or self._started()
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        folder = self._held.enter_context(
            TemporaryDirectory(prefix="privexbot-reading-", ignore_cleanup_errors=True)
        )
        self._complaints = self._held.enter_context(TemporaryFile())  # noqa: SIM115
        return subprocess.Popen(  # noqa: S603 - our own script, never by a shell
            [sys.executable, "-I", "-X", "utf8", str(CHILD), json.dumps(self._task)],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes:
        """A line; raises when the process is to be ended before it has come, or ends by itself."""
        assert process.stdout is not None
        until = time.monotonic() + self._limits.seconds
        answer = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                if selector.select(PAUSE):
                    piece = process.stdout.read(PIECE)
                    if not piece:
                        raise self._broken(process)
                    answer += piece
                elif self._cancelled():
                    raise CancelledError
                if time.monotonic() > until:
                    raise UnreadableError(TOO_LONG)
                if len(answer) > self._limits.output:
                    raise UnreadableError(too_much_text(self._limits))
        return bytes(answer)

    def _broken(self, process: subprocess.Popen[bytes]) -> UnreadableError:
        """Why the process ended without an answer."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(PAUSE)
        code = process.returncode or 0
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, size - 4000))
        complaints = self._complaints.read().decode(errors="replace")
        how = f"signal {-code}" if code < 0 else f"code {code}"
        logger.warning("a reader ended with %s: %s", how, complaints)
        return UnreadableError(BY_SIGNAL.get(-code, BROKE_DOWN))

    def _end(self) -> None:
        """End the process and whatever it started, and take note of it: no zombie stays."""
        process, self._process = self._process, None
        if process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            with process:
                pass
        self._held.close()


def too_much_text(limits: Limits) -> str:
    words = "The file holds more than {:g} MB of text. Split it into smaller files."
    return words.format(limits.text / MEBIBYTE)


def _environment(folder: str) -> dict[str, str]:
    """No secret of the server's: only what Python needs to start."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TMPDIR": folder,
        # Libraries that calculate would reserve memory for each core.
        "OPENBLAS_NUM_THREADS": "1",
    }


def _ask(process: subprocess.Popen[bytes], task: dict[str, str]) -> None:
    """A task is shorter than what a pipe holds, so this does not wait for anybody."""
    assert process.stdin is not None
    # Whether it has ended is seen when its answer is read.
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps(task).encode() + b"\n")


def _told(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UnreadableError(BROKE_DOWN)
    if "unreadable" in found:
        raise UnreadableError(str(found["unreadable"])[:1000])
    if found.get("failed") == "memory":
        raise UnreadableError(TOO_LARGE)
    if found.get("failed") == "gone":
        raise UnreadableError(GONE)
    if "failed" in found:
        logger.error("a reader failed: %s", found["failed"])
        raise UnreadableError(BROKE_DOWN)
    return found
