"""The documents that a draft's changes lie between, from its present one backwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.paths import MARKS
from drafts.storage.flat import unflatten

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from drafts.storage.flat import Fields, Keyed


class Rewinding:
    """A document that goes back change by change. Only the parts that a change touches are made
    anew: a part is an item of a keyed list, or else a member of the document."""

    def __init__(self, fields: Fields, keyed: Keyed) -> None:
        self.keyed = keyed
        self.leaves: dict[str, dict[str, str]] = {}
        for path, text in fields.items():
            self.leaves.setdefault(self._part_of(path), {})[path] = text
        self.made = {part: unflatten(leaves, keyed) for part, leaves in self.leaves.items()}

    @property
    def document(self) -> dict[str, Any]:
        """As it is now. The items of its lists are in no order."""
        document: dict[str, Any] = {}
        for part in self.made.values():
            for name, value in part.items():
                if name in self.keyed:
                    document.setdefault(name, []).extend(value)
                else:
                    document[name] = value
        return document

    def back(self, before: Mapping[str, str | None]) -> None:
        """To what it was before a change; ``before`` are the leaves then (None: absent)."""
        for path, text in before.items():
            leaves = self.leaves.setdefault(self._part_of(path), {})
            if text is None:
                leaves.pop(path, None)
            else:
                leaves[path] = text
        self._make({self._part_of(path) for path in before})

    def _make(self, parts: Collection[str]) -> None:
        for part in parts:
            self.made.pop(part, None)
            if leaves := self.leaves[part]:
                self.made[part] = unflatten(leaves, self.keyed)

    def _part_of(self, path: str) -> str:
        name, *rest = path.split("/", 2)
        return f"{name}/{rest[0]}" if name in self.keyed and rest[0] not in MARKS else name
