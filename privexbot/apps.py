from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

# Imported by every process that uses Django, so that shared tasks find the broker.
from privexbot.celery import app as celery_app

__all__ = ["PrivexBotConfig", "StaticFiles", "celery_app"]


class PrivexBotConfig(AppConfig):
    default = True
    name = "privexbot"
    verbose_name = _("PrivexBot")

    def ready(self) -> None:
        from privexbot.checks import TAG, all_checks

        checks.register(all_checks, TAG)


class StaticFiles(StaticFilesConfig):
    """Leaves out what libraries bring and no page uses: three quarters of all static files."""

    ignore_patterns = (
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "swagger-ui-es-bundle*",
        "rest_framework",
        "django_htmx",
    )
