"""What the settings pages ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.plain_text import plain
from workspaces.models import Role
from workspaces.names import LONGEST_NAME, NameInput

if TYPE_CHECKING:
    from datetime import datetime

    from workspaces.access import Actor
    from workspaces.models import Workspace

LIFETIMES = (
    ("", _("Never")),
    ("30", _("In 30 days")),
    ("90", _("In 90 days")),
    ("365", _("In a year")),
)


def roles_up_to(actor: Actor) -> list[tuple[int, Any]]:
    """The roles that ``actor`` may give, the least first."""
    return [(role.value, role.label) for role in Role if actor.may(role)]


class RoleForm(forms.Form):
    """Which role a member gets."""

    role = forms.TypedChoiceField(label=_("Role"), coerce=lambda value: Role(int(value)))

    def __init__(self, data: Any = None, *, actor: Actor, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["role"].choices = roles_up_to(actor)  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """Whom to invite, and as what."""

    field_order = ("email", "role")
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "placeholder": "ada@example.com"}),
    )


class WorkspaceForm(forms.Form):
    """What a workspace is called."""

    name = NameInput(label=_("Name"), max_length=LONGEST_NAME)


class DeleteForm(forms.Form):
    """Typing the name shows that this very workspace is meant."""

    name = NameInput(
        label=_("Name of the workspace"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, data: Any = None, *, workspace: Workspace) -> None:
        super().__init__(data, auto_id="delete_%s")
        self.workspace = workspace

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name != plain(self.workspace.name):  # of an old name, what is seen of it will do
            raise forms.ValidationError(_("This is not its name. Nothing was deleted."))
        return name


class KeyForm(forms.Form):
    """A new key's name and life."""

    name = NameInput(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("What uses the key, such as Billing server."),
    )
    expires = forms.ChoiceField(label=_("Expires"), choices=LIFETIMES, required=False)

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["expires"]
        return timezone.now() + timedelta(days=int(days)) if days else None


class ProfileForm(forms.Form):
    """What a person is called."""

    name = NameInput(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
