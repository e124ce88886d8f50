"""Where one lands in a workspace."""

from django.urls import path

from assistants.pages import dashboard

app_name = "assistants"

HOME = "w/<slug:workspace>/"

urlpatterns = [
    path(HOME, dashboard.dashboard, name="dashboard"),
    path(f"{HOME}first-steps/", dashboard.dismiss_checklist, name="dismiss_checklist"),
]
