"""People, workspaces, keys, credentials, and the record of changes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspacesConfig(AppConfig):
    name = "workspaces"
    verbose_name = _("Workspaces and people")

    def ready(self) -> None:
        from workspaces.finding import finders, pages

        finders.register("settings", pages)
