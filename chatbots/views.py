"""The dashboard and the list: what is being worked on, what is live, how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chatbots import overview
from chatbots.checklist import cookie_of, first_steps
from chatbots.starters import STARTERS
from workspaces import settings_pages
from workspaces.access import member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.access import Actor

PER_PAGE = 25
SHOWN_ON_DASHBOARD = 8
LONGEST_QUERY = 120
A_YEAR = 365 * 24 * 3600


@require_GET
@member()
def dashboard(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where one lands: one's drafts, what is live, and the first steps while there are any."""
    drafts, live = overview.drafts_named(actor), overview.of_workspace(actor)
    live_rows = overview.live_rows(actor, live[:SHOWN_ON_DASHBOARD])
    dismissed = cookie_of(actor) in request.COOKIES
    context = _context(
        actor,
        drafts=overview.draft_rows(actor, drafts[:SHOWN_ON_DASHBOARD]),
        draft_count=len(drafts),
        live=live_rows,
        live_count=live.count(),
        checklist=[] if dismissed or not actor.is_editor else first_steps(actor, drafts, live_rows),
    )
    return render(request, "chatbots/dashboard.html", context)


@require_GET
@member()
def chatbots(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All drafts and live chatbots, narrowed by ``q``."""
    query, numbers = _query(request), request.GET
    live = Paginator(overview.live_named(actor, query), PER_PAGE).get_page(numbers.get("page"))
    drafts = Paginator(overview.drafts_named(actor, query), PER_PAGE).get_page(
        numbers.get("drafts")
    )
    context = _context(
        actor,
        query=query,
        drafts=overview.draft_rows(actor, drafts.object_list),
        draft_page=drafts,
        keeps_live=_kept(q=query, page=numbers.get("page", "")),
        live=overview.live_rows(actor, live.object_list),
        live_page=live,
        keeps_drafts=_kept(q=query, drafts=numbers.get("drafts", "")),
    )
    return render(request, "chatbots/list.html", context)


def _kept(**parameters: str) -> str:
    """The parameters that a link to another page keeps."""
    given = {name: value for name, value in parameters.items() if value}
    return urlencode(given) + "&" if given else ""


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


@require_GET
@member()
def find(request: HttpRequest, actor: Actor) -> JsonResponse:
    """What the palette finds by name: pages of the settings, live chatbots and drafts."""
    query, slug = _query(request), actor.workspace.slug
    live = overview.of_workspace(actor).filter(name__icontains=query)[:PER_PAGE]
    results = [
        {"label": page.label, "url": page.url, "icon": page.icon, "note": str(settings_pages.GROUP)}
        for page in settings_pages.pages_named(actor, query)
    ]
    results += [
        _entry(chatbot.name, "chatbots:detail", (slug, chatbot.pk), "bot", _("Live"))
        for chatbot in live
    ]
    results += [
        _entry(draft.name, "drafts:open", (slug, "chatbots", draft.id), "file-clock", _("Draft"))
        for draft in overview.drafts_named(actor, query)[:PER_PAGE]
        if draft.name
    ]
    return JsonResponse({"results": results})


def _entry(label: str, view: str, args: tuple[Any, ...], icon: str, note: str) -> dict[str, str]:
    return {"label": label, "url": reverse(view, args=args), "icon": icon, "note": note}


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


def _context(actor: Actor, **more: Any) -> dict[str, Any]:
    return {"actor": actor, "templates": STARTERS, **more}
