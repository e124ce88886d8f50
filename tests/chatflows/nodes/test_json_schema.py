"""Schemas that people write themselves: what is refused, and values judged by them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatflows.nodes.json_schema import MOST_PARTS, UnfitSchemaError, fault_in, schema_in
from inference.openai_wire import is_strict
from tests.support.processor import takes_at_most


def of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def nested(levels: int) -> dict[str, Any]:
    return of(a=nested(levels - 1)) if levels > 1 else {"type": "string"}


def laughing(levels: int) -> dict[str, Any]:
    """A schema that refers to the next several times, and that to the one after it."""
    refs = {str(n): {"allOf": [{"$ref": f"#/$defs/{n + 1}"}] * 8} for n in range(levels)}
    return of(a={"$ref": "#/$defs/0"}) | {"$defs": {**refs, str(levels): {"type": "string"}}}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("", "Write the JSON schema"),
        ("[]", "has to be of an object"),
        ({"type": "array"}, "has to be of an object"),
        ({"type": "object", "required": "a"}, "required: 'a' is not of type 'array'"),
        (of(a={"type": "text"}), "properties.a.type"),
        (of(a=3), "no JSON schema"),
        ({**of(), "description": "x" * 20_000}, "at most 20,000 characters"),
        (nested(12), "more than 10 levels"),
        (json.loads('{"type": "object", "const": ' + "[" * 60 + "]" * 60 + "}"), "too deeply"),
        (of(**{f"p{n}": {} for n in range(MOST_PARTS)}), "more than 500 parts"),
        (laughing(4), "parts with what it refers to"),
        (of(a={"$ref": "https://example.com/schema.json"}), "leads to nothing"),
        (of(a={"$ref": "#/$defs/gone"}), "leads to nothing"),
        ({"type": "object", "$ref": "#"}, "leads to nothing"),
        (of(a={"$ref": "#/$defs/a"}) | {"$defs": {"a": of(b={"$ref": "#/$defs/a"})}}, "to itself"),
        ({**of(), "$id": "https://example.com/"}, "$id cannot be used"),
        ({**of(), "patternProperties": {"^a": {}}}, "patternProperties cannot be used"),
        (of(a={"type": "string", "pattern": "(a)\\1"}), "is no pattern"),
    ],
)
def test_what_cannot_be_used_is_refused(schema: Any, words: str) -> None:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    with pytest.raises(UnfitSchemaError) as told:
        schema_in(text)
    assert words in str(told.value)


def test_a_pattern_takes_linear_time_and_its_text_has_a_limit() -> None:
    schema = schema_in(json.dumps(of(a={"type": "string", "pattern": "^(a+)+$"})))
    assert "does not match" in fault_in({"a": "a" * 5000 + "!"}, schema)
    assert "up to 8,000 characters" in fault_in({"a": "a" * 9000}, schema)
    assert fault_in({"a": "aaa"}, schema) == ""


def test_items_are_told_apart_in_linear_time() -> None:
    schema = schema_in(json.dumps(of(a={"type": "array", "uniqueItems": True})))
    many = [{"n": number} for number in range(20_000)]
    assert fault_in({"a": many}, schema) == ""
    assert fault_in({"a": [*many, {"n": 7}]}, schema) == "a: some items are there twice"


def test_what_would_take_too_long_is_not_compared() -> None:
    kinds = [{"type": "string", "minLength": n} for n in range(50)]
    schema = schema_in(json.dumps(of(a={"type": "array", "items": {"anyOf": kinds}})))
    assert fault_in({"a": [0] * 10_000}, schema) == "it is too large to be compared with its schema"


def test_patterns_are_searched_for_no_longer_than_others_can_wait() -> None:
    """Linear time of one that repeats a part five hundred times is an eighth of a second."""
    slow = {"type": "array", "items": {"pattern": "((((a?){10}){10}){5})$"}}
    schema = schema_in(json.dumps({"type": "object", "additionalProperties": slow}))
    with takes_at_most(1.5):
        fault = fault_in({"a": ["ab" * 3999] * 100}, schema)
    assert fault == "its patterns take too long to be looked for"


def test_what_does_not_fit_is_told_in_a_few_words() -> None:
    schema = schema_in(json.dumps(of(a={"enum": ["x"]})))
    assert len(fault_in({"a": "y" * 10_000}, schema)) < 400


def test_servers_hold_a_model_to_a_schema_only_where_they_can() -> None:
    whole = of(a={"type": "string"}) | {"required": ["a"], "additionalProperties": False}
    assert is_strict(whole)
    assert not is_strict(of(a={"type": "string"}))
    assert not is_strict({**whole, "properties": {"a": of(b={})}})
    assert not is_strict({**whole, "required": []})
