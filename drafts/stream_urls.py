"""The builder's stream of changes."""

from django.urls import path

from drafts import live_events

app_name = "drafts_stream"

urlpatterns = [
    path(
        "w/<slug:workspace>/<slug:kind>/draft/<str:draft_id>/events/",
        live_events.events,
        name="events",
    ),
]
