"""The knowledge bases of a workspace, as assistants ask them. A base may be reserved for a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.named import uuid, uuids
from drafts.models import Entity
from knowledge.kind import KIND
from knowledge.models import KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from assistants.named import NamedBase
    from workspaces.access import Actor

Context = KnowledgeBase.Context


def knowledge_bases(actor: Actor) -> list[Entity]:
    """The deployed knowledge bases of the actor's workspace, by name."""
    return list(_bases(actor).select_related("live_release").order_by("name"))


def choices(actor: Actor, kind: str) -> tuple[tuple[str, str], ...]:
    """Those bases as choices, named as what they are where ``kind`` may not use them: one that is
    attached already has a name all the same."""
    words = _("%(name)s (for %(others)s only)")
    return tuple(
        (
            str(base.pk),
            words % {"name": base.name, "others": in_words(other_than(kind))}
            if _is_closed(base, kind)
            else base.name,
        )
        for base in knowledge_bases(actor)
    )


def other_than(kind: str) -> str:
    """The kind that a base is reserved for which ``kind`` may not use."""
    return next(each for each in Context if each not in (kind, Context.BOTH))


def in_words(kind: str) -> str:
    """What is said of a kind that bases may be for."""
    return str(Context(kind).label).lower()


def existing(actor: Actor, texts: Iterable[str]) -> frozenset[UUID | None]:
    """The ids among ``texts`` of bases that there are."""
    if not (ids := uuids(texts)):
        return frozenset()
    return frozenset(_bases(actor).filter(pk__in=ids).values_list("pk", flat=True))


def closed(actor: Actor, texts: Iterable[str], kind: str) -> frozenset[UUID | None]:
    """The ids among ``texts`` of bases that ``kind`` may not use."""
    if not (ids := uuids(texts)):
        return frozenset()
    found = _bases(actor).filter(live_release__configuration__context=other_than(kind))
    return frozenset(found.filter(pk__in=ids).values_list("pk", flat=True))


def lost(actor: Actor, attached: Sequence[NamedBase]) -> int:
    """How many of the attached bases were deleted."""
    known = existing(actor, (base.id for base in attached))
    return sum(uuid(base.id) not in known for base in attached)


def unknown_tags(actor: Actor, attached: Iterable[NamedBase]) -> Iterator[tuple[str, str]]:
    """Path and message for each attached base of which no source has one of the tags that it is
    limited to: nothing is found in it."""
    limited = {pk: base for base in attached if base.tags and (pk := uuid(base.id))}
    if not limited:
        return
    for found in _bases(actor).filter(pk__in=limited).select_related("live_release"):
        base = limited[found.pk]
        live = found.live_release
        if live and base.tags.isdisjoint(_tags(live.configuration)):
            words = _("No source of %(base)s is tagged %(tags)s: nothing will be found in it.")
            yield (
                f"{base.path}.override_retrieval.filters.tags",
                words % {"base": found.name, "tags": ", ".join(sorted(base.tags))},
            )


def _is_closed(base: Entity, kind: str) -> bool:
    live = base.live_release
    return bool(live and live.configuration.get("context") == other_than(kind))


def _tags(configuration: Mapping[str, Any]) -> Iterator[str]:
    for source in configuration.get("sources") or ():
        yield from (source.get("annotations") or {}).get("tags") or ()


def _bases(actor: Actor) -> QuerySet[Entity]:
    return Entity.objects.filter(workspace_id=actor.workspace_id, kind=KIND)
