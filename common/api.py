"""How the REST API reads bodies and tells errors: strict JSON in, RFC 9457 problems out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import IO, Any

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from common.http import json_object, problem_of, unsupported
from common.problems import (
    MEDIA_TYPE,
    FieldError,
    Problem,
    forbidden,
    invalid,
    malformed,
    not_found,
    too_many,
    unauthenticated,
)


class StrictJSONParser(BaseParser):
    """Reads a JSON object; see ``common.strict_json`` for what it refuses."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes] | HttpRequest,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        raw = stream.body if isinstance(stream, HttpRequest) else stream.read()
        return json_object(raw)


class MergePatchParser(StrictJSONParser):
    """The same for the media type of RFC 7396."""

    media_type = "application/merge-patch+json"


def problem_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The framework's exception handler. None (a fault of ours) makes it raise ``error`` again."""
    if isinstance(error, exceptions.APIException):
        problem: Problem | None = _of_the_framework(error)
    else:
        problem = problem_of(error)
    if problem is None:
        return None
    return Response(
        problem.body(), problem.status, headers=problem.headers, content_type=MEDIA_TYPE
    )


def _of_the_framework(error: exceptions.APIException) -> Problem:  # noqa: PLR0911 (a table)
    detail = str(error.detail)
    match error:
        case exceptions.ValidationError():
            return invalid("Some fields are not valid.", *_field_errors(error.detail))
        case exceptions.ParseError():
            return malformed(detail)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return unauthenticated(detail)
        case exceptions.PermissionDenied():
            return forbidden(detail)
        case exceptions.NotFound():
            return not_found()
        case exceptions.UnsupportedMediaType():
            return unsupported("that media type")
        case exceptions.Throttled():
            return too_many(detail, retry_after=int(getattr(error, "wait", None) or 1))
    # Not the framework's ``default_detail``, which is a template where the method is named.
    phrase = HTTPStatus(error.status_code).phrase
    return Problem(error.status_code, phrase, detail, phrase.lower().replace(" ", "-"))


def _field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """The framework's nested lists and dicts as flat dotted paths."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _field_errors(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, path)
    else:
        yield FieldError(path.removesuffix(".non_field_errors"), str(detail))
