"""Answers of a model that are an object of a known shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from chatflows.expressions.values import is_too_deep
from chatflows.nodes.json_schema import fault_in

if TYPE_CHECKING:
    from collections.abc import Mapping

FENCE = "```"
_INSTRUCTION = (
    "Answer with one JSON object and nothing else: no explanation, no code fence. "
    "It has to be valid under this JSON schema:\n"
)


class ShapeError(Exception):
    """An answer is no object of the shape that was asked for. The message says what is wrong."""


def instruction(schema: Mapping[str, Any]) -> str:
    """How a model is told, whether its server knows schemas or not."""
    return _INSTRUCTION + orjson.dumps(schema).decode()


def object_in(answer: str) -> dict[str, Any] | None:
    """The JSON object that an answer is, or holds: in a code fence, or among words."""
    for text in (answer, _fenced(answer), _braced(answer)):
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if isinstance(found, dict) and not is_too_deep(found):
            return found
    return None


def shaped(answer: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The object that an answer is; raises ``ShapeError``."""
    found = object_in(answer)
    if found is None:
        raise ShapeError("The model's answer is no JSON object.")
    if fault := fault_in(found, schema):
        raise ShapeError(f"The model's answer does not fit: {fault}")
    return found


def _fenced(answer: str) -> str:
    """What stands in the first code fence. Looked at once, however long it is: a model may begin
    one and go on with blank lines."""
    _before, _begins, rest = answer.partition(FENCE)
    inside, ends, _after = rest.partition(FENCE)
    return inside.removeprefix("json") if ends else ""


def _braced(answer: str) -> str:
    """All from the first brace to the last."""
    start, end = answer.find("{"), answer.rfind("}")
    return answer[start : end + 1] if 0 <= start < end else ""
