"""The settings of a node in the words of its form: what each is called, and its value."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from django.utils.translation import gettext as _

from chatflows.executor.node import fitting
from chatflows.executor.places import item_model, setting_of
from chatflows.wording import choice_label
from drafts.forms.parts import OFF, ON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    from chatflows.executor.node import Settings

    Names = Mapping[str, str] | None

# Settings, also of rows, that name something else by its id.
NAMING = frozenset({"credential_id", "kb_id", "chatflow_id"})
# What the form never shows: the handles of rows, which are made for them.
UNSEEN = "id"


def values_in_words(
    schema: type[Settings], data: Mapping[str, Any], names: Names = None
) -> dict[str, str | None]:
    """The values of ``data``, and defaults, by setting; None for those that play no part now.
    ``names`` are those of knowledge bases, credentials and chatflows by their ids; without them
    these are told by their ids."""
    shown = {name: info.default for name, info in schema.model_fields.items()} | dict(data)
    fit = fitting(schema, shown)
    return {
        name: _value(schema, name, fit[name], names) if name in fit else None
        for name in schema.model_fields
    }


def told_settings(schema: type[Settings], data: Mapping[str, Any], names: Names) -> str | None:
    """Those that are not as they are by themselves, a line each; None where all are. Without the
    node's name, which stands above them."""
    own, usual = (values_in_words(schema, each, names) for each in (data, {}))
    lines = (
        f"{setting_of(schema, name)}: {value}"
        for name, value in own.items()
        if value and name != "label" and value != usual[name]
    )
    return "\n".join(lines) or None


def _value(schema: type[BaseModel], name: str, value: Any, names: Names) -> str:
    info = schema.model_fields[name]
    if _is_required_nothing(info, value) or value is None:
        return _choice(info, name, "")
    if name in NAMING:
        return _named(str(value), names)
    if isinstance(value, bool):
        return _switch(info, name, value)
    if isinstance(value, list | tuple):
        return _rows(item_model(schema, name), value, names)
    return _choice(info, name, str(value))


def _is_required_nothing(info: FieldInfo, value: Any) -> bool:
    """Whether ``value`` is pydantic's word for a default that there is none of."""
    return info.is_required() and value is info.default


def _named(id_: str, names: Names) -> str:
    if names is None:
        return id_
    return names.get(id_) or (_("No longer there") if id_ else "")


def _switch(info: FieldInfo, name: str, value: bool) -> str:  # noqa: FBT001 (the value told)
    if NoneType in get_args(info.annotation):
        return choice_label(name, "on" if value else "off")
    return str(ON if value else OFF)


def _choice(info: FieldInfo, name: str, value: str) -> str:
    """A value that is one of a few, as it is chosen; others as they are."""
    arguments = (info.annotation, *get_args(info.annotation))
    is_closed = any(get_origin(each) is Literal for each in arguments)
    is_switch = bool in arguments
    return choice_label(name, value) if is_closed or is_switch else value


def _rows(model: type[BaseModel] | None, rows: list[Any] | tuple[Any, ...], names: Names) -> str:
    """A line for each."""
    return "\n".join(
        _row(model, each, names) if model and isinstance(each, dict) else str(each) for each in rows
    )


def _row(model: type[BaseModel], row: Mapping[str, Any], names: Names) -> str:
    told = (
        (name, _value(model, name, row[name], names))
        for name in model.model_fields
        if name in row and name != UNSEEN
    )
    return ", ".join(f"{setting_of(model, name)}: {value}" for name, value in told if value)
