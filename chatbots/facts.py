"""A configuration in a few lines, for the page of a deployed chatbot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistants import model_choice
from assistants.bases import knowledge_bases
from assistants.facts import shared_facts
from chatbots.assistant import model_of

if TYPE_CHECKING:
    from chatbots.schema import Chatbot
    from workspaces.access import Actor


def facts_of(chatbot: Chatbot, actor: Actor) -> list[tuple[str, str]]:
    """Names and values."""
    return [
        (_("Model"), model_choice.in_words(model_of(chatbot), actor)),
        (_("Temperature"), f"{chatbot.temperature:g}"),
        (_("Longest answer"), _("%(count)d tokens") % {"count": chatbot.max_tokens}),
        (_("Memory"), _memory(chatbot)),
        (_("Knowledge bases"), _knowledge(chatbot, actor)),
        *shared_facts(chatbot),
    ]


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
