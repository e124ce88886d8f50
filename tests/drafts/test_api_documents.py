"""The API's schema says what documents hold."""

from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from jsonschema import Draft4Validator

from drafts.given import json_copy
from drafts.types import draft_types
from tests.support.schema import whole_schema


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return whole_schema()


def of(schema: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema["components"]["schemas"][f"document.{name}"]
    return found


def test_it_is_valid(schema: dict[str, Any]) -> None:
    validate_schema(schema)  # type: ignore[no-untyped-call]


def test_it_names_the_settings_of_channels(schema: dict[str, Any]) -> None:
    entry = of(schema, "WhatsAppChannel")["properties"]
    assert entry["type"]["enum"] == ["whatsapp"]
    assert "credential_id" in of(schema, "WhatsAppSettings")["properties"]
    assert of(schema, "WhatsAppSettings")["properties"]["credential_id"]["nullable"]
    assert "``" not in of(schema, "WhatsAppSettings")["description"]


def test_it_names_the_settings_of_nodes(schema: dict[str, Any]) -> None:
    assert of(schema, "LlmNode")["properties"]["type"]["enum"] == ["llm"]


@pytest.mark.parametrize("kind", ["chatbot", "chatflow"])
def test_templates_are_as_described(schema: dict[str, Any], kind: str) -> None:
    draft_type = draft_types.get(kind)
    described = of(schema, draft_type.schema.__name__) | {"components": schema["components"]}
    for template in draft_type.templates:
        data = json_copy(draft_type.initial()) | json_copy(template.data)
        assert not list(Draft4Validator(described).iter_errors(data)), template.name
