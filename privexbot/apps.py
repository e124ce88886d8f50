from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

# Imported by every process that uses Django, so that shared tasks find the broker.
from privexbot.celery import app as celery_app

__all__ = ["PrivexBotConfig", "celery_app"]


class PrivexBotConfig(AppConfig):
    name = "privexbot"
    verbose_name = _("PrivexBot")

    def ready(self) -> None:
        from privexbot.checks import TAG, all_checks

        checks.register(all_checks, TAG)
