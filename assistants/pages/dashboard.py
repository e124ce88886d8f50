"""The dashboard: one's drafts, what is live, and the first steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assistants.ill_channels import ailments
from assistants.kinds import talking_kinds
from assistants.pages import gathering
from assistants.pages.checklist import cookie_of, first_steps
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
    kinds = talking_kinds()
    drafts = gathering.drafts(actor, kinds, SHOWN_ON_DASHBOARD)
    live = gathering.live(actor, kinds, SHOWN_ON_DASHBOARD)
    dismissed = cookie_of(actor) in request.COOKIES or not actor.is_editor
    context = {
        "actor": actor,
        "kinds": kinds,
        # What a new one is, where nobody has said of which kind.
        "draft_type": kinds[0],
        "drafts": drafts.rows,
        "more_drafts": drafts.more,
        "live": live.rows,
        "more_live": live.more,
        "ailments": ailments(actor),
        "checklist": [] if dismissed else first_steps(actor, drafts.rows, live.rows),
    }
    return render(request, "assistants/dashboard.html", context)


@require_POST
@member()
def dismiss_checklist(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do not show the first steps of this workspace again, in this browser."""
    del request
    home = reverse("assistants:dashboard", args=(actor.workspace.slug,))
    answer = HttpResponseRedirect(home)
    answer.set_cookie(
        cookie_of(actor), "dismissed", max_age=A_YEAR, path=home, httponly=True, samesite="Lax"
    )
    return answer
