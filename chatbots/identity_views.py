"""The secret with which a website's server signs who its visitors are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assistants import overview
from channels_deploy import identity
from chatbots import examples
from chatbots.kind import registered
from common.htmx import wants_part
from drafts.builder import shown_once
from workspaces.access import Role, member

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from assistants.models import AssistantEntity
    from workspaces.access import Actor

# Apart from the chatbot's API key, which may wait for the same person at the same time.
SHOWN_AS = "identity:{}"


@never_cache
@require_POST
@member(Role.EDITOR)
def make_secret(request: HttpRequest, actor: Actor, *, entity_id: UUID) -> HttpResponse:
    """Make a secret, the first or a new one; the deployment page shows it once."""
    chatbot = get_object_or_404(overview.live(actor, registered()), pk=entity_id)
    secret = identity.new_secret(actor, chatbot)
    shown_once.keep(actor, SHOWN_AS.format(chatbot.pk), secret)
    if wants_part(request):
        context = {"actor": actor, "chatbot": chatbot, "identity": shown(actor, chatbot)}
        return render(request, "chatbots/parts/identity.html", context)
    url = reverse("chatbots:deployment", args=(actor.workspace.slug, chatbot.pk))
    return HttpResponseRedirect(f"{url}#identity")


def shown(actor: Actor, chatbot: AssistantEntity) -> dict[str, Any]:
    """What the deployment page's section shows; a fresh secret only this once."""
    fresh = shown_once.take(actor, SHOWN_AS.format(chatbot.pk)) if actor.is_editor else None
    return {
        "fresh": fresh or "",
        "made": identity.has_secret(chatbot),
        "python": examples.SIGN_IN_PYTHON,
        "node": examples.SIGN_IN_NODE,
        "page": examples.IDENTIFY,
    }
