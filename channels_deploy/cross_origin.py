"""Answers that pages of other origins may read: the exact origin that was admitted, no cookies."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from channels_deploy.door import Visit
from common.http import problems
from common.problems import Problem, too_large

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

LONGEST_BODY = 128 * 1024
PREFLIGHT = {
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


def cross_origin(
    view: Callable[[Visit], Awaitable[HttpResponseBase]], method: str = "POST"
) -> Callable[..., Coroutine[Any, Any, HttpResponseBase]]:
    """Decorate a view that answers web pages' calls by ``method``; it calls ``visit.enter()``
    first."""

    @csrf_exempt
    @wraps(view)
    async def answered(request: HttpRequest, public_key: str) -> HttpResponseBase:
        visit = Visit(request, public_key)
        response: HttpResponseBase = await problems(_answer)(view, visit, method)
        patch_vary_headers(response, ("Origin",))
        if visit.admitted:
            response.headers["Access-Control-Allow-Origin"] = visit.origin
            response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    return answered


async def _answer(
    view: Callable[[Visit], Awaitable[HttpResponseBase]], visit: Visit, method: str
) -> HttpResponseBase:
    if visit.request.method == "OPTIONS":
        await sync_to_async(visit.enter)()
        allowed = {"Access-Control-Allow-Methods": method, **PREFLIGHT}
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=allowed)
    if visit.request.method != method:
        words = f"Send a {method}."
        raise Problem(405, "Method not allowed", words, headers={"Allow": method})
    if len(visit.request.body) > LONGEST_BODY:
        await sync_to_async(visit.enter)()
        raise too_large("The request is too large.")
    return await view(visit)
