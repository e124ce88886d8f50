from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatflowsConfig(AppConfig):
    name = "chatflows"
    verbose_name = _("Chatflows")

    def ready(self) -> None:
        from assistants.kinds import register
        from chatflows.assistant import ChatflowAssistant
        from chatflows.draft_type import ChatflowDraft
        from conversations.delivery import unread_channels
        from conversations.wording import channel_labels
        from workspaces.audit_words import audit_words

        register(ChatflowDraft(), ChatflowAssistant)
        audit_words.register("chatflow.deployed", _("Deployed the chatflow"))
        audit_words.register("chatflow.rolled_back", _("Made an earlier version live again"))
        audit_words.register("chatflow.deleted", _("Deleted the chatflow"))
        audit_words.register("webhook.replaced", _("Replaced the address of a webhook"))
        channel_labels.register("webhook", _("Webhook"))
        channel_labels.register("schedule", _("Schedule"))
        unread_channels.register("webhook", None)
        unread_channels.register("schedule", None)
