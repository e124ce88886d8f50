"""What a place of the document is called in the builder: the label of the field that edits it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from drafts.forms.step import StepForm
from drafts.messages import humanised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms

    from drafts.types import DraftType

    Fields = Mapping[str, forms.Field]


def named(
    draft_type: DraftType[Any], path: str, item_name: str = ""
) -> tuple[str, forms.Field | None]:
    """What the builder calls the place, and the field that edits it, if one does. An item of a list
    is called ``item_name`` or, without one, by its key where that is a name."""
    form = draft_type.step(draft_type.step_of(path)).form
    fields = _fields(form)
    if path in fields:
        return str(fields[path].label or humanised(path.rpartition(".")[2])), fields[path]
    for listed in sorted(draft_type.keyed_lists, key=len, reverse=True):
        if path.startswith(f"{listed}."):
            key, _dot, rest = path.removeprefix(f"{listed}.").partition(".")
            name = item_name or ("" if listed in draft_type.nameless_lists else key)
            items = humanised(listed.rpartition(".")[2])
            item = f"{items}, {name}" if name else items
            field = _of_item(form, listed).get(rest)
            label = str(field.label) if field and field.label else humanised(rest.split(".")[-1])
            return (f"{item}: {label}" if rest else item), field
    return " / ".join(humanised(name) for name in path.split(".")), None


@cache
def _fields(form: Any) -> Fields:
    """The fields that a step's form declares, by path."""
    declared: Fields = getattr(form, "base_fields", {})
    return {name.replace("__", "."): field for name, field in declared.items()}


def _of_item(form: Any, listed: str) -> Fields:
    """The fields of one item of a list; none where each item has its own."""
    lists = form.lists if isinstance(form, type) and issubclass(form, StepForm) else ()
    for spec in lists:
        if spec.path == listed and isinstance(spec.item_form, type):
            return _fields(spec.item_form)
    return {}
