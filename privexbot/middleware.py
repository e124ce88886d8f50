"""What every answer of a kind has in common: errors that are understood, headers for streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.http import problem_of, problem_response
from common.problems import malformed
from privexbot.errors import as_problem, error_response, is_for_program

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

STREAM_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # A proxy in front must not keep tokens back.
    "X-Accel-Buffering": "no",
    "Cache-Control": "no-store",
}


# PostgreSQL keeps no text with this character, and no address of ours has it.
NUL_REFUSED = malformed("The address holds a NUL character.")


def has_nul(request: HttpRequest) -> bool:
    return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")


class Errors:
    """Tells what a view raises, and turns error pages into problems where a program asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if has_nul(request):
            return error_response(request, NUL_REFUSED)
        response = self.get_response(request)
        return as_problem(response) if is_for_program(request) else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        problem = problem_of(exception)
        return None if problem is None else error_response(request, problem)


class StreamHeaders:
    """Security headers, and errors as problems. Asynchronous only."""

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]]) -> None:
        self.get_response = get_response

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if has_nul(request):
            response: HttpResponseBase = problem_response(NUL_REFUSED)
        else:
            response = as_problem(await self.get_response(request))
        for name, value in STREAM_HEADERS.items():
            response.headers.setdefault(name, value)
        return response
