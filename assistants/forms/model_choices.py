"""Which providers, credentials and models can be chosen in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.credentials import MODEL, model_credentials
from assistants.model_choice import servers_model
from inference.catalogue import available
from inference.providers import PROVIDERS
from workspaces.credential_field import CredentialField, labelled

if TYPE_CHECKING:
    from inference.catalogue import Available
    from workspaces.access import Actor

    Choices = list[tuple[str, str]]

SERVERS_KEY = gettext_lazy("The server's own key")


def providers() -> Choices:
    """All of them, the server's own setting first."""
    return [("", servers_model()), *((each.name, str(each.label)) for each in PROVIDERS)]


def credentials(actor: Actor | None) -> Choices:
    """Those of the workspace, the server's own key first."""
    found = model_credentials(actor) if actor else []
    return [("", str(SERVERS_KEY)), *((str(each.pk), labelled(each)) for each in found)]


def credential_field(**kwargs: Any) -> CredentialField:
    """The field in which a model's credential is chosen."""
    return CredentialField(MODEL, nothing=SERVERS_KEY, **kwargs)


def with_own(choices: Choices, own: str) -> Choices:
    """``choices``; what the document holds already (``own``) stays selectable."""
    return choices if own in dict(choices) else [*choices, (own, _("No longer there"))]


def models(actor: Actor | None) -> list[Available]:
    """The models that can be reached, by provider."""
    found = available(actor.workspace if actor else None)
    return [provider for provider in found if provider.models]
