"""Requests in and problems out, for plain views; ``common.api`` is the same for the API's."""

from __future__ import annotations

import logging
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ParamSpec

import psycopg_pool
import redis
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, JsonResponse, UnreadablePostError
from django_redis.exceptions import ConnectionInterrupted
from psycopg.errors import ForeignKeyViolation

from common import strict_json
from common.problems import (
    MEDIA_TYPE,
    Problem,
    conflict,
    forbidden,
    malformed,
    not_found,
    too_large,
    unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

P = ParamSpec("P")
logger = logging.getLogger(__name__)

JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})
# Not every error of Redis: a mistake in a script of ours must show as one.
STORE_ERRORS = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.OutOfMemoryError,
    redis.ReadOnlyError,
    ConnectionInterrupted,
)
# PostgreSQL cannot be reached, hung up, or has no connection free.
DATABASE_ERRORS = (OperationalError, InterfaceError, psycopg_pool.PoolTimeout)
NOTHING_LOST = "Nothing was lost. Try again in a moment."


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body, ``{}`` when there is no body; raises ``Problem``."""
    try:
        raw = request.body
    except RequestDataTooBig as error:
        raise too_large("The request is too large.") from error
    if not raw:
        return {}
    if request.content_type not in JSON_TYPES:
        raise unsupported(request.content_type or "")
    return json_object(raw)


def json_object(raw: bytes) -> dict[str, Any]:
    """``raw`` as a JSON object; raises ``Problem`` 400."""
    value = strict_json.parse(raw)
    if not isinstance(value, dict):
        raise malformed("The body must be a JSON object.")
    return value


def unsupported(content_type: str) -> Problem:
    detail = f"Send application/json, not {content_type or 'a body without a type'}."
    return Problem(415, "Unsupported media type", detail, "unsupported-media-type")


def problem_response(problem: Problem) -> JsonResponse:
    """``problem`` as an answer."""
    return JsonResponse(
        problem.body(), status=problem.status, headers=problem.headers, content_type=MEDIA_TYPE
    )


def problem_of(error: BaseException | None) -> Problem | None:  # noqa: PLR0911 (a table)
    """What a client may be told about ``error``; None when it is a fault of ours."""
    match error:
        case Problem():
            return error
        case Http404():
            return not_found()
        case PermissionDenied():
            return forbidden(str(error) or "You are not allowed to do this.")
        case RequestDataTooBig():
            return too_large("The request is too large.")
        case SuspiciousOperation() | BadRequest() | UnreadablePostError():
            return malformed("The request cannot be read.")
        case _ if isinstance(error, STORE_ERRORS) or _cannot_write(error):
            logger.warning("The draft store is away: %r", error)
            return unavailable(f"The draft store is away. {NOTHING_LOST}")
    return _of_the_database(error)


def _of_the_database(error: BaseException | None) -> Problem | None:
    if refers_to_nothing(error):
        return conflict("What this belongs to was deleted meanwhile. Nothing was changed.")
    if isinstance(error, DATABASE_ERRORS):
        logger.warning("The database is away: %r", error)
        return unavailable(f"The database is away. {NOTHING_LOST}")
    return None


def refers_to_nothing(error: BaseException | None) -> bool:
    """Whether a row could not be written because what it belongs to was deleted."""
    return isinstance(error, IntegrityError) and isinstance(error.__cause__, ForeignKeyViolation)


def _cannot_write(error: BaseException | None) -> bool:
    """Redis refuses changes because its disk is full."""
    return isinstance(error, redis.ResponseError) and str(error).startswith("MISCONF")


def problems(view: Callable[P, Any]) -> Callable[P, Any]:
    """Decorate a plain view, synchronous or not: what it raises is answered as a problem."""
    return _awaited(view) if iscoroutinefunction(view) else _called(view)


def _called(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (raised again if it is a fault of ours)
            return _answer(error)

    return wrapper


def _awaited(
    view: Callable[P, Awaitable[HttpResponseBase]],
) -> Callable[P, Awaitable[HttpResponseBase]]:
    @wraps(view)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return await view(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 (raised again if it is a fault of ours)
            return _answer(error)

    return wrapper


def _answer(error: Exception) -> JsonResponse:
    problem = problem_of(error)
    if problem is None:
        raise error
    return problem_response(problem)
