"""The process that reads HTML for ``extractor``: frames in, frames out, until the input ends.

A page that takes too long or too much memory ends the process, by the kernel. Run it as
``python -m knowledge.crawling.child <seconds> <bytes>``.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import IO

from knowledge.crawling.wire import HEADER
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.web.decoding import html_decoded
from knowledge.parsing.web.reading import page_of


def main() -> None:
    # The libraries complain of every odd page.
    logging.disable()
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    given, taken = sys.stdin.buffer, _own_output()
    _restrict(memory)
    while frame := given.read(HEADER.size):
        sizes = HEADER.unpack(frame)
        url, body = (given.read(size) for size in sizes)
        # Ends the process wherever it is, as nothing handles the signal.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = _answer(body, url.decode())
        signal.setitimer(signal.ITIMER_REAL, 0)
        taken.write(HEADER.pack(len(answer), 0) + answer)
        taken.flush()


def _answer(body: bytes, url: str) -> bytes:
    try:
        told = asdict(page_of(html_decoded(body), url))
    except UnreadableError:
        told = {}
    return json.dumps(told).encode()


def _own_output() -> IO[bytes]:
    """Where answers go; what a library prints goes to the errors."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def _restrict(memory: int) -> None:
    """``memory`` is how much may be taken beyond what the libraries take."""
    for limit, most in (
        (resource.RLIMIT_AS, _taken() + memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(limit, (most, most))


def _taken() -> int:
    """The size of this process's address space, in bytes; 0 where it is not told."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123 (nothing more is imported here)
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    main()
