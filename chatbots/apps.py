from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatbotsConfig(AppConfig):
    name = "chatbots"
    verbose_name = _("Chatbots")

    def ready(self) -> None:
        from assistants.kinds import register
        from chatbots.assistant import ChatbotAssistant
        from chatbots.draft_type import ChatbotDraft
        from workspaces.audit_words import audit_words

        register(ChatbotDraft(), ChatbotAssistant)
        audit_words.register("chatbot.deployed", _("Deployed the chatbot"))
        audit_words.register("chatbot.rolled_back", _("Made an earlier version live again"))
        audit_words.register("chatbot.deleted", _("Deleted the chatbot"))
