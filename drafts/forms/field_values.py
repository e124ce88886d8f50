"""Where a form field's value is in a document: dotted paths, through keyed lists and defaults.

``variables.order_id.type`` is the ``type`` of the item of ``variables`` that is called
``order_id``. Knows no form, no store and no entity kind.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Union

from pydantic import BaseModel, TypeAdapter

MISSING: Any = object()
_json = TypeAdapter(Any)


def field_value(document: Any, path: str, keyed_lists: Mapping[str, str]) -> Any:
    """What ``document`` holds at ``path``, or ``MISSING``."""
    current, walked = document, ""
    for part in path.split("."):
        if isinstance(current, Mapping):
            current = current.get(part, MISSING)
            walked = f"{walked}.{part}" if walked else part
        elif isinstance(current, Sequence) and walked in keyed_lists:
            current = _item(current, keyed_lists[walked], part)
        else:
            return MISSING
        if current is MISSING:
            return MISSING
    return current


def _item(items: Sequence[Any], key_field: str, key: str) -> Any:
    return next((i for i in items if isinstance(i, Mapping) and i.get(key_field) == key), MISSING)


def default_at(schema: type[BaseModel], path: str) -> Any:
    """The schema's default at ``path`` as plain JSON data; None where it has none."""
    return _default(schema, path.split("."))


def _default(model: type[BaseModel], parts: list[str]) -> Any:
    field = model.model_fields.get(parts[0])
    if field is None:
        return None
    rest = parts[1:]
    if rest and _is_list(field.annotation):
        item = _item_model(field.annotation, rest[0])
        return _default(item, rest[1:]) if item and rest[1:] else None
    if field.is_required():
        nested = next(_models(field.annotation), None) if rest else None
        return _default(nested, rest) if nested else None
    value = field.get_default(call_default_factory=True)
    for part in rest:
        value = getattr(value, part, None)
    if value is None and rest:  # the way leads through a list, which is empty by default
        nested = next(_models(field.annotation), None)
        return _default(nested, rest) if nested else None
    return _json.dump_python(value, mode="json")


def _is_list(annotation: Any) -> bool:
    return typing.get_origin(_bare(annotation)) in (list, tuple)


def _bare(annotation: Any) -> Any:
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) in (list, tuple, Union, types.UnionType):
        for argument in typing.get_args(annotation):
            yield from _models(argument)


def _item_model(annotation: Any, key: str) -> type[BaseModel] | None:
    """The model of a list's items: of several, the one with a field that can only be ``key``."""
    models = list(_models(annotation))
    if len(models) == 1:
        return models[0]
    return next((m for m in models if _is_named(m, key)), None)


def _is_named(model: type[BaseModel], key: str) -> bool:
    return any(
        typing.get_origin(field.annotation) is Literal
        and typing.get_args(field.annotation) == (key,)
        for field in model.model_fields.values()
    )


def nested(path: str, value: Any) -> dict[str, Any]:
    """``{"a": {"b": value}}`` for ``a.b``."""
    for part in reversed(path.split(".")):
        value = {part: value}
    return typing.cast("dict[str, Any]", value)


def merged(first: dict[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """``first`` with the objects of ``second`` merged in at every depth."""
    for key, value in second.items():
        if isinstance(value, Mapping) and isinstance(first.get(key), dict):
            merged(first[key], value)
        else:
            first[key] = value
    return first


def overlap(one: str, other: str) -> bool:
    """Whether a change at one path can be seen at the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
