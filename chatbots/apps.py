from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatbotsConfig(AppConfig):
    name = "chatbots"
    verbose_name = _("Chatbots")

    def ready(self) -> None:
        from chatbots.assistant import ChatbotAssistant
        from chatbots.draft_type import ChatbotDraft
        from conversations.runtime import assistants
        from drafts.types import draft_types

        draft_types.register(ChatbotDraft.kind, ChatbotDraft())
        assistants.register(ChatbotDraft.kind, ChatbotAssistant)
