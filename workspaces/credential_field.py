"""A form field in which one of the workspace's credentials is chosen: one that is missing is stored
without leaving the form, and the chosen one is tried at its service.

What a field offers is known once it is known who asks: see ``CredentialField.offer``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.credential_kinds import KINDS
from workspaces.credential_testing import credential_testers
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

    from workspaces.access import Actor

# Stands in the address of a test for the credential that is chosen by then.
CHOSEN = "00000000-0000-0000-0000-000000000000"
NONE_CHOSEN = gettext_lazy("No credential")
NOBODY_STORED = gettext_lazy("An admin of the workspace can store a credential.")


class Offered:
    """The workspace's credentials, looked up once for all fields of a form. Without an ``actor``,
    as where a form only describes itself, there are none."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor = actor

    def of(self, kind: str) -> list[Credential]:
        """Those of one kind, by name."""
        return [each for each in self._all if each.kind == kind]

    @cached_property
    def _all(self) -> list[Credential]:
        if self.actor is None:
            return []
        return list(Credential.objects.filter(workspace=self.actor.workspace_id))


class CredentialSelect(forms.Select):
    """The choice, with "Test" and, for whoever may store one, "Add new" beside it."""

    template = "workspaces/widgets/credential.html"

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-credentials": kind, **(attrs or {})})
        self.kind = kind
        self.actor: Actor | None = None
        self.is_empty = False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        select = super().render(name, value, attrs, renderer)
        context = {"select": select, "id": (attrs or {}).get("id", name), **self._beside()}
        return render_to_string(self.template, context)

    def _beside(self) -> dict[str, Any]:
        """What the actor may do besides choosing."""
        actor = self.actor
        if actor is None or self.attrs.get("disabled"):
            return {}
        slug, may_test = actor.workspace.slug, self.kind in credential_testers
        return {
            "kind": KINDS[self.kind],
            "create_url": create_url(actor, self.kind) if actor.is_admin else "",
            "test_url": may_test
            and actor.is_editor
            and reverse("workspaces:test-credential", args=(slug, CHOSEN)),
            "nobody_stored": NOBODY_STORED if self.is_empty and not actor.is_admin else "",
        }


class CredentialField(forms.ChoiceField):
    """A choice among the credentials of one ``kind``, of which those are left out that ``fits``
    does not take; ``nothing`` says what it means to choose none."""

    widget = CredentialSelect

    def __init__(
        self,
        kind: str,
        *,
        nothing: str | _StrPromise = NONE_CHOSEN,
        fits: Callable[[Credential], bool] = lambda _credential: True,
        **kwargs: Any,
    ) -> None:
        super().__init__(choices=[("", nothing)], widget=CredentialSelect(kind), **kwargs)
        self.kind, self.nothing, self.fits = kind, nothing, fits

    def offer(self, offered: Offered, chosen: str) -> None:
        """Let the form's person choose what there is, and keep ``chosen``, even if it is gone."""
        there = {str(each.pk): each for each in offered.of(self.kind)}
        found = [(key, labelled(each)) for key, each in there.items() if self.fits(each)]
        if chosen in there and chosen not in dict(found):
            found.append((chosen, _("%s: does not fit here") % there[chosen].name))
        elif chosen and chosen not in there:
            found.append((chosen, _("No longer there")))
        self.choices = [("", self.nothing), *found]
        assert isinstance(self.widget, CredentialSelect)
        self.widget.actor, self.widget.is_empty = offered.actor, not found


def labelled(credential: Credential) -> str:
    """What a choice calls a credential."""
    return f"{credential.name} {credential.hint}".strip()


def add_link(actor: Actor, kind: str) -> SafeString:
    """For the help of a field that chooses credentials in a way of its own."""
    return format_html(
        '<a href="{0}" target="_blank" hx-get="{0}" hx-target="#modal">{1}</a>',
        create_url(actor, kind),
        _("Store a credential"),
    )


def create_url(actor: Actor, kind: str) -> str:
    """Where a credential of ``kind`` is stored, on a page or in a dialog."""
    return reverse("workspaces:create-credential", args=(actor.workspace.slug, kind))
