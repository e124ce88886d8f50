"""How keys and problems are described in the API's schema."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from common.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema

WORDS = {
    400: "The request cannot be read.",
    401: "No valid API key.",
    403: "The key's scope or its maker's role is too low.",
    404: "There is nothing at this address, or it belongs to another workspace.",
    409: "Somebody else changed it meanwhile.",
    410: "It is gone; the body says what became of it.",
    413: "Too large.",
    415: "Not a media type that is understood here.",
    422: "Well formed but not valid; `errors` says where.",
    429: "Too often; `Retry-After` says when to come back.",
    502: "An outside service failed.",
    503: "A service that PrivexBot needs is unavailable. Nothing was lost; it is safe to retry.",
    504: "An outside service took too long.",
}

# Of what was deleted: 204.
GONE = OpenApiResponse(description="It is gone.")


class FieldProblem(serializers.Serializer[Any]):
    path = serializers.CharField()
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]


def problems(*statuses: int) -> dict[Any, OpenApiResponse]:
    """The ``responses`` entries of these statuses, for ``extend_schema``."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(
            Problem, description=WORDS.get(status, HTTPStatus(status).phrase)
        )
        for status in statuses
    }


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """``Authorization: Bearer pxb_…``"""

    target_class = "workspaces.api_auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "pxb_…"}
