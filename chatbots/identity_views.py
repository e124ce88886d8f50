"""The secret with which a website's server signs who its visitors are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from channels_deploy import identity
from chatbots import examples, overview
from common.problems import Problem
from drafts.builder import shown_once
from workspaces.access import Role, member

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from chatbots.models import Chatbot
    from workspaces.access import Actor

# Apart from the chatbot's API key, which may wait for the same person at the same time.
SHOWN_AS = "identity:{}"


@require_POST
@member(Role.EDITOR)
def make_secret(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """Make a secret, the first or a new one; the deployment page shows it once."""
    chatbot = get_object_or_404(overview.of_workspace(actor), pk=entity_id)
    try:
        secret = identity.new_secret(actor, chatbot)
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        shown_once.keep(actor, SHOWN_AS.format(chatbot.pk), secret)
    url = reverse("chatbots:deployment", args=(actor.workspace.slug, chatbot.pk))
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": f"{url}#identity"})
    return HttpResponseRedirect(f"{url}#identity")


def shown(actor: Actor, chatbot: Chatbot) -> dict[str, Any]:
    """What the deployment page's section shows; a fresh secret only this once."""
    fresh = shown_once.take(actor, SHOWN_AS.format(chatbot.pk)) if actor.is_editor else None
    return {
        "fresh": fresh or "",
        "made": identity.has_secret(chatbot),
        "python": examples.SIGN_IN_PYTHON,
        "node": examples.SIGN_IN_NODE,
        "page": examples.IDENTIFY,
    }
