"""The pages about what was said: inbox and leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.htmx import wants_part
from common.paging import cursor_after, page
from conversations import exporting
from conversations.latest import with_latest
from conversations.matches import with_matches
from conversations.models import Message
from conversations.selection import Selection
from conversations.views.doors import open_conversation
from conversations.views.handoff import talk
from conversations.views.lines import as_lines
from conversations.views.lists import PAGE, answer, cursor, listed, query
from workspaces.access import Actor, member

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from conversations.models import Conversation


# Messages that are shown below the one that was looked for.
BELOW = 10


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
    rows, more = page(form.conversations(), "last_message_at", PAGE, cursor(request))
    rows = with_matches(with_latest(rows), form.words)
    context = listed(request, actor, form, rows, more) | transcript
    context |= {"section": "inbox", "chosen": chosen}
    return answer(request, "conversations/inbox.html", context)


@require_safe
@member()
def inbox_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = Selection(request.GET, actor).checked().conversations()
    return exporting.as_csv("conversations", exporting.conversations(rows))


@require_safe
@member()
def leads(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = Selection(request.GET, actor)
    rows, more = page(form.leads(), "created_at", PAGE, cursor(request))
    context = listed(request, actor, form, rows, more) | {"section": "leads"}
    return answer(request, "conversations/leads.html", context)


@require_safe
@member()
def leads_csv(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = Selection(request.GET, actor).checked().leads()
    return exporting.as_csv("leads", exporting.leads(rows))


def _transcript(request: HttpRequest, actor: Actor, conversation: Conversation) -> dict[str, Any]:
    """A page of the conversation's messages: the newest, those before a place in it, or those
    around the one that was looked for."""
    messages = Message.objects.filter(conversation=conversation)
    messages = messages.select_related("feedback", "author")
    match = _message(messages, request.GET.get("at", ""))
    before = request.GET.get("before", "") or (_below(messages, match) if match else "")
    newest_first, more = page(messages, "created_at", PAGE, before)
    return {
        "match_id": str(match.pk) if match else "",
        "is_behind": bool(before),
        "lines": as_lines(conversation, newest_first),
        "earlier": query(request, before=more) if more else "",
        "facts": True,
        **talk(actor, conversation),
        "last": str(newest_first[0].pk) if newest_first else "",
    }


def _message(messages: QuerySet[Message], message_id: str) -> Message | None:
    try:
        return messages.filter(pk=UUID(message_id)).first()
    except ValueError:
        return None


def _below(messages: QuerySet[Message], match: Message) -> str:
    """The cursor of a page that ends a little after ``match``; empty where the newest does."""
    later = messages.filter(created_at__gt=match.created_at).order_by("created_at")[: BELOW + 1]
    return cursor_after(later[BELOW], "created_at") if len(later) > BELOW else ""
