"""What the palette finds of one kind: live entities, then drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from drafts.overview import drafts_named
from workspaces.finding import MOST_FOUND, Found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from drafts.types import DraftType
    from workspaces.access import Actor


def find_in(
    actor: Actor, draft_type: DraftType[Any], live: QuerySet[Any], query: str
) -> Iterator[Found]:
    """Those of ``live``, in its order, and those drafts whose names hold ``query``."""
    for entity in live.filter(name__icontains=query)[:MOST_FOUND]:
        yield Found(entity.name, draft_type.detail_url(entity), draft_type.icon, _("Live"))
    for draft in drafts_named(actor, draft_type, query)[:MOST_FOUND]:
        if draft.name:
            place = (actor.workspace.slug, draft_type.url_name, draft.id)
            yield Found(draft.name, reverse("drafts:open", args=place), "file-clock", _("Draft"))
