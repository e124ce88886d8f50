"""Form fields for lists of plain texts: one row per text, or one line per text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.datastructures import MultiValueDict
    from django.utils.safestring import SafeString


class ListInput(forms.Widget):
    """A row per text, all under one name. The last row is empty, so that a text can be added
    without a script. ``unordered`` rows are not moved up and down; of a list that is ``begun`` an
    empty row is there from the first."""

    template_name = "drafts/widgets/list.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        maximum: int | None = None,
        unordered: bool = False,
        begun: bool = False,
    ) -> None:
        super().__init__(attrs)
        self.begun = begun
        self.maximum = maximum
        self.unordered = unordered

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer  # the project's own template folders are searched, not the forms' alone
        attributes = self.build_attrs(self.attrs, attrs)
        return render_to_string(
            self.template_name,
            {
                "name": name,
                "label": attributes.get("data-label", ""),
                "rows": [str(text) for text in value or ()] or [""] * self.begun,
                "id": attributes.get("id", name),
                "attrs": {k: v for k, v in attributes.items() if k not in ("id", "placeholder")},
                "placeholder": attributes.get("placeholder", ""),
                "profile": attributes.get("data-profile", ""),
                "maximum": self.maximum,
                "unordered": self.unordered,
                "begun": self.begun,
            },
        )

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[str]:
        del files
        return data.getlist(name) if hasattr(data, "getlist") else list(data.get(name, ()))

    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        del index
        return f"{id_}-0" if id_ else ""


class ListField(forms.Field):
    """A list of texts; empty rows are left out."""

    widget = ListInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"data-label": self.label or ""}

    def clean(self, value: Any) -> list[str]:
        return [text.strip() for text in value or () if text.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != self.clean(data)


class TextListField(forms.CharField):
    """A list of texts, edited as one line each."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != self.clean(data)
