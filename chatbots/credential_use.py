"""Which chatbots and drafts of them name a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from chatbots import overview
from chatbots.references import names_credential
from workspaces.credential_use import Use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from workspaces.access import Actor


def uses(actor: Actor, credential_id: UUID) -> Iterator[Use]:
    """Live chatbots, then drafts."""
    slug = actor.workspace.slug
    # The database passes over the configurations that do not hold the id anywhere.
    whole = Cast("live_release__configuration", TextField())
    live = overview.of_workspace(actor).alias(whole=whole)
    for chatbot in live.filter(whole__contains=str(credential_id)):
        release = chatbot.live_release
        if release and names_credential(release.configuration, credential_id):
            url = reverse("chatbots:detail", args=(slug, chatbot.pk))
            yield Use(chatbot.name, _("Live"), url)
    for draft in overview.drafts_with_credential(actor, credential_id):
        url = reverse("drafts:open", args=(slug, "chatbots", draft.id))
        yield Use(draft.name or _("Untitled"), _("Draft"), url)
