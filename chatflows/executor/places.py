"""Where in a node's settings something is, in words for whoever builds."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from common.words import gettext as _

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
        place = _("%(place)s, column %(column)d") % {"place": place, "column": column}
    return f"{place}: {words}" if place else words


def setting_of(schema: type[BaseModel], path: str) -> str:
    """What the setting at ``path`` is called: ``Message``, or ``Condition of vip in “Cases”``.
    Empty where there is none."""
    name, _dot, rest = path.partition(".")
    info = schema.model_fields.get(name)
    if info is None:
        return ""
    title, item = _(info.title) if info.title else name, item_model(schema, name)
    key, _dot, inside = rest.partition(".")
    within = setting_of(item, inside) if item and inside else ""
    if not within:
        return title
    if key.isdigit():
        words = {"label": within, "number": int(key) + 1, "list": title}
        return _("%(label)s of number %(number)d in “%(list)s”") % words
    return _("%(label)s of %(key)s in “%(list)s”") % {"label": within, "key": key, "list": title}


@lru_cache(maxsize=1000)
def item_model(schema: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of the items of a list, if they have one."""
    for argument in get_args(schema.model_fields[name].annotation):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            return argument
    return None
