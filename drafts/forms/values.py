"""Values on their way between a page's controls and the document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict


def as_shown(value: Any) -> Any:
    """A control's value as its script reads it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return [str(text) for text in value]
    return "" if value is None else str(value)


def keeps_empty_text(form_field: forms.Field) -> bool:
    """Whether an empty box is a text of its own rather than no value."""
    return type(form_field) is forms.CharField and form_field.empty_value == ""


def with_plain_newlines(data: QueryDict) -> QueryDict:
    """What a browser posts as CRLF is a line feed in the document."""
    plain = QueryDict(mutable=True)
    for name, values in data.lists():
        plain.setlist(name, [str(value).replace("\r\n", "\n") for value in values])
    return plain
