"""What streams: runs of a draft's flow, as the API asks for them."""

from django.urls import path

from chatflows.api import executing, openapi
from conversations.openapi import documented

DRAFT = "api/v1/chatflows/draft/<str:draft_id>"

urlpatterns = [
    path(f"{DRAFT}/execute", documented(executing.execute, post=openapi.EXECUTE)),
    path(
        f"{DRAFT}/nodes/<str:node_id>/run",
        documented(executing.run_node, post=openapi.RUN_NODE),
    ),
]
