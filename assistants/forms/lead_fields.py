"""What the lead form asks for: one choice for each field, two lists in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from assistants.schema import LeadCapture
from conversations.lead_fields import LEAD_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.datastructures import MultiValueDict
    from django.utils.safestring import SafeString

NOT_ASKED = "-"
# How a field is asked for, by the list of the document that holds its name.
CHOICES = {NOT_ASKED: _("Not asked"), "optional": _("Optional"), "required": _("Required")}
LISTS = {"required": "required_fields", "optional": "optional_fields"}


class LeadFieldsInput(forms.Widget):
    """A select for each field, all under one name; a value is ``<field>:<choice>``."""

    use_fieldset = True  # and no options of its own: the fieldset holds what it renders
    template_name = "assistants/steps/lead_fields.html"

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        del renderer  # the project's own template folders are searched, not the forms' alone
        context = {"name": name, "id": (attrs or {}).get("id", name), "rows": list(_rows(value))}
        return render_to_string(self.template_name, context)

    def subwidgets(self, name: str, value: Any, attrs: Any = None) -> Iterator[dict[str, Any]]:
        del name, value, attrs
        return iter(())

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> list[str]:
        del files
        return data.getlist(name) if hasattr(data, "getlist") else list(data.get(name, ()))


def _rows(values: list[str]) -> Iterator[dict[str, Any]]:
    for field, asked in LEAD_FIELDS.items():
        choices = [(f"{field}:{choice}", words) for choice, words in CHOICES.items()]
        chosen = next((value for value, _words in choices if value in values), choices[0][0])
        yield {"label": asked.label, "choices": choices, "chosen": chosen}


class LeadFieldsField(forms.Field):
    """``required_fields`` and ``optional_fields`` of a lead form; no field is in both."""

    widget = LeadFieldsInput

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        lists = {
            choice: value.get(name, LeadCapture.model_fields[name].default)
            for choice, name in LISTS.items()
        }
        return [f"{field}:{_choice(field, lists)}" for field in LEAD_FIELDS]

    def clean(self, value: Any) -> dict[str, list[str]]:
        chosen = dict(text.split(":", 1) for text in value or () if ":" in text)
        return {
            name: [field for field in LEAD_FIELDS if chosen.get(field) == choice]
            for choice, name in LISTS.items()
        }

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.clean(self.prepare_value(initial)) != self.clean(data)


def _choice(field: str, lists: Mapping[str, Any]) -> str:
    return next((choice for choice, names in lists.items() if field in names), NOT_ASKED)
