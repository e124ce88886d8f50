from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "drafts"

    def ready(self) -> None:
        from drafts import checks  # noqa: F401 (registers them)
        from drafts.clearing import clear
        from workspaces.founding import workspace_cleaners

        workspace_cleaners.register("drafts", clear)
