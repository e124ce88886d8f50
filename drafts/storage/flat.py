"""A document as leaves and back: one JSON text per leaf, keyed lists item by item. Pure.

``keyed`` maps the path of a list (without item keys) to the field that names an item.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from drafts.paths import LIST, MARKS, OBJECT, POSITION, dotted, joined, marked, unescaped

STEP = 1024  # between the positions of neighbours, so that most insertions touch one item
EXISTS = "1"
Keyed = Mapping[str, str]
Fields = Mapping[str, str]


def as_text(value: Any) -> str:
    """A leaf as it is stored."""
    return orjson.dumps(value).decode()


class DocumentError(ValueError):
    """A document that cannot be kept. ``reason`` names a message; ``path`` is dotted."""

    def __init__(self, reason: str, path: str, key_field: str = "") -> None:
        super().__init__(reason, path)
        self.reason, self.path, self.key_field = reason, path, key_field


def flatten(document: Mapping[str, Any], keyed: Keyed) -> dict[str, str]:
    """The leaves of a whole document."""
    flattening = Flattening(keyed, {})
    for name, value in document.items():
        flattening.add(value, joined("", name), joined("", name))
    return flattening.leaves


class Flattening:
    """Collects leaves. ``fields`` are those already stored: items keep the positions they have.

    ``path`` is where a value is, ``shape`` the same without the keys of items.
    """

    def __init__(self, keyed: Keyed, fields: Fields) -> None:
        self.keyed, self.fields = keyed, fields
        self.leaves: dict[str, str] = {}

    def add(self, value: Any, path: str, shape: str) -> None:
        if isinstance(value, dict):
            if not value:
                self.leaves[marked(path, OBJECT)] = EXISTS
            for name, member in value.items():
                self.add(member, joined(path, name), joined(shape, name))
        elif isinstance(value, list) and shape in self.keyed:
            self.add_items(value, path, shape)
        else:
            self.leaves[path] = as_text(value)

    def add_items(self, items: Sequence[Any], path: str, shape: str) -> None:
        self.leaves[marked(path, LIST)] = EXISTS
        by_key = items_by_key(items, path, self.keyed[shape])
        known = {key: self.position(joined(path, key)) for key in by_key}
        placed = positions(list(by_key), {k: at for k, at in known.items() if at is not None})
        for key, position in placed.items():
            self.add_item(by_key[key], joined(path, key), shape, as_text(position))

    def add_item(self, item: Mapping[str, Any], path: str, shape: str, position: str) -> None:
        """Add an item's members; its key is in the path."""
        self.leaves[marked(path, POSITION)] = position
        for name, member in item.items():
            if name != self.keyed[shape]:
                self.add(member, joined(path, name), joined(shape, name))

    def position(self, path: str) -> int | None:
        """The stored position of the item at ``path``."""
        text = self.fields.get(marked(path, POSITION))
        return None if text is None else int(text)


def items_by_key(items: Sequence[Any], path: str, key_field: str) -> dict[str, dict[str, Any]]:
    """The items of a keyed list by their keys; raises ``DocumentError`` for what has none."""
    found: dict[str, dict[str, Any]] = {}
    for index, item in enumerate(items):
        at = f"{dotted(path)}.{index}"
        key = item.get(key_field) if isinstance(item, dict) else None
        if not isinstance(key, str) or not key:
            raise DocumentError("key_missing", at, key_field)
        if key in found:
            raise DocumentError("key_repeated", at, key_field)
        found[key] = item
    return found


def unflatten(fields: Fields, keyed: Keyed) -> dict[str, Any]:
    """The document that the leaves make."""
    values = orjson.loads(f"[{','.join(fields.values())}]")
    nodes: dict[str, dict[str, Any]] = {"": {}}
    for path, value in zip(fields, values, strict=True):
        above, _, last = path.rpartition("/")
        node = nodes.get(above)
        if node is None:
            node = _node(nodes, above)
        node[last] = value
    return _object(nodes[""], "", keyed)


def _node(nodes: dict[str, dict[str, Any]], path: str) -> dict[str, Any]:
    """The object, list or item at ``path``, made with all above it."""
    above, _, last = path.rpartition("/")
    parent = nodes.get(above)
    if parent is None:
        parent = _node(nodes, above)
    nodes[path] = parent[last] = {}
    return nodes[path]


def _object(node: dict[str, Any], shape: str, keyed: Keyed) -> dict[str, Any]:
    made = {}
    for name, value in node.items():
        if isinstance(value, dict):
            below = f"{shape}/{name}" if shape else name
            made[unescaped(name)] = (_items if below in keyed else _object)(value, below, keyed)
        elif name not in MARKS:
            made[unescaped(name)] = value
    return made


def _items(node: dict[str, Any], shape: str, keyed: Keyed) -> Any:
    items = [(item[POSITION], key, item) for key, item in node.items() if key not in MARKS]
    items.sort(key=lambda entry: entry[:2])
    return [{keyed[shape]: unescaped(key)} | _object(item, shape, keyed) for _, key, item in items]


def positions(keys: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Positions that put ``keys`` in this order and keep as many of the known ones as can be."""
    kept = _longest_rising([(known[key], key) for key in keys if key in known])
    placed: dict[str, int] = {}
    waiting: list[str] = []
    low: int | None = None
    for key in keys:
        if key not in kept:
            waiting.append(key)
            continue
        spaced = _between(low, known[key], len(waiting))
        if spaced is None:
            return {key: STEP * (index + 1) for index, key in enumerate(keys)}
        placed |= dict(zip(waiting, spaced, strict=True))
        placed[key] = low = known[key]
        waiting = []
    return placed | dict(zip(waiting, _between(low, None, len(waiting)) or (), strict=True))


def _between(low: int | None, high: int | None, count: int) -> Iterable[int] | None:
    """``count`` rising positions between two neighbours; None when there is no room."""
    if low is not None and high is not None:
        if count and high - low <= count:
            return None
        return [low + (high - low) * (at + 1) // (count + 1) for at in range(count)]
    if high is not None:
        return [high - STEP * (count - at) for at in range(count)]
    return [(low or 0) + STEP * (at + 1) for at in range(count)]


def _longest_rising(entries: Sequence[tuple[int, str]]) -> set[str]:
    """The keys of the longest run of entries that already stand in rising order."""
    tails: list[tuple[int, str]] = []
    ends: list[int] = []
    before: list[int] = []
    for index, entry in enumerate(entries):
        at = bisect_left(tails, entry)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [entry]
        ends[at : at + 1] = [index]
    kept: set[str] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(entries[index][1])
        index = before[index]
    return kept
