"""The sign-up form: name, address, password; and a workspace to start with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context as allauth_context
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from workspaces import founding
from workspaces.invitation_session import invitation_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.models import User


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """As allauth's, taking the same time and giving the same answer for a known address."""

    field_order = ("name", "email", "password1")
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                result: tuple[User | None, HttpResponse | None] = super().try_save(request)
                return result
        except IntegrityError:
            # The same address signed up in this very moment.
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        super().custom_signup(request, user)
        user.name = self.cleaned_data.get("name", "")
        user.save(update_fields=["name"])
        if invitation_in(request) is None:
            founding.found_personal(user)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["password1"].help_text = _(
            "At least 8 characters, not a common word, not your address."
        )
        offer = invitation_in(allauth_context.request)
        if offer is not None:
            self.fields["email"].initial = offer.email
