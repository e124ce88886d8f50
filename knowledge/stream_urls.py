"""What streams: how far a base is indexed."""

from django.urls import path

from knowledge.views import progress

urlpatterns = [
    path("api/v1/kb/<uuid:entity_id>/progress/events", progress.events),
]
