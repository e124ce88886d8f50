"""The way into a reader that may hang, crash or be taken over by what it reads.

Each file is read in a process of its own (``child``), which has little memory and time, no
environment to speak of and a session of its own, so that all it started can be ended with it.
What it answers goes to a file without a name, which nobody has to clear away.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from knowledge.parsing.cleaning import cleaned
from knowledge.parsing.errors import UnreadableError
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("child.py")
READER = "knowledge.parsing.reading"
PAUSE = 0.2
MEBIBYTE = 1024 * 1024


class CancelledError(Exception):
    """Nobody wants the file read any more."""


@dataclass(frozen=True)
class Limits:
    """What reading one file may take. ``output`` is the size of any file it may write, its answer
    among them: all ``text`` with every character escaped fits."""

    seconds: float = 60
    cpu_seconds: int = 60
    memory: int = 1024 * MEBIBYTE
    files: int = 64
    text: int = 20 * MEBIBYTE
    pages: int = 5_000
    output: int = 48 * MEBIBYTE


TOO_LONG = "Reading the file took too long. Split it into smaller files, or bring its text."
TOO_LARGE = "Reading the file took too much memory. Split it into smaller files, or bring its text."
BROKE_DOWN = (
    "The file made its reader break down: it is probably damaged. "
    "Open it in the program it was made with, save it again and bring that."
)
TOO_MUCH_TEXT = "The file holds more than {megabytes:g} MB of text. Split it into smaller files."
TOO_MANY_PAGES = "The file has more than {pages:,} pages. Split it into smaller files."
BY_SIGNAL = {"SIGXCPU": TOO_LONG, "SIGALRM": TOO_LONG, "SIGKILL": TOO_LARGE}


def never() -> bool:
    return False


def parse(
    path: Path,
    name: str,
    *,
    cancelled: Callable[[], bool] = never,
    limits: Limits = Limits(),
    reader: str = READER,
) -> Parsed:
    """What the file at ``path``, brought as ``name``, holds. ``cancelled`` is asked all the time.

    Raises ``UnreadableError`` with words for people, and ``CancelledError``. ``reader`` is the
    module whose ``read`` does it.
    """
    task = {
        "root": str(ROOT),
        "path": str(path.resolve()),
        "name": name,
        "reader": reader,
        "limits": asdict(limits),
    }
    with (
        TemporaryDirectory(prefix="privexbot-reading-", ignore_cleanup_errors=True) as folder,
        TemporaryFile() as answer,
        TemporaryFile() as complaints,
    ):
        process = _started(task, folder, answer, complaints)
        try:
            _wait(process, cancelled, limits)
        finally:
            _end(process)
        found = _answer(process.returncode, answer, complaints, limits)
    return _parsed(found, limits)


def _started(
    task: dict[str, Any], folder: str, answer: IO[bytes], complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own script, never by a shell
        [sys.executable, "-I", "-X", "utf8", str(CHILD), json.dumps(task)],
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=complaints,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )


def _environment(folder: str) -> dict[str, str]:
    """No secret of the server's: only what Python needs to start."""
    kept = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
    return {**kept, "LANG": "C.UTF-8", "TMPDIR": folder, "OPENBLAS_NUM_THREADS": "1"}


def _wait(process: subprocess.Popen[bytes], cancelled: Callable[[], bool], limits: Limits) -> None:
    """Until the process ends by itself; raises when it is to be ended."""
    until = time.monotonic() + limits.seconds
    while True:
        try:
            process.wait(PAUSE)
        except subprocess.TimeoutExpired:
            if cancelled():
                raise CancelledError from None
            if time.monotonic() > until:
                raise UnreadableError(TOO_LONG) from None
        else:
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started, and take note of it: no zombie stays."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    else:
        process.kill()
    process.wait()


def _answer(code: int, answer: IO[bytes], complaints: IO[bytes], limits: Limits) -> dict[str, Any]:
    """The answer of a process that ended with ``code``."""
    if code < 0:
        _log(f"signal {-code}", complaints)
        raise UnreadableError(BY_SIGNAL.get(_signal(-code), BROKE_DOWN))
    if _size(answer) >= limits.output:
        raise UnreadableError(TOO_MUCH_TEXT.format(megabytes=limits.text / MEBIBYTE))
    answer.seek(0)
    try:
        found = json.loads(answer.read())
    except (ValueError, RecursionError):
        found = None
    if code or not isinstance(found, dict):
        _log(f"code {code}", complaints)
        raise UnreadableError(BROKE_DOWN)
    return found


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""


def _size(file: IO[bytes]) -> int:
    return file.seek(0, os.SEEK_END)


def _log(how: str, complaints: IO[bytes]) -> None:
    complaints.seek(max(0, _size(complaints) - 4000))
    logger.warning("a reader ended with %s: %s", how, complaints.read().decode(errors="replace"))


def _parsed(found: dict[str, Any], limits: Limits) -> Parsed:
    """The answer as what it stands for. The process that gave it is not trusted."""
    if "unreadable" in found:
        raise UnreadableError(str(found["unreadable"])[:1000])
    if "failed" in found:
        raise UnreadableError(_failed(found, limits))
    try:
        pages = tuple(_page(each) for each in found["pages"])
        return cleaned(Parsed(pages, str(found["title"]), str(found["mime_type"])))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(BROKE_DOWN) from error


def _page(found: list[Any]) -> Page:
    number, text, title, url = found
    return Page(int(number), str(text), str(title), str(url))


def _failed(found: dict[str, Any], limits: Limits) -> str:
    words = {
        "memory": TOO_LARGE,
        "pages": TOO_MANY_PAGES.format(pages=limits.pages),
        "text": TOO_MUCH_TEXT.format(megabytes=limits.text / MEBIBYTE),
    }
    if found["failed"] not in words:
        logger.error("a reader failed: %s", found.get("trace", ""))
    return words.get(found["failed"], BROKE_DOWN)
