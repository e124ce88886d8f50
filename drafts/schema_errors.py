"""What a schema finds wrong with a document, as places in the document. Knows no words for it."""

from __future__ import annotations

import typing
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, ValidationError

from drafts.paths import joined, stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic.fields import FieldInfo

    from drafts.types import DraftType


@dataclass(frozen=True)
class Item:
    """The item of a keyed list in which something is wrong. ``name`` is what people call it."""

    list_field: str
    key: str
    name: str


@dataclass(frozen=True)
class Wrong:
    """One error: ``kind`` and ``context`` are pydantic's, with the ``length`` of a text.

    ``names`` lead through the document (keyed items by key, others by number); ``fields`` are those
    of them that are the schema's own.
    """

    kind: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[Item, ...] = ()

    @property
    def item(self) -> Item | None:
        """The innermost item."""
        return self.items[-1] if self.items else None

    @property
    def path(self) -> str:
        return ".".join(self.names)


def wrongs(draft_type: DraftType[Any], data: Mapping[str, Any]) -> list[Wrong]:
    """Everything wrong with ``data`` by the kind's schema, at most one per place."""
    try:
        draft_type.schema.model_validate_json(orjson.dumps(data), strict=True)
    except ValidationError as error:
        keyed = {stored(path): name for path, name in draft_type.keyed_lists.items()}
        details = error.errors(include_url=False, include_input=False)
        found = [_located(dict(each), data, keyed, draft_type) for each in details]
        return list({wrong.names: wrong for wrong in reversed(found)}.values())[::-1]
    return []


def _located(
    detail: dict[str, Any],
    data: Any,
    keyed: Mapping[str, str],
    draft_type: DraftType[Any],
) -> Wrong:
    """Follow the error's ``loc`` through the document; what is not there is a field that was not
    given, or a union's tag."""
    names: list[str] = []
    fields: list[str] = []
    items: list[Item] = []
    shape, current = "", data
    for part in detail["loc"]:
        if isinstance(current, dict) and (
            part in current
            or _is_missing(detail, part)
            or _is_field(draft_type.schema, (*fields, part))
        ):
            names.append(part)
            fields.append(part)
            shape, current = joined(shape, part), current.get(part, {})
        elif isinstance(current, list) and isinstance(part, int) and part < len(current):
            current = current[part]
            key = current.get(keyed.get(shape, "")) if isinstance(current, dict) else None
            if isinstance(key, str):
                items.append(Item(fields[-1], key, draft_type.item_name(current) or key))
            names.append(key if isinstance(key, str) else str(part))
    context = detail.get("ctx", {}) | ({"length": len(current)} if isinstance(current, str) else {})
    return Wrong(detail["type"], tuple(names), tuple(fields), context, tuple(items))


def _is_missing(detail: Mapping[str, Any], part: Any) -> bool:
    return bool(detail["type"] == "missing" and part == detail["loc"][-1])


def _is_field(schema: type[BaseModel], fields: tuple[str, ...]) -> bool:
    return field_info(schema, fields) is not None


@lru_cache(maxsize=1024)
def field_info(schema: type[BaseModel], fields: tuple[str, ...]) -> FieldInfo | None:
    """How the schema declares the field that ``fields`` lead to."""
    models: list[type[BaseModel]] = [schema]
    found: Sequence[FieldInfo] = ()
    for name in fields:
        found = [model.model_fields[name] for model in models if name in model.model_fields]
        models = [model for info in found for model in _models(info.annotation)]
    return found[0] if found else None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)
