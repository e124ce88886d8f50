"""The form of a credential, made from its kind. Stored values never come back into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workspaces.credential_kinds import MAX_LENGTH
from workspaces.names import LONGEST_NAME, NameInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from common.problems import Problem
    from workspaces.credential_kinds import CredentialKind, Value

PREFIX = "values."
REMOVED = "removed."


class CredentialForm(forms.Form):
    """A name, and one field for each value of the kind."""

    name = NameInput(
        label=_("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
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


class ReplacementForm(CredentialForm):
    """New values for a stored credential, of which it shows those that are no secret. A secret that
    is left empty stays, unless it would then be sent to another service than it was stored for."""

    def __init__(
        self, data: Any = None, *, kind: CredentialKind, stored: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(data, kind=kind, **kwargs)
        self._stored = stored
        # What decides which service the secrets go to.
        self._places = [value.name for value in kind.values if value.is_address or value.choices]
        self._shown = {value.name for value in kind.values if not value.secret}
        order = ["name"]
        for value in kind.values:
            order += [PREFIX + value.name, REMOVED + value.name]
            if value.secret and value.name in stored:
                self._may_stay(value)
        self.order_fields(order)

    def _may_stay(self, value: Value) -> None:
        field = self.fields[PREFIX + value.name]
        field.required = False
        field.help_text = _("Stored. Leave this empty to keep it.")
        if not value.required:
            self.fields[REMOVED + value.name] = forms.BooleanField(
                label=_("Remove what is stored: %s") % value.label, required=False
            )

    @property
    def values(self) -> dict[str, str]:
        return self._kept() | {name: text for name, text in self._given().items() if text}

    def clean(self) -> None:
        super().clean()
        given = self._given()
        if all(given.get(name, "") == self._stored.get(name, "") for name in self._places):
            return
        for name in self._kept():
            field = PREFIX + name if PREFIX + name in self.fields else None
            self.add_error(field, _("Enter this again: it was stored for another service."))

    def _given(self) -> dict[str, str]:
        return super().values

    def _kept(self) -> dict[str, str]:
        given = self._given()
        return {
            name: text
            for name, text in self._stored.items()
            if name not in self._shown
            and not given.get(name)
            and not self.cleaned_data.get(REMOVED + name)
        }


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
