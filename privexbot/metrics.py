"""Counts what the product does, for Prometheus. Web processes add up through files."""

from __future__ import annotations

import os
import time
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse
from django_redis import get_redis_connection
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from common.http import STORE_ERRORS, problem_response
from common.problems import unauthenticated
from privexbot.metric_values import RoomyDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest

    from privexbot.asgi_types import Application, Receive, Scope, Send

# Before anything is counted: the client's own dies with the process on a full disk.
values.MmapedDict = RoomyDict  # type: ignore[attr-defined,assignment]

REQUESTS = Counter("privexbot_requests", "Requests answered", ["area", "method", "status"])
SECONDS = Histogram("privexbot_request_seconds", "Time until the first byte", ["area"])
STREAMS = Gauge("privexbot_open_streams", "Open streams", multiprocess_mode="livesum")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
AREAS = ("api", "v1", "widget", "webhooks", "static", "admin", "accounts", "w", "c")


class Measured:
    """``application``, with every answer counted."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        began, area = time.perf_counter(), area_of(scope["path"])

        async def counting(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                SECONDS.labels(area).observe(time.perf_counter() - began)
                REQUESTS.labels(area, method_of(scope), str(message["status"])).inc()
            await send(message)

        await self.application(scope, receive, counting)


def area_of(path: str) -> str:
    """The part of the product that a path belongs to: few values, whatever is asked for."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in AREAS else "other"


def method_of(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "OTHER"


class Drafts(Collector):
    """How many drafts the store holds, asked when the metrics are read."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            keys = get_redis_connection("drafts").dbsize()
        except STORE_ERRORS:
            return
        yield GaugeMetricFamily("privexbot_draft_keys", "Keys in the draft store", value=keys)


async def metrics(request: HttpRequest) -> HttpResponse:
    """Everything, in Prometheus's text format; where a token is set, for its holder alone."""
    wanted, given = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if wanted and not compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return problem_response(unauthenticated("Send the token of METRICS_TOKEN."))
    text = await sync_to_async(exposition)()
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def exposition() -> bytes:
    """What all processes counted, and what the store holds now."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    own.register(Drafts())
    return generate_latest(registry) + generate_latest(own)
