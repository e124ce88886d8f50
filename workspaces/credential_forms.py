"""The form of a credential, made from its kind. Stored values never come back into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.credential_kinds import MAX_LENGTH

if TYPE_CHECKING:
    from common.problems import Problem
    from workspaces.credential_kinds import CredentialKind, Value

PREFIX = "values."


class CredentialForm(forms.Form):
    """A name, and one field for each value of the kind."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, data: Any = None, *, kind: CredentialKind, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for value in kind.values:
            self.fields[PREFIX + value.name] = _field(value)

    @property
    def values(self) -> dict[str, str]:
        return {
            name.removeprefix(PREFIX): text
            for name, text in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }

    def add_problem(self, problem: Problem) -> None:
        """Show what was refused at the fields that it is about."""
        if not problem.errors:
            self.add_error(None, problem.detail)
        for error in problem.errors:
            self.add_error(error.path if error.path in self.fields else None, error.message)


def _field(value: Value) -> forms.Field:
    common: dict[str, Any] = {
        "label": value.label,
        "required": value.required,
        "help_text": value.help,
    }
    if value.choices:
        return forms.ChoiceField(choices=value.choices, **common)
    return forms.CharField(max_length=MAX_LENGTH, widget=_widget(value), **common)


def _widget(value: Value) -> forms.Widget:
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    if value.is_long:
        return forms.Textarea(attrs={**attrs, "rows": 6})
    if value.secret:
        # Password managers would offer the person's own password for "current-password".
        return forms.PasswordInput(attrs={**attrs, "autocomplete": "new-password"})
    return forms.TextInput(attrs=attrs)
