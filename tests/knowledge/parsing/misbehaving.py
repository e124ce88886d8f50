"""A reader that does what the name of the file says: for the tests of the sandbox, in its child."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.parsing.errors import UnreadableError
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Callable

LIMITS = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")


def read(path: Path, name: str) -> Parsed:
    found = DEEDS[name](path)
    return found if isinstance(found, Parsed) else Parsed((Page(1, json.dumps(found)),))


def environment(path: Path) -> Any:
    return dict(os.environ)


def surroundings(path: Path) -> Any:
    return {
        "modules": sorted(sys.modules),
        "path": sys.path,
        "group": os.getpgrp(),
        "session": os.getsid(0),
        "open": [each.name for each in Path("/proc/self/fd").iterdir()],
        "limits": {each: resource.getrlimit(getattr(resource, each)) for each in LIMITS},
    }


def process(path: Path) -> Any:
    return os.getpid()


def imported(path: Path) -> Any:
    """All that is imported once a text has been read."""
    import_module("knowledge.parsing.reading").read(path, "file.txt")
    return sorted(sys.modules)


def hog(path: Path) -> Any:
    kept = []
    while True:
        kept.append(bytearray(10_000_000))


def loop(path: Path) -> Any:
    while True:
        pass


def sleep(path: Path) -> Any:
    path.with_suffix(".pid").write_text(str(os.getpid()))
    time.sleep(60)


def deaf(path: Path) -> Any:
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU, signal.SIGALRM):
        signal.signal(each, signal.SIG_IGN)
    loop(path)


def grandchild(path: Path) -> Any:
    """A process that goes on after this one; how its start went is the answer."""
    try:
        started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    except OSError as error:
        return type(error).__name__
    path.with_suffix(".pid").write_text(str(started.pid))
    return "started"


def forks(path: Path) -> Any:
    marks = path.with_suffix(".forks")
    marks.mkdir()
    while True:
        try:
            os.fork()
        except OSError:
            time.sleep(0.05)
        if len(list(marks.iterdir())) < 60:
            (marks / str(os.getpid())).touch()
        else:
            time.sleep(0.05)


def flood(path: Path) -> Any:
    while True:
        os.write(1, b"x" * 65536)


def chatter(path: Path) -> Any:
    """More than any pipe holds, on both outputs, and then an answer."""
    sys.stdout.write("x" * 500_000)
    sys.stderr.write("y" * 500_000)
    sys.stdout.flush()
    return "done"


def crash(path: Path) -> Any:
    ctypes.string_at(0)


def killed(path: Path) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def leave(path: Path) -> Any:
    os._exit(0)


def fail(path: Path) -> Any:
    raise KeyError("a fault of the reader's")


def refuse(path: Path) -> Any:
    raise UnreadableError("Not this one.")


def recursion(path: Path) -> Any:
    return recursion(path)


def long_text(path: Path) -> Any:
    return Parsed((Page(1, "ä" * 600_000),))


def many_pages(path: Path) -> Any:
    return Parsed(tuple(Page(number, "x") for number in range(1, 12)))


def dirty(path: Path) -> Any:
    return Parsed((Page(1, " \n"), Page(2, "a\0b\r\nc\x07")), title="T\0itle\n")


def litter(path: Path) -> Any:
    file = tempfile.NamedTemporaryFile(delete=False)  # noqa: SIM115
    file.write(b"left")
    return file.name


def many_files(path: Path) -> Any:
    kept = []
    try:
        while True:
            kept.append(socket.socket())
    except OSError:
        return len(kept)


DEEDS: dict[str, Callable[[Path], Any]] = {
    each.__name__: each
    for each in (
        *(
            environment,
            surroundings,
            process,
            imported,
            hog,
            loop,
            sleep,
            deaf,
            grandchild,
            forks,
            flood,
            chatter,
        ),
        *(crash, killed, leave, fail, refuse, recursion, long_text, many_pages, dirty, litter),
        many_files,
    )
}
