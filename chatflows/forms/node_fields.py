"""The form fields of a node, made from what its settings declare: their types, titles and limits.

So a new kind of node needs no form of its own. What is chosen from what a workspace has, such as a
credential, is filled in by the form that the fields become part of.
"""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import orjson
from django import forms
from django.utils.translation import gettext as _
from pydantic import BaseModel

from assistants.forms.attached import OwnOrSwitch
from chatflows.executor.node import Language, OnlyFor, Source
from chatflows.forms.rows import RowsField, RowsInput
from chatflows.wording import choice_label
from common.widgets import Slider, Switch
from drafts.forms.step import TextListField

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

# Texts that are longer than this get several lines.
ONE_LINE = 500
# And an expression in a row of a list, one that may be as long as a prompt.
SEVERAL_LINES = 50_000


def fields_of(settings: type[BaseModel]) -> dict[str, forms.Field]:
    """By the names of the settings, in their order. Those that play a part only sometimes say so to
    the page's script."""
    made = {}
    for name, info in settings.model_fields.items():
        made[name] = field_of(name, info)
        if others := [each.others for each in info.metadata if isinstance(each, OnlyFor)]:
            made[name].widget.attrs["data-only-for"] = orjson.dumps(dict(others[0])).decode()
    return made


def field_of(name: str, info: FieldInfo) -> forms.Field:
    label = _(info.title) if info.title else name.replace("_", " ").capitalize()
    shape, is_optional = _bare(info.annotation)
    field = _field(name, info, shape, is_optional=is_optional)
    field.label = label
    if not info.is_required() and info.default not in (None, "", ()):
        field.initial = info.default
    field.help_text = _(info.description) if info.description else ""
    return field


def _field(name: str, info: FieldInfo, shape: Any, *, is_optional: bool) -> forms.Field:
    if get_origin(shape) is tuple:
        item = get_args(shape)[0]
        return rows_of(item) if _is_model(item) else TextListField(widget=_lines(3))
    if get_origin(shape) is Literal:
        choices = [(value, choice_label(name, value)) for value in get_args(shape)]
        nothing = [("", choice_label(name, ""))] if is_optional else []
        return forms.ChoiceField(choices=[*nothing, *choices])
    if shape is bool:
        return _switch(name, is_optional=is_optional)
    if shape in (int, float):
        return _number(info, shape, is_optional=is_optional)
    return forms.CharField(widget=_text_box(info))


def _bare(annotation: Any) -> tuple[Any, bool]:
    """A type without None, and whether it may be that."""
    if hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        rest = [each for each in get_args(annotation) if each is not NoneType]
        return _bare(rest[0])[0], True
    return annotation, False


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _switch(name: str, *, is_optional: bool) -> forms.Field:
    if not is_optional:
        return forms.BooleanField(widget=Switch)
    return OwnOrSwitch(choices=[(key, choice_label(name, key)) for key in ("", "on", "off")])


def _number(info: FieldInfo, shape: type, *, is_optional: bool) -> forms.Field:
    """With a range beside it where it lies between two others; one that may be none has no place
    there."""
    limits = {
        name: next((getattr(each, name) for each in info.metadata if hasattr(each, name)), None)
        for name in ("ge", "le")
    }
    attrs = {"min": limits["ge"], "max": limits["le"]}
    if shape is float and None not in attrs.values() and not is_optional:
        return forms.FloatField(widget=Slider(attrs["min"], attrs["max"], 0.1))  # type: ignore[arg-type]
    given = {key: value for key, value in attrs.items() if value is not None}
    field = forms.IntegerField if shape is int else forms.FloatField
    return field(widget=forms.NumberInput(attrs=given))


def _text_box(info: FieldInfo) -> forms.Widget:
    """One line or several; where expressions may be written, with the menu of what is known."""
    language = next((each.name for each in info.metadata if isinstance(each, Language)), "")
    attrs = {"data-slash": language} if language else {}
    attrs |= {"spellcheck": "false"} if language == "condition" else {}
    if any(isinstance(each, Source) for each in info.metadata):
        return _lines(10, {"spellcheck": "false", "class": "source"})
    is_long = _longest(info) > ONE_LINE and language != "condition"
    return _lines(4, attrs) if is_long else _line(attrs)


def _longest(info: FieldInfo) -> int:
    """How many characters a text may have; 0 where nothing says so."""
    return next((each.max_length for each in info.metadata if hasattr(each, "max_length")), 0) or 0


def _line(attrs: dict[str, Any]) -> forms.Widget:
    return forms.TextInput(attrs=attrs)


def _lines(rows: int, attrs: dict[str, Any] | None = None) -> forms.Widget:
    return forms.Textarea(attrs={"rows": rows, **(attrs or {})})


def rows_of(model: type[BaseModel]) -> RowsField:
    """A list of small objects, each a row."""
    columns = [_column(name, info) for name, info in model.model_fields.items()]
    keyed = next((each["name"] for each in columns if each["kind"] == "key"), "")
    shown = [each for each in columns if each["kind"] != "key"]
    return RowsField(widget=RowsInput(shown, keyed))


def _column(name: str, info: FieldInfo) -> dict[str, Any]:
    shape, _optional = _bare(info.annotation)
    label = _(info.title) if info.title else name.capitalize()
    column: dict[str, Any] = {"name": name, "label": label, "kind": "text", "options": []}
    if name == "id":
        return column | {"kind": "key"}
    if get_origin(shape) is Literal:
        options = [{"value": v, "label": choice_label(name, v)} for v in get_args(shape)]
        return column | {"kind": "select", "options": options}
    if shape is UUID:
        return column | {"kind": "select"}  # whoever shows the form knows what there is
    if get_origin(shape) is tuple:
        return column | {"kind": "lines"}
    if language := next((e.name for e in info.metadata if isinstance(e, Language)), ""):
        is_long = _longest(info) >= SEVERAL_LINES
        return column | {"kind": "code", "language": language, "several": is_long}
    return column | ({"kind": "long"} if _longest(info) > ONE_LINE else {})
