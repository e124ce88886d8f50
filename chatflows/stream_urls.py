"""What streams: runs of a draft's flow, as the API and the builder ask for them, and calls of
webhooks."""

from django.urls import path

from chatflows import trying
from chatflows.api import executing, openapi
from chatflows.triggers import webhook
from conversations.openapi import documented

DRAFTS = "chatflows/draft/<str:draft_id>"
DRAFT = f"api/v1/{DRAFTS}"

urlpatterns = [
    path("hooks/v1/<str:token>", documented(webhook.call, post=openapi.HOOK)),
    path(
        "w/<slug:workspace>/chatflows/draft/<str:draft_id>/start", trying.start, name="flow-start"
    ),
    path(f"{DRAFT}/execute", documented(executing.execute, post=openapi.EXECUTE)),
    path(
        f"{DRAFT}/nodes/<str:node_id>/run",
        documented(executing.run_node, post=openapi.RUN_NODE),
    ),
]
