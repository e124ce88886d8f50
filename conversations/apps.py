from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self) -> None:
        from conversations.model_credentials import tried, values_of_workspace
        from conversations.wording import channel_labels
        from inference.catalogue import credential_sources
        from workspaces.audit_words import audit_words
        from workspaces.credential_testing import credential_testers
        from workspaces.settings_pages import SettingsPage, settings_pages

        credential_sources.register("workspace", values_of_workspace)
        credential_testers.register("llm", tried)
        audit_words.register("conversation.deleted", _("Deleted a conversation"))
        audit_words.register("conversation.taken_over", _("Took over a conversation"))
        audit_words.register("conversation.given_back", _("Gave a conversation back to its bot"))
        audit_words.register("retention.changed", _("Changed how long conversations are kept"))
        audit_words.register("retention.deleted", _("Deleted conversations that were too old"))
        audit_words.register("person.exported", _("Exported what is kept of a person"))
        audit_words.register("person.erased", _("Deleted what was kept of a person"))
        audit_words.register("price.set", _("Set what a model costs"))
        audit_words.register("price.removed", _("Took back what a model costs"))
        audit_words.register("lead.deleted", _("Deleted a lead"))
        views = ("privacy", "keep", "find-person", "export-person", "erase-person")
        pages = tuple(f"conversations:{view}" for view in views)
        privacy = SettingsPage(_("Data and privacy"), "shield-check", pages, admins_only=True)
        settings_pages.register("conversations", privacy)
        channel_labels.register("api", _("API"))
        channel_labels.register("openai", _("OpenAI clients"))
