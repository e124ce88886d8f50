from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatbotsConfig(AppConfig):
    name = "chatbots"
    verbose_name = _("Chatbots")

    def ready(self) -> None:
        from chatbots import base_use, credential_use
        from chatbots.assistant import ChatbotAssistant
        from chatbots.draft_type import ChatbotDraft
        from chatbots.finding import find
        from conversations.runtime import assistants
        from drafts.types import draft_types
        from knowledge.live.base_use import base_uses
        from workspaces.audit_words import audit_words
        from workspaces.credential_use import credential_uses
        from workspaces.finding import finders

        draft_types.register(ChatbotDraft.kind, ChatbotDraft())
        assistants.register(ChatbotDraft.kind, ChatbotAssistant)
        credential_uses.register(ChatbotDraft.kind, credential_use.uses)
        base_uses.register(ChatbotDraft.kind, base_use.uses)
        finders.register(ChatbotDraft.kind, find)
        audit_words.register("chatbot.deployed", _("Deployed the chatbot"))
        audit_words.register("chatbot.rolled_back", _("Made an earlier version live again"))
        audit_words.register("chatbot.deleted", _("Deleted the chatbot"))
