"""The dashboard and the list: what is being worked on, what is live, how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assistants import overview
from chatbots.checklist import cookie_of, first_steps
from chatbots.kind import registered
from chatbots.starters import STARTERS
from drafts.entity_pages.listing import list_context, query_of
from drafts.overview import draft_rows, drafts_named
from workspaces.access import member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.access import Actor

SHOWN_ON_DASHBOARD = 8
A_YEAR = 365 * 24 * 3600


@require_GET
@member()
def dashboard(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where one lands: one's drafts, what is live, and the first steps while there are any."""
    draft_type = registered()
    drafts, live = drafts_named(actor, draft_type), overview.live(actor, draft_type)
    live_rows = overview.live_rows(actor, draft_type, live[:SHOWN_ON_DASHBOARD])
    dismissed = cookie_of(actor) in request.COOKIES
    context = {
        "actor": actor,
        "draft_type": draft_type,
        "templates": STARTERS,
        "drafts": draft_rows(actor, draft_type, drafts[:SHOWN_ON_DASHBOARD]),
        "draft_count": len(drafts),
        "live": live_rows,
        "live_count": live.count(),
        "checklist": []
        if dismissed or not actor.is_editor
        else first_steps(actor, drafts, live_rows),
    }
    return render(request, "chatbots/dashboard.html", context)


@require_GET
@member()
def chatbots(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All drafts and live chatbots, narrowed by ``q``."""
    draft_type = registered()
    found = overview.live_named(actor, draft_type, query_of(request))
    context = list_context(request, actor, draft_type, found)
    context["live"] = overview.live_rows(actor, draft_type, context["live_page"].object_list)
    return render(request, "chatbots/list.html", context | {"templates": STARTERS})


@require_POST
@member()
def dismiss_checklist(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do not show the first steps of this workspace again, in this browser."""
    del request
    home = reverse("chatbots:dashboard", args=(actor.workspace.slug,))
    answer = HttpResponseRedirect(home)
    answer.set_cookie(
        cookie_of(actor), "dismissed", max_age=A_YEAR, path=home, httponly=True, samesite="Lax"
    )
    return answer
