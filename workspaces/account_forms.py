"""allauth's forms as they are here: labels above, nothing inside the fields; and the sign-up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context as allauth_context
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from workspaces import founding, unconfirmed
from workspaces.invitation_session import invitation_in
from workspaces.names import LONGEST_NAME, NameInput

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.models import User

ADDRESSES = ("email", "login")


class Labelled(forms.Form):
    """No placeholders: they repeat the label, and are gone when they are needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in ADDRESSES:
                field.label = _("E-mail address")


class LoginForm(Labelled, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(Labelled, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(Labelled, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(Labelled, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    pass


class AddEmailForm(Labelled, allauth_forms.AddEmailForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(Labelled, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ConfirmCodeForm(Labelled, allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class SignupForm(Labelled, allauth_forms.SignupForm):  # type: ignore[misc]
    """Takes the same time and gives the same answer for a known address as for a new one."""

    field_order = ("name", "email", "password1")
    name = NameInput(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Optional. The people you work with see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least 8 characters, not a common word, not your address."
        )
        offer = invitation_in(allauth_context.request)
        self.invited_as = offer.email if offer else ""
        if self.invited_as:
            self.fields["email"].initial = self.invited_as

    def clean_email(self) -> str:
        """Where only invited people may sign up, an invitation is for its address alone."""
        email: str = super().clean_email()
        if settings.SIGN_UP != "open" and not self._is_invited(email):
            raise forms.ValidationError(_("Use the address that the invitation was sent to."))
        return email

    def validate_unique_email(self, value: str) -> str:
        email: str = super().validate_unique_email(value)
        if self._is_invited(email) and unconfirmed.is_free(email):
            self.account_already_exists = False
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            # The same address signed up in this very moment.
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])
        return result

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        if self._is_invited(self.cleaned_data["email"]):
            unconfirmed.make_room(self.cleaned_data["email"])
        user: User = super().save(request)
        return user

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        super().custom_signup(request, user)
        user.name = self.cleaned_data.get("name", "")
        user.save(update_fields=["name"])
        if invitation_in(request) is None:
            founding.found_personal(user)

    def _is_invited(self, email: str) -> bool:
        """Whether this visitor came through the link of an invitation for ``email``."""
        return self.invited_as.lower() == email.lower()
