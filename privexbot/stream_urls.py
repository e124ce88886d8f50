"""What streams: answered by async views on ASGI, see ``privexbot.dispatch``."""

from django.urls import include, path

urlpatterns = [
    path("", include("conversations.stream_urls")),
    path("", include("channels_deploy.stream_urls")),
    path("", include("drafts.stream_urls")),
]
