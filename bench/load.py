"""A small HTTP/1.1 load generator: keep-alive connections, one request at a time on each.

It parses with httptools and does little else, so that on two cores it takes less than the server
that it measures. Requests are bounded in number; every latency is kept.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httptools

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass
class Request:
    """What to send. ``body`` is JSON data, or a form that is encoded already."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self, host: str) -> bytes:
        form = isinstance(self.body, bytes)
        payload = (
            self.body if form else b"" if self.body is None else json.dumps(self.body).encode()
        )
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {host}",
            f"Content-Length: {len(payload)}",
        ]
        if payload:
            kind = "x-www-form-urlencoded" if form else "json"
            lines.append(f"Content-Type: application/{kind}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


# Of the product's streams and of the model's own.
TOKEN_MARKS = (b"event: token", b'"delta"')


class _Answer:
    """Collects one answer and the moments at which parts of it came."""

    def __init__(self) -> None:
        self.first_event: float | None = None
        self.body: list[bytes] = []
        self.complete = self.keeps_alive = False
        self.parser = httptools.HttpResponseParser(self)

    def on_body(self, body: bytes) -> None:
        if self.first_event is None and any(mark in body for mark in TOKEN_MARKS):
            self.first_event = time.perf_counter()
        self.body.append(body)

    def on_message_complete(self) -> None:
        # Only now: the parser forgets it with the end of the answer.
        self.complete, self.keeps_alive = True, self.parser.should_keep_alive()


@dataclass(frozen=True)
class Sample:
    """One answered request: seconds to the end, seconds to the first token, status."""

    seconds: float
    first_token: float | None
    status: int
    body: bytes


class Connection:
    """One keep-alive connection, opened again when the server closes it."""

    def __init__(self, base_url: str) -> None:
        url = urlsplit(base_url)
        self.host, self.port = url.hostname or "127.0.0.1", url.port or 80
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, request: Request) -> Sample:
        if self.streams is None:
            self.streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self.streams
        answer = _Answer()
        started = time.perf_counter()
        writer.write(request.encode(f"{self.host}:{self.port}"))
        while not answer.complete:
            data = await reader.read(65536)
            if not data:
                break
            answer.parser.feed_data(data)
        ended = time.perf_counter()
        if not answer.keeps_alive:
            self.close()
        first = None if answer.first_event is None else answer.first_event - started
        status = answer.parser.get_status_code()
        return Sample(ended - started, first, status, b"".join(answer.body))

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


@dataclass(frozen=True)
class Result:
    """What a run gave: times in milliseconds."""

    requests: int
    failures: int
    per_second: float
    p50: float
    p95: float
    p99: float
    first_token_p50: float | None

    @classmethod
    def of(cls, samples: list[Sample], seconds: float) -> Result:
        times = sorted(sample.seconds * 1000 for sample in samples)
        firsts = [s.first_token * 1000 for s in samples if s.first_token is not None]

        def at(share: float) -> float:
            return times[min(len(times) - 1, int(len(times) * share))]

        return cls(
            requests=len(samples),
            failures=sum(sample.status != 200 for sample in samples),
            per_second=len(samples) / seconds,
            p50=at(0.5),
            p95=at(0.95),
            p99=at(0.99),
            first_token_p50=statistics.median(firsts) if firsts else None,
        )


async def run(
    base_url: str, make: Callable[[int], Request], *, clients: int, requests: int
) -> Result:
    """Send ``requests`` requests over ``clients`` connections; ``make`` gets a running number."""
    numbers = iter(range(requests))
    samples: list[Sample] = []

    async def client() -> None:
        connection = Connection(base_url)
        for number in numbers:
            sample = await connection.send(make(number))
            samples.append(sample)
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Result.of(samples, time.perf_counter() - started)
