"""JSON from outside, read strictly: what parsers disagree about or cannot store is refused."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from common.problems import FieldError, malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 64
MOST_VALUES = 100_000
LONGEST_NAME = 256
# What every store and every other reader of JSON can hold.
INTEGERS = range(-(2**63), 2**63)
SURROGATES = ("\ud800", "\udfff")


def parse(raw: bytes) -> Any:
    """The value of ``raw``; raises a ``Problem`` 400 that says what is wrong and where."""
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_not_a_number
        )
    except UnicodeDecodeError as error:
        raise malformed("The body is not valid UTF-8.") from error
    except RecursionError as error:
        raise malformed(f"The body is nested more than {DEEPEST} levels deep.") from error
    except ValueError as error:  # not JSON, or a number too long to read
        raise malformed(f"The body is not valid JSON: {error}") from error
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise malformed(f"The name {_twice(pairs)!r} is given twice in one object.")
    return result


def _twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    return next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]


def _not_a_number(name: str) -> NoReturn:
    raise malformed(f"{name} is not a number that JSON knows.")


def _check(root: Any) -> None:
    """Look at every value, without recursion and without keeping more than the way to it: depth,
    names and number are what an attacker chooses."""
    way: list[str] = []
    opened: list[Iterator[tuple[str, Any]]] = [iter([("", root)])]
    seen = 0
    while opened:
        name, value = next(opened[-1], (None, None))
        if name is None:
            opened.pop()
            del way[-1:]
            continue
        seen += 1
        if seen > MOST_VALUES:
            raise malformed(f"The body holds more than {MOST_VALUES} values.")
        if isinstance(value, (dict, list)):
            if len(opened) > DEEPEST:
                raise malformed(f"The body is nested more than {DEEPEST} levels deep.")
            opened.append(_members(value))
            way.append(name)
        elif fault := _fault(value):
            raise _wrong([*way, name], fault)


def _fault(value: Any) -> str | None:
    """What is wrong with a value that holds no others."""
    match value:
        case str():
            return _fault_of_text(value)
        case float() if not math.isfinite(value):
            return "The number is too large."
        case int() if value not in INTEGERS:
            return "The number is too large."
    return None


def _fault_of_text(text: str) -> str | None:
    if "\0" in text:
        return "The text holds a NUL character."
    if not text.isascii() and any(SURROGATES[0] <= char <= SURROGATES[1] for char in text):
        return "The text holds half of a surrogate pair."
    return None


def _members(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        yield from ((str(index), item) for index, item in enumerate(value))
        return
    for name, item in value.items():
        if len(name) > LONGEST_NAME:
            raise malformed(f"A name is longer than {LONGEST_NAME} characters.")
        if fault := _fault_of_text(name):
            raise _wrong([], fault)
        yield name, item


def _wrong(way: list[str], message: str) -> Exception:
    return malformed(message, FieldError(".".join(way).removeprefix("."), message))
