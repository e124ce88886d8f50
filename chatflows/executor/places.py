"""Where in a node's settings something is, in words for whoever builds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

if TYPE_CHECKING:
    from chatflows.executor.node import NodeError, Settings


def told(fault: NodeError, settings: Settings) -> str:
    """What is wrong, after its place: ``Message, column 9: …``."""
    return placed(str(fault), settings, fault.field, fault.column)


def placed(words: str, settings: Settings, field: str, column: int = 0) -> str:
    """``words`` after their place: the setting at the dotted path ``field``, and the column in it;
    0 is all of it. What is of no setting stays as it is."""
    place = setting_of(type(settings), field)
    if place and column:
        place = f"{place}, column {column}"
    return f"{place}: {words}" if place else words


def setting_of(schema: type[BaseModel], path: str) -> str:
    """What the setting at ``path`` is called: ``Message``, or ``Condition of vip in “Cases”``.
    Empty where there is none."""
    name, _dot, rest = path.partition(".")
    info = schema.model_fields.get(name)
    if info is None:
        return ""
    title, item = info.title or name, item_model(schema, name)
    key, _dot, inside = rest.partition(".")
    within = setting_of(item, inside) if item and inside else ""
    which = f"number {int(key) + 1}" if key.isdigit() else key
    return f"{within} of {which} in “{title}”" if within else title


@lru_cache(maxsize=1000)
def item_model(schema: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of the items of a list, if they have one."""
    for argument in get_args(schema.model_fields[name].annotation):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            return argument
    return None
