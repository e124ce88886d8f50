"""The pages of chatflows."""

from django.urls import path

from assistants.kind_urls import pages_of
from chatflows import views

app_name = "chatflows"

urlpatterns = [
    path(
        "w/<slug:workspace>/chatflows/draft/<str:draft_id>/nodes/<str:node_id>/",
        views.node,
        {"kind": "chatflows"},
        name="node",
    ),
    path(
        "w/<slug:workspace>/chatflows/<uuid:entity_id>/webhook/",
        views.replace_address,
        {"kind": "chatflows"},
        name="replace_address",
    ),
    *pages_of("chatflows"),
]
