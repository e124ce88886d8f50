"""The secret with which a website's server signs who its visitors are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assistants.pages import examples
from assistants.pages.doors import live_page
from channels_deploy import identity
from common.htmx import wants_part
from drafts.builder import shown_once
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from workspaces.access import Actor

# Apart from the assistant's API key, which may wait for the same person at the same time.
SHOWN_AS = "identity:{}"


@never_cache
@require_POST
@live_page(Role.EDITOR)
def make_secret(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """Make a secret, the first or a new one; the deployment page shows it once."""
    secret = identity.new_secret(actor, entity)
    shown_once.keep(actor, SHOWN_AS.format(entity.pk), secret)
    if wants_part(request):
        context = {
            "actor": actor,
            "draft_type": draft_type,
            "entity": entity,
            "identity": shown(actor, entity),
        }
        return render(request, "assistants/parts/identity.html", context)
    return HttpResponseRedirect(f"{draft_type.page_url('deployment', entity)}#identity")


def shown(actor: Actor, entity: AssistantEntity) -> dict[str, Any]:
    """What the deployment page's section shows; a fresh secret only this once."""
    fresh = shown_once.take(actor, SHOWN_AS.format(entity.pk)) if actor.is_editor else None
    return {
        "fresh": fresh or "",
        "made": identity.has_secret(entity),
        "python": examples.VOUCH_IN_PYTHON,
        "node": examples.VOUCH_IN_NODE,
        "php": examples.VOUCH_IN_PHP,
        "page": examples.VOUCH_ON_PAGE,
        "hash": examples.SIGN_THE_ID,
        "hash_page": examples.IDENTIFY_BY_HASH,
    }
