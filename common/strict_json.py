"""JSON from outside, read strictly: what parsers disagree about or cannot store is refused."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from common.problems import FieldError, malformed

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 64
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
    """Look at every value without recursion: the depth is what an attacker chooses."""
    waiting = [(root, "", 1)]
    while waiting:
        value, path, depth = waiting.pop()
        if depth > DEEPEST and isinstance(value, (dict, list)):
            raise malformed(f"The body is nested more than {DEEPEST} levels deep.")
        if isinstance(value, str):
            _check_text(value, path)
        elif _is_beyond(value):
            raise _wrong(path, "The number is too large.")
        else:
            waiting += [(item, f"{path}.{name}", depth + 1) for name, item in _members(value)]


def _is_beyond(value: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and value not in INTEGERS


def _members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name in value:
            _check_text(name, "")
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(index), item) for index, item in enumerate(value))


def _check_text(text: str, path: str) -> None:
    if "\0" in text:
        raise _wrong(path, "The text holds a NUL character.")
    if not text.isascii() and any(SURROGATES[0] <= char <= SURROGATES[1] for char in text):
        raise _wrong(path, "The text holds half of a surrogate pair.")


def _wrong(path: str, message: str) -> Exception:
    return malformed(message, FieldError(path.removeprefix("."), message))
