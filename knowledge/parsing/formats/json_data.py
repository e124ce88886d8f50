"""JSON and JSON Lines. One page: values with the path that leads to them, objects as records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing.decoding import decoded
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.markup import heading, joined, one_line, tidy
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 100
MAX_CHARACTERS = 50_000_000
TITLES = ("name", "title")
MAX_TITLE = 200

LARGE = "The file holds more than 20 MB. Split it into smaller files."
DEEP = f"The data is nested more than {MAX_DEPTH} times, so it cannot be read as text."


class Pairs(list[tuple[str, object]]):
    """An object as it was written: a key may be there twice, and both are read."""


class JsonData:
    name: ClassVar[str] = "JSON"
    mime_type: ClassVar[str] = "application/json"
    extensions: ClassVar[tuple[str, ...]] = (".json", ".jsonl", ".ndjson")

    def fits(self, head: bytes, path: Path) -> bool:
        return False

    def read(self, path: Path, name: str) -> Parsed:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(LARGE)
        # Half a character, written as an escape, is no character.
        text = joined(_bounded(_blocks(_loaded(decoded(path.read_bytes())))))
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return Parsed((Page(1, text),) if text else (), mime_type=self.mime_type)


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    """A long key is told again with everything below it."""
    length = 0
    for text in texts:
        length += len(text)
        if length > MAX_CHARACTERS:
            raise UnreadableError(LARGE)
        yield text


def _loaded(text: str) -> object:
    if not text.strip():
        return None
    try:
        return _value(text)
    except json.JSONDecodeError as exc:
        return _loaded_lines(text, exc)


def _loaded_lines(text: str, whole: json.JSONDecodeError) -> list[object]:
    """A value on each line; what is wrong is told of the file as a whole if not even the first
    line is one."""
    values: list[object] = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            if line.strip():
                values.append(_value(line))
        except json.JSONDecodeError as exc:
            at = number if values else whole.lineno
            raise UnreadableError(f"The file is not valid JSON: see line {at}.") from exc
    return values


def _value(text: str) -> object:
    # Numbers stay as they are written: how many digits they have is not our matter.
    try:
        return json.loads(
            text, object_pairs_hook=Pairs, parse_int=str, parse_float=str, parse_constant=str
        )
    except RecursionError as exc:
        raise UnreadableError(DEEP) from exc


def _blocks(value: object) -> Iterator[str]:
    """Lists of objects as records, all else as lines."""
    if isinstance(value, list) and not isinstance(value, Pairs):
        for one in value:
            yield from _record(one, "")
    elif isinstance(value, Pairs):
        plain = Pairs(pair for pair in value if not _is_list_of_objects(pair[1]))
        yield from _record(plain, "")
        for key, inner in value:
            if isinstance(inner, list) and _is_list_of_objects(inner):
                yield heading(key)
                for one in inner:
                    yield from _record(one, "")
    else:
        yield _scalar(value)


def _is_list_of_objects(value: object) -> bool:
    return (
        isinstance(value, list)
        and not isinstance(value, Pairs)
        and any(isinstance(one, Pairs) for one in value)
    )


def _record(value: object, path: str) -> Iterator[str]:
    if isinstance(value, Pairs):
        yield heading(_title(value), 2)
    yield "\n".join(_bounded(_lines(value, path, 0)))


def _title(record: Pairs) -> str:
    for key, value in record:
        if key.casefold() in TITLES and isinstance(value, str) and len(value) <= MAX_TITLE:
            return value
    return ""


def _lines(value: object, path: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise UnreadableError(DEEP)
    if isinstance(value, Pairs):
        for key, inner in value:
            name = one_line(key)
            yield from _lines(inner, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list):
        yield from _list_lines(value, path, depth)
    elif text := tidy(_scalar(value)):
        yield f"{path}: {text}" if path else text


def _list_lines(values: list[object], path: str, depth: int) -> Iterator[str]:
    if not any(isinstance(one, list) for one in values):
        text = ", ".join(_scalars(values))
        if text:
            yield f"{path}: {text}" if path else text
        return
    for number, one in enumerate(values, start=1):
        yield from _lines(one, f"{path}[{number}]" if path else f"[{number}]", depth + 1)


def _scalars(values: Iterable[object]) -> Iterator[str]:
    return (text for text in (one_line(_scalar(value)) for value in values) if text)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
