"""A configuration in a few lines, for the page of a deployed chatbot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatbots.references import knowledge_bases
from inference.providers import BY_NAME

if TYPE_CHECKING:
    from chatbots.schema import Chatbot
    from workspaces.access import Actor


def facts_of(chatbot: Chatbot, actor: Actor) -> list[tuple[str, str]]:
    """Names and values."""
    return [
        (_("Model"), _model(chatbot)),
        (_("Temperature"), f"{chatbot.temperature:g}"),
        (_("Longest answer"), _("%(count)d tokens") % {"count": chatbot.max_tokens}),
        (_("Memory"), _memory(chatbot)),
        (_("Knowledge bases"), _knowledge(chatbot, actor)),
        (_("Variables"), ", ".join(v.name for v in chatbot.variables) or _("None")),
        (_("Lead capture"), _("On") if chatbot.lead_capture.enabled else _("Off")),
        (_("Limit"), _limit(chatbot)),
    ]


def _model(chatbot: Chatbot) -> str:
    provider = BY_NAME.get(chatbot.provider or "")
    name = str(provider.label) if provider else _("As this server is set")
    return f"{chatbot.model} · {name}" if chatbot.model else name


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
    return ", ".join(names.get(base.kb_id, _("Deleted")) for base in attached) or _("None")


def _limit(chatbot: Chatbot) -> str:
    limiting = chatbot.features.rate_limiting
    if not limiting.enabled:
        return _("None")
    return _("%(count)d messages an hour") % {"count": limiting.max_messages_per_hour}
