"""Reads HTML in a process of its own, which may die without taking the worker along.

One process serves a whole crawl and is started anew when a page was too much for it. It gets no
settings, no secrets and no files.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from knowledge.crawling.errors import ParseError
from knowledge.crawling.wire import HEADER
from knowledge.parsing.web.page import WebPage

ROOT = Path(__file__).parents[2]
# For one page: seconds, and bytes of memory beyond those of the libraries.
SECONDS = 20.0
MEMORY = 1024**3


class Extractor:
    """``extractor(body, url)`` is a ``WebPage``; it raises ``ParseError``. Use it in a ``with``
    block, in one thread."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._limits = (str(seconds), str(memory))
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, body: bytes, url: str) -> WebPage:
        child = self._child = self._child or self._start()
        told = self._asked(child, body, url.encode())
        if not told:
            raise ParseError
        return WebPage(**told | {name: tuple(told[name]) for name in ("links", "robots")})

    def _asked(self, child: subprocess.Popen[bytes], body: bytes, url: bytes) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(HEADER.pack(len(url), len(body)) + url + body)
            child.stdin.flush()
            size, _ = HEADER.unpack(child.stdout.read(HEADER.size))
            told: dict[str, Any] = json.loads(child.stdout.read(size))
        except (OSError, ValueError, struct.error) as error:
            self._end()
            raise ParseError from error
        return told

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", "knowledge.crawling.child", *self._limits],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Nothing of the worker's; libraries that calculate would reserve memory per core.
            env={
                "PATH": os.defpath,
                "PYTHONIOENCODING": "utf-8",
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
            start_new_session=True,
        )

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        with suppress(OSError):
            child.communicate()
