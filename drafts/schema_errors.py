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
    of them that are the schema's own, and ``tags`` choose between the models of its unions.
    """

    kind: str
    names: tuple[str, ...]
    fields: tuple[str, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def row(self) -> int | None:
        """Of a list without keys, the place of the innermost item; None where it is in no such."""
        before = self.names[-2] if len(self.names) > len(self.items) + 1 else ""
        return int(before) if before.isdigit() and before not in self.fields else None

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
        found = [wrong for wrong in found if not _counts_only_the_whole(wrong, found)]
        return list({wrong.names: wrong for wrong in reversed(found)}.values())[::-1]
    return []


def _counts_only_the_whole(wrong: Wrong, found: Sequence[Wrong]) -> bool:
    """Whether a list has too few items only because of those of them that are wrong themselves."""
    length = len(wrong.names)
    is_above = (len(e.names) > length and e.names[:length] == wrong.names for e in found)
    return wrong.kind == "too_short" and any(is_above)


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
    tags: list[str] = []
    schema: type[BaseModel] = draft_type.schema
    shape, current = "", data
    within = getattr(detail.get("ctx", {}).get("error"), "within", ())
    for part in (*detail["loc"], *within):
        if isinstance(current, dict) and (
            part in current or field_info(schema, (*fields, part), tuple(tags))
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
        else:
            tags.append(str(part))
    context = detail.get("ctx", {}) | ({"length": len(current)} if isinstance(current, str) else {})
    return Wrong(detail["type"], tuple(names), tuple(fields), context, tuple(items), tuple(tags))


@lru_cache(maxsize=1024)
def field_info(
    schema: type[BaseModel], fields: tuple[str, ...], tags: tuple[str, ...] = ()
) -> FieldInfo | None:
    """How the schema declares the field that ``fields`` lead to, in the members of unions that
    have one of ``tags``."""
    models: list[type[BaseModel]] = [schema]
    found: Sequence[FieldInfo] = ()
    for name in fields:
        found = [model.model_fields[name] for model in models if name in model.model_fields]
        models = _of_tags([model for info in found for model in _models(info.annotation)], tags)
    return found[0] if found else None


def _of_tags(models: list[type[BaseModel]], tags: tuple[str, ...]) -> list[type[BaseModel]]:
    """Those that ``tags`` choose; all, where these are not for them."""
    alone = {(tag,) for tag in tags}
    own = [
        model
        for model in models
        if any(typing.get_args(info.annotation) in alone for info in model.model_fields.values())
    ]
    return own or models


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)
