"""What a crash left behind: orphaned servers and lock files. Call only while holding the lock.

Both servers work in their data folder, so a process is one of ours if that is its folder. A lock
file whose process number now belongs to a stranger (a container that was started anew) is removed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from privexbot.embedded.errors import EmbeddedError

PATIENCE = 20.0


def clear(folder: Path, pid_file: Path, *also: Path) -> None:
    """Stop orphans that work in ``folder``, then remove ``pid_file`` and ``also``."""
    if not pid_file.exists():
        return
    deadline = time.monotonic() + PATIENCE
    asked = False
    while left := _working_in(folder, pid_file):
        if not asked:
            _ask_to_stop(_recorded(pid_file), left)
            asked = True
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Processes {left} still use {folder}. Stop them and start again.")
        time.sleep(0.05)
    for path in (pid_file, *also):
        path.unlink(missing_ok=True)


def _ask_to_stop(recorded: int, left: list[int]) -> None:
    # SIGINT is PostgreSQL's fast shutdown and an orderly one for Valkey. Only the main process
    # is asked: its own children go with it, and alone they would be restarted.
    for pid in [recorded] if recorded in left else left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)


def _recorded(pid_file: Path) -> int:
    """The process number in the first line; 0 when there is none."""
    with suppress(OSError, ValueError, IndexError):
        return int(pid_file.read_text().split()[0])
    return 0


def _working_in(folder: Path, pid_file: Path) -> list[int]:
    if sys.platform == "linux":
        return [pid for pid in _all_processes() if _folder_of(pid) == str(folder)]
    pid = _recorded(pid_file)
    return [pid] if pid and str(folder) in _command_of(pid) else []


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _folder_of(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


def _command_of(pid: int) -> str:
    command = ["/bin/ps", "-p", str(pid), "-o", "command="]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout
