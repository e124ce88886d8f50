"""What streams: answered by async views on ASGI, see ``privexbot.dispatch``."""

from django.urls import include, path

from privexbot import health, metrics

# Health and metrics are here because they must answer when every page thread is busy, and by
# whatever name a probe calls the machine.
urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("", include("conversations.stream_urls")),
    path("", include("channels_deploy.stream_urls")),
    path("", include("knowledge.stream_urls")),
    path("", include("chatflows.stream_urls")),
    path("", include("drafts.stream_urls")),
]
