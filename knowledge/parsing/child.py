"""The process that reads files: a script of its own, see ``sandbox``.

Started isolated, so that nothing but the standard library, the installed packages and the project
can be imported. First it takes from itself what it must not have; then it imports what reads. It
reads file after file, a line of JSON in and one out for each, until its input ends.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import signal
import sys
import traceback
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

# Seconds after the clock of ``sandbox`` at which the process ends itself, should nobody be there.
ORPHANED = 5


def main(reader: str, root: str, limits: dict[str, Any]) -> None:
    restrict(limits)
    # The libraries complain of every odd page.
    logging.disable()
    # Answers go to what was the standard output, what a library prints to the errors.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.path.insert(0, root)
    for task in sys.stdin.buffer:
        signal.alarm(int(limits["seconds"]) + ORPHANED)
        answers.write(answer_of(reader, **json.loads(task)))
        answers.flush()
        signal.alarm(0)


def restrict(limits: dict[str, Any]) -> None:
    seconds = limits["cpu_seconds"]
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, limits["memory"])
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_FSIZE, limits["written"])
    _limit(resource.RLIMIT_NOFILE, limits["files"])
    # No further process and no thread, except where the system exempts its owner from that.
    _limit(resource.RLIMIT_NPROC, 0)


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    """Never above what holds already; a system that has no such limit goes without."""
    _, above = resource.getrlimit(which)
    most = soft if hard is None else hard
    if above != resource.RLIM_INFINITY:
        soft, most = min(soft, above), min(most, above)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, most))


def answer_of(reader: str, path: str, name: str) -> bytes:
    try:
        return line(told(reader, Path(path), name))
    except MemoryError:
        return line({"failed": "memory"})


def line(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def told(reader: str, path: Path, name: str) -> dict[str, Any]:
    unreadable = import_module("knowledge.parsing.errors").UnreadableError
    try:
        return asdict(import_module(reader).read(path, name))
    except unreadable as error:
        return {"unreadable": str(error)}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the parent logs it, the person is told in words
        # A file whose draft was discarded meanwhile is no fault of the reader.
        return {"failed": traceback.format_exc()[-8000:] if path.exists() else "gone"}


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
