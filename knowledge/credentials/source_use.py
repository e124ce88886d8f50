"""Which knowledge bases and drafts of them have sources that are read with a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from drafts import editing
from drafts.access import open_each
from drafts.types import draft_types
from knowledge.live import bases
from workspaces.credential_use import Use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from workspaces.access import Actor

KIND = "kb"


def source_uses(actor: Actor, credential_id: UUID) -> Iterator[Use]:
    """Live bases, then drafts."""
    slug, draft_type = actor.workspace.slug, draft_types.get(KIND)
    # The database passes over the configurations that do not hold the id anywhere.
    whole = Cast("live_release__configuration", TextField())
    live = bases.of_workspace(actor).alias(whole=whole)
    for base in live.filter(whole__contains=str(credential_id)):
        if base.live_release and reads_with(base.live_release.configuration, credential_id):
            yield Use(base.name, _("Live"), reverse("knowledge:detail", args=(slug, base.pk)))
    ids = [summary.id for summary in editing.list_drafts(actor, draft_type)]
    for draft in open_each(actor, draft_type, ids).values():
        if reads_with(draft.data, credential_id):
            url = reverse("drafts:open", args=(slug, draft_type.url_name, draft.id))
            yield Use(draft.name or _("Untitled"), _("Draft"), url)


def reads_with(data: Mapping[str, Any], credential_id: UUID) -> bool:
    """Whether a source of the document is read with the credential."""
    sources = data.get("sources") or ()
    return any(str(source.get("credential_id")) == str(credential_id) for source in sources)
