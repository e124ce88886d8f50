"""What every answer of a kind has in common: problems for programs, headers for streams."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from common.http import problem_response
from common.problems import MEDIA_TYPE, Problem, not_found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

KNOWN = {int(status): status for status in HTTPStatus}
FOR_PROGRAMS = ("/api/", "/v1/", "/widget/", "/webhooks/")
STREAM_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # A proxy in front must not keep tokens back.
    "X-Accel-Buffering": "no",
    "Cache-Control": "no-store",
}


class ApiErrors:
    """Turns an error page into a problem where the client is a program: never HTML, no details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return as_problem(response) if request.path.startswith(FOR_PROGRAMS) else response


class StreamHeaders:
    """Security headers, and errors as problems. Asynchronous only."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = as_problem(await self.get_response(request))
        for name, value in STREAM_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """``response``, or the same error as a problem if it is an error in HTML or without words."""
    content_type = response.headers.get("Content-Type", "")
    error = response.status_code >= HTTPStatus.BAD_REQUEST
    if not error or content_type.startswith((MEDIA_TYPE, "application/json")):
        return response
    problem = problem_response(_plain_problem(response.status_code))
    for name in ("Allow", "Retry-After", "WWW-Authenticate", "Vary"):
        if name in response.headers:
            problem.headers[name] = response.headers[name]
    return problem


def _plain_problem(status: int) -> Problem:
    if status == HTTPStatus.NOT_FOUND:
        return not_found()
    known = KNOWN.get(status, HTTPStatus.BAD_REQUEST)
    slug = known.phrase.lower().replace(" ", "-")
    return Problem(status, known.phrase, known.description, slug)
