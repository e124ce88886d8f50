"""What people know of a source and its text does not say, as searching and the prompt take it.

Annotations are plain data here: a draft may hold them half-typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knowledge.schema import LONGEST_CONTEXT

if TYPE_CHECKING:
    from collections.abc import Mapping


def context_of(annotations: Mapping[str, Any] | None) -> str:
    """What the source is: its passages are found by it too. No more of it than a release takes,
    since every chunk is searched with it."""
    return _said(annotations, "context")[:LONGEST_CONTEXT]


def importance_of(annotations: Mapping[str, Any] | None) -> str:
    return _said(annotations, "importance")


def tags_of(annotations: Mapping[str, Any] | None) -> frozenset[str]:
    """By which a question may be limited to some of the sources."""
    return frozenset(str(tag) for tag in (annotations or {}).get("tags") or ())


def note_of(annotations: Mapping[str, Any] | None) -> str:
    """What the model is told of the source, and how to use it."""
    parts = (_said(annotations, name) for name in ("context", "instructions"))
    return " ".join(filter(None, parts))


def _said(annotations: Mapping[str, Any] | None, name: str) -> str:
    return str((annotations or {}).get(name) or "").strip()
