"""Which HTTP methods an asynchronous API view takes, and how its problems are told."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.views.decorators.csrf import csrf_exempt

from common.http import problem_of, problem_response
from common.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., Any]
    Tell = Callable[[Problem], HttpResponseBase]


def takes(*methods: str, tell: Tell = problem_response) -> Callable[[View], View]:
    """Decorates a view that is asked with a key, so needs no guard against forged requests."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        async def wrapper(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if request.method not in methods:
                return tell(_wrong_method(methods))
            try:
                answer: HttpResponseBase = await view(request, **kwargs)
            except Exception as error:
                # Raised again if it is a fault of ours.
                problem = problem_of(error)
                if problem is None:
                    raise
                return tell(problem)
            return answer

        return wrapper

    return decorate


def _wrong_method(methods: tuple[str, ...]) -> Problem:
    allowed = ", ".join(methods)
    return Problem(405, "Method not allowed", f"Use {allowed}.", headers={"Allow": allowed})
