"""Asks before a conversation or a lead is deleted for good, and does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conversations.erasing import erase_conversation, erase_lead
from conversations.models import Lead
from conversations.views.doors import open_conversation
from workspaces.access import Actor, Role, member
from workspaces.views.answers import confirm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def conversation(request: HttpRequest, actor: Actor, conversation_id: UUID) -> HttpResponse:
    if request.method == "POST":
        erase_conversation(actor, conversation_id)
        messages.success(request, _("The conversation is deleted."))
        return redirect("conversations:inbox", actor.workspace.slug)
    found = open_conversation(actor, conversation_id)
    context = {
        "actor": actor,
        "title": _("Delete this conversation?"),
        "text": _(
            "Everything that %(person)s said and was told goes for good, and the lead if there is"
            " one. Analytics no longer count it."
        )
        % {"person": found.person},
        "button": _("Delete conversation"),
        "back": reverse("conversations:conversation", args=[actor.workspace.slug, found.pk]),
    }
    return confirm(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def lead(request: HttpRequest, actor: Actor, lead_id: UUID) -> HttpResponse:
    back = reverse("conversations:leads", args=[actor.workspace.slug])
    if request.method == "POST":
        erase_lead(actor, lead_id)
        messages.success(request, _("The lead is deleted."))
        return redirect(back)
    found = Lead.objects.filter(workspace=actor.workspace_id, pk=lead_id).first()
    if found is None:
        raise Http404
    context = {
        "actor": actor,
        "title": _("Delete this lead?"),
        "text": _(
            "What %(person)s filled in to be contacted goes for good. The conversation stays in the"
            " inbox, with all that was told in it; to delete that too, delete the conversation."
        )
        % {"person": str(found)},
        "button": _("Delete lead"),
        "back": back,
    }
    return confirm(request, context)
