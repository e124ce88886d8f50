"""The process that reads one file: a script of its own, see ``sandbox``.

Started isolated, so that nothing but the standard library, the installed packages and the project
can be imported. First it takes from itself what it must not have; then it imports what reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # no such thing on Windows: only the clock guards there
    resource = None  # type: ignore[assignment]

# Seconds after the clock of ``sandbox`` at which the process ends itself, should nobody be there.
ORPHANED = 5


def main(task: dict[str, Any]) -> None:
    """Read and write the answer, as JSON, to what was the standard output."""
    limits = task["limits"]
    restrict(limits)
    answer = os.dup(1)
    os.dup2(2, 1)
    sys.path.insert(0, task["root"])
    try:
        found = answer_of(task, limits)
    except MemoryError:
        found = {"failed": "memory"}
    with os.fdopen(answer, "w", encoding="utf-8") as out:
        json.dump(found, out, ensure_ascii=False)


def restrict(limits: dict[str, Any]) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(int(limits["seconds"]) + ORPHANED)
    if resource is None:
        return
    seconds = int(limits["cpu_seconds"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, limits["memory"])
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)
    _limit(resource.RLIMIT_FSIZE, limits["output"])
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


def answer_of(task: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    unreadable = import_module("knowledge.parsing.errors").UnreadableError
    reader = import_module(task["reader"])
    try:
        parsed = reader.read(Path(task["path"]), task["name"])
    except unreadable as error:
        return {"unreadable": str(error)}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the parent logs it, the person is told in words
        return {"failed": "error", "trace": traceback.format_exc()[-8000:]}
    pages = [(page.number, page.text, page.title, page.url) for page in parsed.pages]
    if len(pages) > limits["pages"]:
        return {"failed": "pages"}
    if sum(len(page[1].encode()) for page in pages) > limits["text"]:
        return {"failed": "text"}
    return {"pages": pages, "title": parsed.title, "mime_type": parsed.mime_type}


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
