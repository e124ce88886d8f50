"""Merging a patch into a document: JSON Merge Patch, and lists that merge by key. Pure.

The result says which stored leaves change and what must still be true of the store when they are
written, so that patches of different places never wait for each other.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from drafts.paths import LIST, OBJECT, POSITION, dotted, is_among, joined, marked, names
from drafts.storage.flat import EXISTS, STEP, DocumentError, Fields, Flattening, Keyed, as_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ABSENT: Any = object()
AFTER_SLASH = chr(ord("/") + 1)


@dataclass
class Change:
    """What a patch does to the leaves, and on which conditions.

    ``unchanged`` are paths below which nothing may have been written since the leaves were read;
    ``present`` and ``absent`` are leaves that must or must not exist. ``follows`` are leaves whose
    values were worked out from what was read: unchanged since too, but nobody's wish, so that what
    others changed there before is no conflict.
    """

    sets: dict[str, str] = field(default_factory=dict)
    deletes: set[str] = field(default_factory=set)
    unchanged: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    follows: set[str] = field(default_factory=set)

    def followed_by(self, other: Change) -> None:
        """Write also what ``other`` sets and deletes, as what follows from this change."""
        own = self.sets.keys() | self.deletes
        self.follows |= (other.sets.keys() | other.deletes) - own
        self.sets |= other.sets
        self.deletes = (self.deletes | other.deletes) - self.sets.keys()

    def agreed_at(self, places: Collection[str]) -> None:
        """At and below the dotted ``places`` nothing is in conflict: it is written over what others
        changed there."""
        if places:
            leaves = self.sets.keys() | self.deletes
            self.follows |= {leaf for leaf in leaves if is_among(dotted(leaf), places)}


def merge(
    document: Mapping[str, Any], patch: Mapping[str, Any], keyed: Keyed, fields: Fields
) -> tuple[dict[str, Any], Change]:
    """``document`` with ``patch`` merged in, and the change to ``fields``, its stored leaves.

    Objects merge at every depth, ``None`` removes, other values replace. A keyed list also takes an
    object by key. Raises ``DocumentError``; changes nothing in place.
    """
    merging = _Merging(keyed, fields)
    merged = merging.members(dict(document), patch, "", "")
    merging.change.deletes -= merging.change.sets.keys()
    return merged, merging.change


class _Merging:
    def __init__(self, keyed: Keyed, fields: Fields) -> None:
        self.keyed, self.fields, self.change = keyed, fields, Change()
        self.flattening = Flattening(keyed, fields)
        self.flattening.leaves = self.change.sets

    def value(self, target: Any, patch: Any, path: str, shape: str) -> Any:
        """What becomes of ``target`` (``ABSENT``: nothing there) under a patch that is not None."""
        if shape in self.keyed and isinstance(patch, list):
            return self.whole_list(patch, path, shape)
        if shape in self.keyed and isinstance(patch, dict):
            return self.items(target, patch, path, shape)
        if isinstance(patch, dict):
            return self.object(target, patch, path, shape)
        if isinstance(target, dict) or shape in self.keyed:
            self.drop(path)
        self.change.sets[path] = as_text(patch)
        return patch

    def object(self, target: Any, patch: dict[str, Any], path: str, shape: str) -> dict[str, Any]:
        if not isinstance(target, dict):
            if target is not ABSENT:
                self.drop(path)
            target = {}
        merged = self.members(target, patch, path, shape)
        if any(value is None for value in patch.values()):
            self.change.unchanged.add(path)
        if not merged:
            self.change.sets[marked(path, OBJECT)] = EXISTS
        return merged

    def members(
        self, target: Mapping[str, Any], patch: Mapping[str, Any], path: str, shape: str
    ) -> dict[str, Any]:
        merged = dict(target)
        for name, value in patch.items():
            below = joined(path, name)
            if value is None:
                self.drop(below)
                merged.pop(name, None)
            else:
                old = target.get(name, ABSENT)
                merged[name] = self.value(old, value, below, joined(shape, name))
        return merged

    def drop(self, path: str) -> None:
        """Delete every leaf at and below ``path``."""
        self.change.unchanged.add(path)
        if path in self.fields:
            self.change.deletes.add(path)
        first = bisect_left(self.in_order, f"{path}/")
        last = bisect_left(self.in_order, f"{path}{AFTER_SLASH}")
        self.change.deletes.update(self.in_order[first:last])

    @cached_property
    def in_order(self) -> list[str]:
        """The stored leaves, so that those below one path stand together."""
        return sorted(self.fields)

    def whole_list(self, patch: list[Any], path: str, shape: str) -> list[Any]:
        """A list given as a list replaces the list; items that stay keep their positions."""
        self.drop(path)
        self.flattening.add_items(patch, path, shape)
        # Where an object becomes a value, what was below it goes with the list.
        written = [at for at in self.change.sets if at.startswith(f"{path}/")]
        self.change.unchanged.update(at for at in written if self.has_below(at))
        return patch

    def has_below(self, path: str) -> bool:
        """Whether a leaf is stored below ``path``."""
        first = bisect_left(self.in_order, f"{path}/")
        return first < len(self.in_order) and self.in_order[first].startswith(f"{path}/")

    def items(
        self, target: Any, patch: dict[str, Any], path: str, shape: str
    ) -> list[dict[str, Any]]:
        """A list given as an object by key changes only the items that it names."""
        if not isinstance(target, list):
            if target is not ABSENT:
                self.drop(path)
            target = []
        self.change.sets[marked(path, LIST)] = EXISTS
        by_key = {item[self.keyed[shape]]: item for item in target}
        last = max((self.flattening.position(joined(path, key)) or 0 for key in by_key), default=0)
        for key, value in patch.items():
            at = joined(path, key)
            if value is None:
                self.drop(at)
                by_key.pop(key, None)
                continue
            self.check_item(key, value, at, shape)
            if key in by_key:
                by_key[key] = self.old_item(by_key[key], value, at, shape)
            else:
                last += STEP
                by_key[key] = self.new_item(key, value, at, shape, last)
        return self.renamed(by_key, path, shape)

    def check_item(self, key: str, value: Any, at: str, shape: str) -> None:
        key_field = self.keyed[shape]
        if not key:
            raise DocumentError("key_missing", dotted(at), key_field)
        if not isinstance(value, dict):
            raise DocumentError("item_not_an_object", dotted(at), key_field)
        named = value.get(key_field, key)
        if not isinstance(named, str) or not named:
            raise DocumentError("key_missing", dotted(at), key_field)

    def old_item(
        self, item: dict[str, Any], patch: dict[str, Any], at: str, shape: str
    ) -> dict[str, Any]:
        key_field = self.keyed[shape]
        self.change.present.add(marked(at, POSITION))
        members = {name: value for name, value in patch.items() if name != key_field}
        merged = self.members(item, members, at, shape)
        return merged | {key_field: patch.get(key_field, item[key_field])}

    def new_item(
        self, key: str, patch: dict[str, Any], at: str, shape: str, position: int
    ) -> dict[str, Any]:
        key_field = self.keyed[shape]
        self.change.absent.add(marked(at, POSITION))
        self.change.sets[marked(at, POSITION)] = as_text(position)
        members = {name: value for name, value in patch.items() if name != key_field}
        merged = self.members({}, members, at, shape)
        return {key_field: patch.get(key_field, key)} | merged

    def renamed(
        self, by_key: dict[str, dict[str, Any]], path: str, shape: str
    ) -> list[dict[str, Any]]:
        """The items in their order; those whose key was changed move to their new leaves."""
        key_field = self.keyed[shape]
        if len({item[key_field] for item in by_key.values()}) < len(by_key):
            raise DocumentError("key_repeated", dotted(path), key_field)
        moved = {key: item for key, item in by_key.items() if item[key_field] != key}
        if not moved:
            return list(by_key.values())
        places = {key: self.moved_away(joined(path, key)) for key in moved}
        self.forget_below({joined(path, key) for key in moved})
        for key, item in moved.items():
            at = joined(path, item[key_field])
            self.change.unchanged.add(at)
            self.flattening.add_item(item, at, shape, places[key])
        return list(by_key.values())

    def moved_away(self, at: str) -> str:
        """Take every stored leaf of the item away; gives its position."""
        mark = marked(at, POSITION)
        position = self.change.sets.get(mark) or self.fields.get(mark) or EXISTS
        self.change.present.discard(mark)
        self.drop(at)
        return position

    def forget_below(self, items: set[str]) -> None:
        """Write nothing below ``items``, siblings in one list."""
        depth = next(iter(items)).count("/") + 1
        for leaf in list(self.change.sets):
            *item, _below = leaf.split("/", depth)
            if "/".join(item) in items:
                del self.change.sets[leaf]


def value_at(document: Any, path: str, keyed: Keyed) -> Any:
    """What the document holds at the stored ``path`` (of a mark: what it speaks of), or None."""
    current, shape = document, ""
    for name in names(path):
        if isinstance(current, list):
            current = next(
                (item for item in current if item.get(keyed.get(shape, "")) == name), None
            )
            continue
        current = current.get(name) if isinstance(current, dict) else None
        shape = joined(shape, name)
    return current
