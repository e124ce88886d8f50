"""How the leaves of a document are named: escaped names joined by slashes. Pure.

``appearance/primary_color`` is a leaf; an item of a list that merges by key has its key for a name
(``variables/user_name/label``). A last name that begins with a tilde is a mark, not a value: no
escaped name can look like one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

POSITION = "~p"  # an item of a keyed list exists; the value orders it among its siblings
LIST = "~l"  # a keyed list exists, maybe without items
OBJECT = "~o"  # an object exists, maybe without members
MARKS = frozenset({POSITION, LIST, OBJECT})


def escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1") or "~e"


def unescaped(segment: str) -> str:
    if "~" not in segment:
        return segment
    return "" if segment == "~e" else segment.replace("~1", "/").replace("~0", "~")


def joined(path: str, name: str) -> str:
    """The path of the member ``name`` of what is at ``path`` (empty: the document)."""
    return f"{path}/{escaped(name)}" if path else escaped(name)


def marked(path: str, mark: str) -> str:
    return f"{path}/{mark}"


def names(path: str) -> list[str]:
    """The names from the document's root to what the leaf or mark at ``path`` speaks of."""
    return [unescaped(segment) for segment in path.split("/") if segment not in MARKS]


def dotted(path: str) -> str:
    """The path as people and clients see it: ``variables.user_name.label``."""
    return ".".join(names(path))


def stored(dotted_path: str) -> str:
    """The stored form of a dotted path whose names hold no dots."""
    return "/".join(escaped(name) for name in dotted_path.split("."))


def is_among(name: str, places: Collection[str]) -> bool:
    """Whether a dotted path is, or lies below, one of ``places``."""
    parts = name.split(".")
    return any(".".join(parts[:depth]) in places for depth in range(1, len(parts) + 1))
