"""The versions of a deployed entity, and what each changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from drafts.access import keyed_of
from drafts.deploying.planning import Between, differences, parsed, whole
from drafts.deploying.wording import in_words
from drafts.releases import configuration_of
from drafts.types import draft_types

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from drafts.models import Entity, Release
    from workspaces.access import Actor


def history(entity: Entity) -> QuerySet[Release]:
    """Every version, the newest first, without its configuration."""
    return entity.releases.defer("configuration")


def changes(actor: Actor, entity: Entity, number: int) -> list[dict[str, str | None]]:
    """What the version ``number`` changed, as ``components/diff.html`` shows it to ``actor``; 404
    for one that is not there and for the first."""
    pair = list(entity.releases.filter(number__in=(number - 1, number)))
    if [release.number for release in pair] != [number, number - 1]:
        raise Http404
    draft_type = draft_types.get(entity.kind)
    documents = map(configuration_of, pair)
    after, before = (whole(parsed(draft_type, each), each) for each in documents)
    found = differences(before, after, keyed_of(draft_type))
    return in_words(draft_type, found, Between(before, after), actor)
