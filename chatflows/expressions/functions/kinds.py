"""Functions from one kind of value to another, and for values that are not there."""

from __future__ import annotations

from typing import Any

import orjson

from chatflows.expressions import values
from chatflows.expressions.functions.function import function
from chatflows.expressions.values import UnfitError, as_number, as_text, bounded


@function('number("12")', "As a number; nothing where it is none.")
def number(value: Any) -> int | float | None:
    try:
        return values.plain(as_number(value))
    except UnfitError:
        return None


@function("text(12)", "As a text.")
def text(value: Any) -> str:
    return bounded(as_text(value))


@function("json(object)", "As JSON, for the body of a request.")
def json(value: Any) -> str:
    return bounded(values.as_json(value))


@function("parse_json(text)", "What a text holds as JSON; nothing where it is none.")
def parse_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    return None if values.is_too_deep(found) else found


@function('default(name, "friend")', "Something else where there is nothing, or an empty text.")
def default(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None or value == "" else value


@function(
    "is_empty(list)", "Whether it is nothing, or a text, list or object without anything in it."
)
def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}, ())
