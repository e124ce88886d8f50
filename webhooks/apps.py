from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from conversations.happenings import wakers
        from webhooks.models import Subscription
        from webhooks.waking import wake
        from workspaces.audit_words import audit_words
        from workspaces.credentials import sealed_rows
        from workspaces.settings_pages import SettingsPage, settings_pages

        wakers.register("webhooks", wake)
        sealed_rows.register("webhooks", Subscription.objects.standing)
        views = ("webhooks", "new", "webhook", "change", "replace-secret", "delete", "delivery")
        pages = tuple(f"webhooks:{view}" for view in views)
        settings_pages.register("webhooks", SettingsPage(_("Webhooks"), "webhook", pages))
        audit_words.register("subscription.created", _("Added a webhook"))
        audit_words.register("subscription.changed", _("Changed a webhook"))
        audit_words.register("subscription.paused", _("Paused a webhook"))
        audit_words.register("subscription.resumed", _("Resumed a webhook"))
        audit_words.register("subscription.deleted", _("Deleted a webhook"))
        audit_words.register("subscription.secret_replaced", _("Replaced the secret of a webhook"))
        audit_words.register("subscription.redelivered", _("Sent an event to a webhook again"))
