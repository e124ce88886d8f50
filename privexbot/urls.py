"""Every address of the product. What streams is in ``stream_urls`` and served from there."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from privexbot import stream_urls, styleguide

api_urls = [
    path("", include("workspaces.api_urls")),
    path("", include("conversations.api_urls")),
    path("", include("webhooks.api_urls")),
    path("", include("knowledge.api_urls")),
    path("", include("chatflows.api_urls")),
    path("", include("drafts.api_urls")),
]

# Its script comes from an address of its own: the content security policy allows none in the page.
api_docs = SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html")

handler500 = "privexbot.errors.server_error"

urlpatterns = [
    *stream_urls.urlpatterns,
    # Before the many pages: services call more often than people do.
    path("", include("channels_deploy.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", api_docs, name="api-docs"),
    path("api/v1/", include(api_urls)),
    path("", include("workspaces.urls")),
    path("", include("webhooks.urls")),
    path("", include("conversations.urls")),
    path("", include("knowledge.urls")),
    path("", include("assistants.urls")),
    path("", include("chatbots.urls")),
    path("", include("chatflows.urls")),
    path("", include("drafts.urls")),
    *styleguide.urlpatterns,
]
