"""A configuration in a few lines, for the page of a deployed chatbot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatbots.references import knowledge_bases, model_credentials
from inference.providers import BY_NAME
from inference.resolve import is_configured, server_model

if TYPE_CHECKING:
    from chatbots.schema import Chatbot
    from workspaces.access import Actor


def facts_of(chatbot: Chatbot, actor: Actor) -> list[tuple[str, str]]:
    """Names and values."""
    return [
        (_("Model"), _model(chatbot, actor)),
        (_("Temperature"), f"{chatbot.temperature:g}"),
        (_("Longest answer"), _("%(count)d tokens") % {"count": chatbot.max_tokens}),
        (_("Memory"), _memory(chatbot)),
        (_("Knowledge bases"), _knowledge(chatbot, actor)),
        (_("Variables"), ", ".join(v.name for v in chatbot.variables) or _("None")),
        (_("Lead capture"), _("On") if chatbot.lead_capture.enabled else _("Off")),
        (_("Limit"), _limit(chatbot)),
    ]


def servers_model() -> str:
    """The model that answers where nothing is chosen."""
    if name := server_model():
        return _("This server's model (%(name)s)") % {"name": name}
    return _("No model is configured")


def _model(chatbot: Chatbot, actor: Actor) -> str:
    provider = BY_NAME.get(chatbot.provider or "")
    named = _credential_name(chatbot, actor)
    if chatbot.credential_id and not named:
        gone = _("credential deleted")
        who = f"{provider.label} · {gone}" if provider else gone
    elif provider:
        who = str(provider.label)
    elif named:
        who = named
    elif not chatbot.model or not is_configured():
        return servers_model()
    else:
        who = _("This server")
    return f"{chatbot.model} · {who}" if chatbot.model else who


def _credential_name(chatbot: Chatbot, actor: Actor) -> str:
    """Empty where none is chosen, or it was deleted."""
    if not chatbot.credential_id:
        return ""
    names = {credential.pk: credential.name for credential in model_credentials(actor)}
    return names.get(chatbot.credential_id, "")


def _memory(chatbot: Chatbot) -> str:
    if not chatbot.memory.enabled:
        return _("Off")
    count = chatbot.memory.max_messages
    return ngettext("The last %(count)d message", "The last %(count)d messages", count) % {
        "count": count
    }


def _knowledge(chatbot: Chatbot, actor: Actor) -> str:
    names = {str(base.pk): base.name for base in knowledge_bases(actor)}
    attached = [base for base in chatbot.knowledge_bases if base.enabled]
    gone = _("Deleted knowledge base")
    return ", ".join(names.get(base.kb_id, gone) for base in attached) or _("None")


def _limit(chatbot: Chatbot) -> str:
    limiting = chatbot.features.rate_limiting
    if not limiting.enabled:
        return _("None")
    return _("%(count)d messages an hour") % {"count": limiting.max_messages_per_hour}
