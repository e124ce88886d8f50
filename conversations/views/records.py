"""The pages about what was said: inbox, leads, analytics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.htmx import wants_part
from common.paging import page
from conversations import exporting
from conversations.analytics import analytics as counted
from conversations.charts import bars
from conversations.latest import with_latest
from conversations.matches import with_matches
from conversations.models import Message
from conversations.selection import Selection
from conversations.views.doors import open_conversation
from conversations.views.handoff import talk
from conversations.views.lines import as_lines
from workspaces.access import Actor, member

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from conversations.models import Conversation

PAGE = 50


@require_safe
@member()
def inbox(
    request: HttpRequest, actor: Actor, *, conversation_id: UUID | None = None
) -> HttpResponse:
    chosen = open_conversation(actor, conversation_id) if conversation_id else None
    transcript = _transcript(request, actor, chosen) if chosen else {}
    if transcript and request.GET.get("before") and wants_part(request):
        return render(request, "conversations/parts/transcript.html#lines", transcript)
    form = Selection(request.GET, actor)
    rows, more = page(form.conversations(), "last_message_at", PAGE, _cursor(request))
    rows = with_matches(with_latest(rows), form.words)
    context = _listed(request, actor, form, rows, more) | transcript
    context |= {"section": "inbox", "chosen": chosen}
    return _answer(request, "conversations/inbox.html", context)


@require_safe
@member()
def inbox_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = Selection(request.GET, actor).checked().conversations()
    return exporting.as_csv("conversations", exporting.conversations(rows))


@require_safe
@member()
def leads(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Selection(request.GET, actor)
    rows, more = page(form.leads(), "created_at", PAGE, _cursor(request))
    context = _listed(request, actor, form, rows, more) | {"section": "leads"}
    return _answer(request, "conversations/leads.html", context)


@require_safe
@member()
def leads_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = Selection(request.GET, actor).checked().leads()
    return exporting.as_csv("leads", exporting.leads(rows))


@require_safe
@member()
def analytics(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Selection(request.GET, actor)
    found = counted(form)
    totals = found.totals
    thoughts = totals["helpful"] + totals["not_helpful"]
    context = {
        "actor": actor,
        "section": "analytics",
        "form": form,
        "totals": totals,
        "helpful_share": round(100 * totals["helpful"] / thoughts) if thoughts else None,
        "chart": bars([(day.date, day.messages) for day in found.days]),
        "days": [day for day in reversed(found.days) if day.is_busy],
        "query": _query(request),
    }
    return _answer(request, "conversations/analytics.html", context)


@require_safe
@member()
def analytics_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    found = counted(Selection(request.GET, actor).checked())
    return exporting.as_csv("analytics", exporting.days(found))


def _transcript(request: HttpRequest, actor: Actor, conversation: Conversation) -> dict[str, Any]:
    """A page of the conversation's messages: the newest, or those before a place in it."""
    messages = Message.objects.filter(conversation=conversation)
    messages = messages.select_related("feedback", "author")
    newest_first, more = page(messages, "created_at", PAGE, request.GET.get("before", ""))
    return {
        "lines": as_lines(conversation, newest_first),
        "earlier": _query(request, before=more) if more else "",
        "facts": True,
        **talk(actor, conversation),
        "last": str(newest_first[0].pk) if newest_first else "",
    }


def _listed(
    request: HttpRequest, actor: Actor, form: Selection, rows: Any, more: str | None
) -> dict[str, Any]:
    return {
        "actor": actor,
        "form": form,
        "rows": rows,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "query": _query(request),
        "next": _query(request, cursor=more) if more else "",
        "newest": _query(request) if _cursor(request) else "",
    }


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=200 if context["form"].is_valid() else 422)


def _cursor(request: HttpRequest) -> str:
    return request.GET.get("cursor", "")


def _query(request: HttpRequest, **more: str) -> str:
    """The filter as a query string, from its question mark on."""
    query = request.GET.copy()
    for place in ("cursor", "before"):
        query.pop(place, None)
    for name in [name for name in query if not query[name]]:
        del query[name]
    query.update(more)
    return f"?{query.urlencode()}"
