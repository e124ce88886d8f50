"""Reads JSON that a service sent, of which nothing is certain: what has another form than it should
is as good as not there. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, Any]


def object_at(values: Json, name: str) -> Json:
    """The object called ``name``, or an empty one."""
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def list_at(values: Json, name: str) -> list[Any]:
    """The list called ``name``, or an empty one."""
    found = values.get(name)
    return found if isinstance(found, list) else []


def objects_at(values: Json, name: str) -> list[Json]:
    """The objects in the list called ``name``."""
    return [each for each in list_at(values, name) if isinstance(each, dict)]


def number_at(values: Json, name: str) -> int | None:
    """The whole number called ``name``."""
    found = values.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) else None
