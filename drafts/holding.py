"""Which entities and drafts of a kind name something else by its id: told before that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from drafts.overview import whole_drafts
from workspaces.credential_use import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from drafts.types import DraftType
    from workspaces.access import Actor

    Names = Callable[[Mapping[str, Any], UUID], bool]


def holders(
    actor: Actor, draft_type: DraftType[Any], live: QuerySet[Any], wanted: UUID, names: Names
) -> Iterator[Use]:
    """Those of ``live``, then those drafts, whose document ``names`` the id ``wanted``."""
    # The database passes over the configurations that do not hold the id anywhere.
    whole = Cast("live_release__configuration", TextField())
    for entity in live.alias(whole=whole).filter(whole__contains=str(wanted)):
        if entity.live_release and names(entity.live_release.configuration, wanted):
            yield Use(entity.name, _("Live"), draft_type.detail_url(entity))
    for draft in whole_drafts(actor, draft_type):
        if names(draft.data, wanted):
            place = (actor.workspace.slug, draft_type.url_name, draft.id)
            url = reverse("drafts:open", args=place)
            yield Use(draft.name or _("Untitled"), _("Draft"), url)
