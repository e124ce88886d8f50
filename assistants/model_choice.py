"""Which language model answers: what people call it, and whether it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assistants.credentials import model_credentials
from inference.providers import BY_NAME
from inference.resolve import is_configured, server_model

if TYPE_CHECKING:
    from conversations.runtime import ModelChoice
    from workspaces.access import Actor


def servers_model() -> str:
    """The model that answers where nothing is chosen."""
    if name := server_model():
        return _("This server's model (%(name)s)") % {"name": name}
    return _("No model is configured")


def in_words(choice: ModelChoice, actor: Actor) -> str:
    """The chosen model and who runs it."""
    provider = BY_NAME.get(choice.provider or "")
    named = _credential_name(choice, actor)
    if choice.credential_id and not named:
        gone = _("credential deleted")
        who = f"{provider.label} · {gone}" if provider else gone
    elif provider:
        who = str(provider.label)
    elif named:
        who = named
    elif not choice.model or not is_configured():
        return servers_model()
    else:
        who = _("This server")
    return f"{choice.model} · {who}" if choice.model else who


def unready(provider: object, credential_id: object) -> str:
    """Why a provider cannot be asked: neither the server's settings nor a credential make it
    ready."""
    found = BY_NAME.get(str(provider or ""))
    if found is None or credential_id or found.ready():
        return ""
    words = _("%(provider)s is not set up on this server. Choose a credential for it.")
    return words % {"provider": found.label}


def _credential_name(choice: ModelChoice, actor: Actor) -> str:
    """Empty where none is chosen, or it was deleted."""
    if not choice.credential_id:
        return ""
    names = {str(credential.pk): credential.name for credential in model_credentials(actor)}
    return names.get(choice.credential_id, "")
