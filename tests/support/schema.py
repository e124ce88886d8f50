"""Requests made up from the API's own schema, and what must hold for every answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def whole_schema() -> dict[str, Any]:
    """The API's OpenAPI document."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


def examples(most: int) -> settings:
    """At most so many requests for each operation, others in every run."""
    return settings(
        max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
