"""The hosted page, and where channels' services call."""

from django.urls import path

from channels_deploy.views.hosted import hosted
from channels_deploy.views.webhooks import webhook

app_name = "channels_deploy"
_WEBHOOK = "webhooks/<slug:channel>/<uuid:entity_id>"
urlpatterns = [
    path("c/<slug:slug>", hosted, name="hosted"),
    path(_WEBHOOK, webhook, name="webhook-by-key"),
    path(f"{_WEBHOOK}/<str:path>", webhook, name="webhook"),
]
