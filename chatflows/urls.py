"""The pages of chatflows."""

from django.urls import path

from assistants.kind_urls import pages_of
from chatflows import case_views, views

app_name = "chatflows"

KIND = {"kind": "chatflows"}
DRAFT = "w/<slug:workspace>/chatflows/draft/<str:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/nodes/<str:node_id>/", views.node, KIND, name="node"),
    path(f"{DRAFT}/nodes/<str:node_id>/known/", views.known, KIND, name="known"),
    path(f"{DRAFT}/cases/", case_views.state, KIND, name="cases"),
    path(f"{DRAFT}/cases/run/", case_views.run, KIND, name="run_cases"),
    path(f"{DRAFT}/cases/stop/", case_views.stop, KIND, name="stop_cases"),
    path(f"{DRAFT}/cases/make/", case_views.make, KIND, name="make_case"),
    path(
        "w/<slug:workspace>/chatflows/<uuid:entity_id>/webhook/",
        views.replace_address,
        KIND,
        name="replace_address",
    ),
    *pages_of("chatflows"),
]
