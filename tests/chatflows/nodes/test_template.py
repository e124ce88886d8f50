"""The node that puts texts and values together."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from chatflows.executor.events import Broken
from chatflows.nodes.template import TemplateSettings
from tests.chatflows.executor.flows import Told, flow, ran


def made(**settings: Any) -> Told:
    nodes = {
        "start": ("trigger", {}),
        "text1": ("template", settings),
        "end": ("response", {"message": "{{text1}}|{{text1.names[1]}}"}),
    }
    return ran(flow(nodes, "start->text1 text1->end"), "a, b")


def test_a_text_and_values_that_keep_their_kind() -> None:
    fields = [
        {"name": "names", "value": "{{split(input, ',')}}"},
        {"name": "count", "value": "{{length(split(input, ','))}}"},
        {"name": "said", "value": "{{length(input)}} characters"},
        {"name": "nothing", "value": "{{start.nothing}}"},
    ]
    turn = made(template="Hello {{input | upper}}", fields=fields)
    assert turn.text == "Hello A, B|b"
    assert turn.outputs("text1") == [
        {
            "text": "Hello A, B",
            "names": ["a", "b"],
            "count": 2,
            "said": "4 characters",
            "nothing": None,
        }
    ]


def test_what_is_inserted_is_no_template() -> None:
    assert made(template="{{'{' + '{input}' + '}'}}").outputs("text1")[0]["text"] == "{{input}}"


def test_a_value_that_fails_is_named() -> None:
    end = made(fields=[{"name": "one", "value": "{{input - 1}}"}]).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("text1", "fields.one.value")


def test_values_are_named_once() -> None:
    with pytest.raises(ValidationError, match="Two values are called a"):
        TemplateSettings.model_validate({"fields": [{"name": "a"}, {"name": "a"}]})
