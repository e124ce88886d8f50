"""Addresses of chatflows' own, below ``/api/v1/``; what all kinds have is in ``drafts``."""

from django.urls import path

from chatflows.api import cases

DRAFT = "chatflows/draft/<str:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/tests", cases.Tests.as_view()),
    path(f"{DRAFT}/tests/run", cases.RunTests.as_view()),
    path(f"{DRAFT}/tests/stop", cases.StopTests.as_view()),
]
