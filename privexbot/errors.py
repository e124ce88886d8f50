"""How errors are told: a problem to a program, a page to a person."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from common.http import problem_of, problem_response
from common.problems import MEDIA_TYPE, Problem, not_found

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

FOR_PROGRAMS = ("/api/", "/v1/", "/widget/", "/webhooks/")
WITH_A_PAGE = frozenset({400, 403, 404, 503})
KNOWN = {int(status): status for status in HTTPStatus}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate", "Vary")


def is_for_program(request: HttpRequest) -> bool:
    return request.path.startswith(FOR_PROGRAMS)


def error_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """``problem`` in the form that whoever asked understands."""
    if is_for_program(request):
        return problem_response(problem)
    page = f"{problem.status}.html" if problem.status in WITH_A_PAGE else "privexbot/problem.html"
    response = render(request, page, {"problem": problem}, status=problem.status)
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``: a service that is away is told as such, everything else without details."""
    problem = problem_of(sys.exc_info()[1])
    if problem is not None:
        return error_response(request, problem)
    if is_for_program(request):
        return problem_response(plain_problem(500))
    return render(request, "500.html", status=500)


def as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """``response``, or the same error as a problem if it is an error in HTML or without words."""
    content_type = response.headers.get("Content-Type", "")
    error = response.status_code >= HTTPStatus.BAD_REQUEST
    if not error or content_type.startswith((MEDIA_TYPE, "application/json")):
        return response
    problem = problem_response(plain_problem(response.status_code))
    for name in KEPT_HEADERS:
        if name in response.headers:
            problem.headers[name] = response.headers[name]
    return problem


def plain_problem(status: int) -> Problem:
    """What is known about an error of which only the number is known."""
    if status == HTTPStatus.NOT_FOUND:
        return not_found()
    known = KNOWN.get(status, HTTPStatus.BAD_REQUEST)
    slug = known.phrase.lower().replace(" ", "-")
    return Problem(status, known.phrase, known.description, slug)
