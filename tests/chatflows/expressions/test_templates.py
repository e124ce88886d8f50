"""Texts with expressions in them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from chatflows.expressions import ExpressionError, parse_template
from chatflows.expressions.template import MOST_EXPRESSIONS

KNOWN: dict[str, Any] = {"name": "Ana", "kb": {"results": [{"a": 1}], "found": 2}, "flag": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Plain { text }", "Plain { text }"),
        ("Hi {{name}}!", "Hi Ana!"),
        ("{{ name }}{{name}}", "AnaAna"),
        ("{{kb.results}}", [{"a": 1}]),
        ("All: {{kb.results}}", 'All: [{"a":1}]'),
        ("{{kb.found}}", 2),
        ("{{kb.found}} found, {{flag}}, {{nothing}}.", "2 found, true, ."),
        ("{{ '}}' }} and {{ \"{{\" }}", "}} and {{"),
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
        ('{"a": {"b": "{{name}}"}}', '{"a": {"b": "Ana"}}'),
    ],
)
def test_templates(text: str, expected: Any) -> None:
    assert parse_template(text).value(KNOWN) == expected


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("Hi {{name", 4, "{{ has no }} behind it."),
        ("Hi {{ }}", 6, "There is no expression."),
        ("Hi {{name}} {{ 1 + }}", 20, "ends too early"),
        ("Hi {{ shout(name) }}", 7, "There is no function shout."),
        ("Hi\n{{ 1 +\n= 2 }}", 11, "A single = compares nothing"),
        ("Hi\n{{ 1 ==\n1 == 2 }}", 14, "Only two values are compared"),
    ],
)
def test_a_fault_is_told_with_its_place_in_the_whole_text(
    text: str, column: int, words: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_template(text)
    assert caught.value.column == column
    assert words in caught.value.message


def test_a_value_that_cannot_be_is_told_with_its_place() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_template("Costs {{ 1 / 0 }}").text({})
    assert caught.value.column == 12


def test_how_values_are_written_can_be_chosen() -> None:
    shown = parse_template("<{{name}}>").text(KNOWN, lambda value, before: f"{before}{value}*")
    assert shown == "<<Ana*>"


def test_what_it_reads() -> None:
    template = parse_template("{{llm1.intent}} {{ kb.results[0].title | upper }} {{ a[b.c].d }}")
    assert [(each.path, each.column) for each in template.references()] == [
        (("llm1", "intent"), 3),
        (("kb", "results", "0", "title"), 20),
        (("a",), 54),
        (("b", "c"), 56),
    ]


def test_what_is_nested_too_deep_is_nothing_or_an_error_with_its_place() -> None:
    text = "[" * 300 + "]" * 300
    assert parse_template("{{parse_json(t)}}").value({"t": text}) is None
    deep = orjson.loads(text)
    with pytest.raises(ExpressionError) as error:
        parse_template("So: {{deep}}").text({"deep": deep})
    assert (error.value.message, error.value.column) == (
        "This cannot be written: the value is nested too deep.",
        7,
    )


@pytest.mark.parametrize("between", ["", ", "])
def test_a_text_has_so_many_expressions_and_no_more(between: str) -> None:
    parse_template(between.join(["{{name}}"] * MOST_EXPRESSIONS))
    with pytest.raises(ExpressionError, match="at most 200 expressions"):
        parse_template(between.join(["{{name}}"] * (MOST_EXPRESSIONS + 1)))
