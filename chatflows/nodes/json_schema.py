"""JSON schemas (2020-12) that people write themselves, and values judged by them.

Such a schema is carried out here, so it is bounded: in size, in depth and in how many parts it has
with all that it refers to, which stands in itself alone. Its patterns are RE2's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from jsonschema import Draft202012Validator, SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from chatflows.expressions import ExpressionError
from chatflows.expressions.effort import Effort, check
from chatflows.expressions.functions.patterns import matches
from chatflows.expressions.values import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Characters of a schema; levels of it, and of what constants in it hold; its parts with what it
# refers to; and how often a part may be looked at a value of an answer.
LONGEST, DEEPEST, DEEPEST_CONSTANT, MOST_PARTS, MOST_WORK = 20_000, 10, 40, 500, 100_000
LONGEST_FAULT = 300
# Seconds of the processor that its patterns may be searched for, since all else waits meanwhile.
LONGEST_SEARCH = 0.2
# What refers elsewhere, or would be searched by patterns that are not RE2's.
REFUSED = frozenset(
    {"$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"}
    | {"$vocabulary", "patternProperties", "unevaluatedItems", "unevaluatedProperties"}
)
# Where a schema holds others: one, several, or several by name.
_ONE = (
    *("items", "contains", "not", "if", "then", "else"),
    *("additionalProperties", "propertyNames"),
)
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "dependentSchemas")
_PLACES = ("$defs", "definitions")


class UnfitSchemaError(Exception):
    """A text is no schema that can be used. The message says why, for whoever wrote it."""


@lru_cache(maxsize=200)
def schema_in(text: str) -> Mapping[str, Any]:
    """The schema of an object that ``text`` is; raises ``UnfitSchemaError``. Not to be changed."""
    if len(text) > LONGEST:
        raise UnfitSchemaError(f"A schema has at most {LONGEST:,} characters.")
    if not text.strip():
        raise UnfitSchemaError("Write the JSON schema that the answer has to fit.")
    try:
        schema = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnfitSchemaError(f"This is no JSON: {error}.") from None
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise UnfitSchemaError('The schema has to be of an object: {"type": "object", …}.')
    if is_deeper(schema, DEEPEST_CONSTANT):
        raise UnfitSchemaError("The schema is nested too deeply.")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = ".".join(map(str, error.absolute_path))
        words = f"{f'{place}: ' if place else ''}{error.message}"
        raise UnfitSchemaError(f"This is no JSON schema: {_short(words)}.") from None
    for part in parts_of(schema):
        _refuse_unfit(part)
    return schema


def parts_of(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """It and all schemas in it, those that it refers to as often as it does; raises
    ``UnfitSchemaError`` where that would be too many or never end."""
    count = 0
    left: list[tuple[Any, int, tuple[str, ...]]] = [(schema, 1, ())]
    while left:
        part, depth, within = left.pop()
        if not isinstance(part, dict):
            continue  # true and false are schemas too
        count += 1
        if count > MOST_PARTS:
            raise UnfitSchemaError(
                f"The schema has more than {MOST_PARTS} parts with what it refers to."
            )
        if depth > DEEPEST:
            raise UnfitSchemaError(f"The schema has more than {DEEPEST} levels.")
        yield part
        if (ref := part.get("$ref")) is not None:
            if ref in within:
                raise UnfitSchemaError(f"{_short(ref)} leads back to itself.")
            left.append((referred(schema, ref), depth, (*within, ref)))
        left += [(each, depth + 1, within) for each in _held(part)]


def referred(schema: Mapping[str, Any], ref: str) -> Any:
    """What a ``$ref`` in ``schema`` leads to; raises ``UnfitSchemaError``."""
    hash_, place, name = (*ref.split("/", 2), "", "")[:3]
    found = schema.get(place) if hash_ == "#" and place in _PLACES else None
    if not isinstance(found, dict) or not isinstance(found.get(name), dict):
        words = "leads to nothing. A schema refers to its own $defs: #/$defs/name"
        raise UnfitSchemaError(f"$ref: {_short(ref)} {words}.")
    return found[name]


def _held(part: Mapping[str, Any]) -> Iterator[Any]:
    for name in _ONE:
        yield part.get(name)
    for name in _SEVERAL:
        yield from part.get(name) or ()
    for name in _NAMED:
        yield from (part.get(name) or {}).values()


def _refuse_unfit(part: Mapping[str, Any]) -> None:
    if refused := sorted(REFUSED & part.keys()):
        raise UnfitSchemaError(f"{refused[0]} cannot be used here.")
    if (pattern := part.get("pattern")) is not None:
        try:
            matches("", pattern)
        except UnfitError as error:
            raise UnfitSchemaError(f"pattern: {error}.") from None


def is_deeper(value: Any, most: int) -> bool:
    """Whether lists and objects in ``value`` are in each other more than ``most`` times."""
    level = [value]
    for _depth in range(most + 1):
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def fault_in(value: Any, schema: Mapping[str, Any]) -> str:
    """Why ``value`` is not valid under a schema that can be used; empty where it is."""
    if _size(value) * sum(1 for _part in parts_of(schema)) > MOST_WORK:
        return "it is too large to be compared with its schema"
    try:
        with Effort(LONGEST_SEARCH):
            fault = next(iter(_Validator(schema, registry=Registry()).iter_errors(value)), None)
    except ExpressionError:
        return "its patterns take too long to be looked for"
    if fault is None:
        return ""
    place = ".".join(map(str, fault.absolute_path))
    return f"{f'{place}: ' if place else ''}{_short(fault.message)}"


def _size(value: Any) -> int:
    """How many values there are in ``value``, with itself."""
    count, left = 0, [value]
    while left:
        each = left.pop()
        count += 1
        if isinstance(each, (dict, list)):
            left += each.values() if isinstance(each, dict) else each
    return count


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_FAULT else f"{text[: LONGEST_FAULT - 1]}…"


def _fits_pattern(
    _validator: Any, pattern: str, instance: Any, _schema: Any
) -> Iterator[ValidationError]:
    """In linear time, whatever the pattern says; raises ``ExpressionError`` where that is over."""
    if not isinstance(instance, str):
        return
    check()
    try:
        if not matches(instance, pattern):
            yield ValidationError(f"it does not match {pattern!r}")
    except UnfitError as error:
        yield ValidationError(str(error))


def _holds_each_once(
    _validator: Any,
    is_wanted: Any,
    instance: Any,
    _schema: Any,
) -> Iterator[ValidationError]:
    """In linear time, where items are compared with each other otherwise."""
    if not is_wanted or not isinstance(instance, list):
        return
    if len({orjson.dumps(each, option=orjson.OPT_SORT_KEYS) for each in instance}) < len(instance):
        yield ValidationError("some items are there twice")


_Validator = extend(
    Draft202012Validator, {"pattern": _fits_pattern, "uniqueItems": _holds_each_once}
)
