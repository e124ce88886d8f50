"""Answers the stream URLs: Django's asynchronous handler without what streams do not need.

No signals and no page middleware, which cost more than the whole rest of a request, and no
database connection that stays with a request: synchronous calls (``sync_to_async``, the ORM's
``a…`` methods) run on shared threads, and each gives its connection back when it returns. So a
transaction or a cursor must begin and end within one call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from asgiref.sync import ThreadSensitiveContext
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_script_prefix
from django.utils.module_loading import import_string

from common.database import ReturningExecutor
from common.http import problem_response, problems
from common.problems import Problem
from privexbot import bodies
from privexbot.metrics import STREAMS

if TYPE_CHECKING:
    from privexbot.asgi_types import Receive, Scope, Send

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


class StreamHandler(ASGIHandler):
    """Serves async views; ends them when the client goes away."""

    def __init__(self) -> None:
        super().__init__()
        self.executor = ReturningExecutor(settings.STREAM_THREADS, thread_name_prefix="stream")

    def load_middleware(self, is_async: bool = True) -> None:  # noqa: FBT001, FBT002 (Django's)
        """Use STREAM_MIDDLEWARE, all of it asynchronous."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        chain: GetResponse = convert_exception_to_response(problems(self._get_response_async))  # type: ignore[attr-defined]
        for name in reversed(settings.STREAM_MIDDLEWARE):
            chain = convert_exception_to_response(import_string(name)(chain))
        self._middleware_chain = chain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(RequestAborted):
            async with ThreadSensitiveContext(executor=self.executor):
                await self.handle(scope, receive, send)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body, _ = await bodies.read(scope, receive, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        except Problem as problem:
            await self.send_response(problem_response(problem), send)
            return
        set_script_prefix(get_script_prefix(scope))
        with body:
            request = ASGIRequest(scope, body)
            with STREAMS.track_inprogress():
                await _unless_gone(self.answered(request, send), receive)

    async def answered(self, request: ASGIRequest, send: Send) -> None:
        response = await self.run_get_response(request)
        try:
            await self.send_response(response, send)
        finally:
            response.close()


async def _unless_gone(answer: Awaitable[None], receive: Receive) -> None:
    """Await ``answer``, cancelling it when the client goes away first."""
    answering = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(receive())
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        if not answering.done():
            answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering
