"""What streams: runs of a draft's flow, as the API and the builder ask for them, and calls of
webhooks."""

from django.urls import path

from chatflows import starting
from chatflows.api import executing, openapi
from chatflows.runs import openapi as runs
from chatflows.runs import views
from chatflows.runs.views import by_key, by_session, through
from chatflows.triggers import webhook
from conversations.openapi import documented

DRAFTS = "chatflows/draft/<str:draft_id>"
DRAFT = f"api/v1/{DRAFTS}"
PAGE = f"w/<slug:workspace>/{DRAFTS}"

urlpatterns = [
    path("hooks/v1/<str:token>", documented(webhook.call, post=openapi.HOOK)),
    path(f"{PAGE}/start", starting.start, name="flow-start"),
    path(f"{DRAFT}/execute", documented(executing.execute, post=openapi.EXECUTE)),
    path(
        f"{DRAFT}/nodes/<str:node_id>/run",
        documented(executing.run_node, post=openapi.RUN_NODE),
    ),
    path(f"{DRAFT}/runs", documented(through(by_key, get=views.runs), get=runs.RUNS)),
    path(f"{DRAFT}/runs/<str:run_id>", documented(through(by_key, get=views.run), get=runs.RUN)),
    path(
        f"{DRAFT}/runs/<str:run_id>/replay",
        documented(through(by_key, post=views.again), post=runs.REPLAY),
    ),
    path(f"{DRAFT}/pins", documented(through(by_key, get=views.pins), get=runs.PINS)),
    path(
        f"{DRAFT}/nodes/<str:node_id>/pin",
        documented(
            through(by_key, put=views.pin, delete=views.unpin), put=runs.PIN, delete=runs.UNPIN
        ),
    ),
    path(f"{PAGE}/runs", through(by_session, get=views.runs), name="flow-runs"),
    path(f"{PAGE}/runs/<str:run_id>", through(by_session, get=views.run)),
    path(f"{PAGE}/runs/<str:run_id>/replay", through(by_session, post=views.again)),
    path(f"{PAGE}/pins", through(by_session, get=views.pins)),
    path(
        f"{PAGE}/nodes/<str:node_id>/pin",
        through(by_session, put=views.pin, delete=views.unpin),
    ),
    path(f"{PAGE}/nodes/<str:node_id>/reads", through(by_session, get=views.reads)),
    path(f"{PAGE}/nodes/<str:node_id>/try", through(by_session, post=views.try_node)),
]
