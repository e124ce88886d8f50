"""A form field for a list of small objects, such as the cases of a switch: one row for each.

In a page its value is one text of JSON in a box, in the place of which a script draws the rows;
without a script the JSON itself can be edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString


class RowsInput(forms.Textarea):
    """``columns`` describe the row's boxes: ``{"name", "label", "kind", "options"}``, the kind
    being ``text``, ``long`` (a text of several lines), ``code`` (an expression, of its
    ``language``, in a box of ``several`` lines or of one), ``select`` or ``lines`` (a list of
    texts). ``keyed`` names the column that is made by the script and never shown, and ``adds`` is
    what the button says that adds a row."""

    template = "chatflows/widgets/rows.html"

    def __init__(self, columns: list[dict[str, Any]], keyed: str = "", adds: str = "") -> None:
        super().__init__({"rows": 4, "spellcheck": "false"})
        self.columns, self.keyed, self.adds = columns, keyed, adds

    def offer(self, name: str, choices: Iterable[tuple[str, str]], credentials: str = "") -> bool:
        """What can be chosen in the column ``name``, if there is one; whether there is. Where that
        are ``credentials`` of a kind, the script offers those too that are stored meanwhile."""
        options = [{"value": value, "label": label} for value, label in choices]
        told = {"options": options} | ({"credentials": credentials} if credentials else {})
        self.columns = [each | told if each["name"] == name else each for each in self.columns]
        return any(each["name"] == name for each in self.columns)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer
        attributes = self.build_attrs(self.attrs, attrs)
        context = {
            "name": name,
            "value": value or "[]",
            "id": attributes.get("id", name),
            "attrs": {key: each for key, each in attributes.items() if key != "id"},
            "columns": self.columns,
            "keyed": self.keyed,
            "adds": self.adds or _("Add an entry"),
            "has_code": any(each["kind"] == "code" for each in self.columns),
        }
        return render_to_string(self.template, context)


class RowsField(forms.CharField):
    """A list of objects. What is no JSON of such a list is refused; the schema judges the rest."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return orjson.dumps(value).decode()
        return value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        if not str(value or "").strip():
            return []
        try:
            found = orjson.loads(str(value))
        except orjson.JSONDecodeError:
            raise ValidationError(_("This is no JSON.")) from None
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise ValidationError(_("Give a list of objects."))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or ()) != self.clean(data)
        except ValidationError:
            return True
