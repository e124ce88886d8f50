"""Streams that show how the server treats streams."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from common.http import json_body
from common.problems import conflict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from django.http import HttpRequest


async def ticks(request: HttpRequest) -> StreamingHttpResponse:
    """Ticks for ever; notes when it is told to end."""

    async def stream() -> AsyncIterator[str]:
        try:
            while True:
                yield "data: tick\n\n"
                await asyncio.sleep(0.02)
        finally:
            cache.set("ended", "yes")

    return StreamingHttpResponse(stream(), content_type="text/event-stream")


async def silence(request: HttpRequest) -> HttpResponse:
    """Says nothing for long; notes when it is told to end."""
    try:
        await asyncio.sleep(60)
    finally:
        cache.set("ended", "yes")
    return HttpResponse()


async def question(request: HttpRequest) -> StreamingHttpResponse:
    """Asks the database, then waits without it, then asks again."""

    async def stream() -> AsyncIterator[str]:
        yield f"{await sync_to_async(one)()}"
        await asyncio.sleep(1)
        yield f"{await sync_to_async(one)()}"

    return StreamingHttpResponse(stream())


def one() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


async def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(json_body(request))))


async def refused(request: HttpRequest) -> HttpResponse:
    raise conflict("No.")


async def visitor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.META["REMOTE_ADDR"])


async def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    path("ticks", ticks),
    path("silence", silence),
    path("question", question),
    path("echo", echo),
    path("refused", refused),
    path("visitor", visitor),
    path("broken", broken),
]
