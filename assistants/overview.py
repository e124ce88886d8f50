"""What pages show of a workspace's live assistants, and how they are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from assistants.credentials import lost_models
from channels_deploy.models import Connection
from channels_deploy.states import ChannelState, states
from conversations.models import Conversation, Feedback, Lead, Message
from drafts.entities import live_entities
from drafts.overview import drafts_by_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from assistants.named import NamedStart
    from drafts.draft import Summary
    from workspaces.access import Actor

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class LiveRow:
    """A deployed assistant; ``draft`` is the newest one that changes it. ``starts`` is what begins
    it besides a message. ``is_silent``: see ``silent``."""

    draft_type: AssistantDraft[Any]
    entity: AssistantEntity
    channels: list[ChannelState]
    starts: list[NamedStart]
    messages: int
    draft: Summary | None
    is_silent: bool = False

    @property
    def id(self) -> str:
        return str(self.entity.pk)

    @property
    def version(self) -> int:
        release = self.entity.live_release
        return release.number if release else 0

    @property
    def deployed_at(self) -> datetime:
        release = self.entity.live_release
        return release.created_at if release else self.entity.created_at


@dataclass(frozen=True)
class Numbers:
    """One assistant's last week; ``helpful`` is a percentage, None without any feedback."""

    conversations: int
    messages: int
    helpful: int | None
    leads: int


def live(actor: Actor, draft_type: AssistantDraft[Any]) -> QuerySet[AssistantEntity]:
    """The live ones of a kind, those first that were used or deployed last (``active_at``)."""
    talks = Conversation.objects.filter(entity=OuterRef("pk")).order_by("-last_message_at")
    used = Subquery(talks.values("last_message_at")[:1])
    found = live_entities(actor, draft_type).annotate(
        active_at=Greatest("live_release__created_at", used)
    )
    return cast("QuerySet[AssistantEntity]", found.order_by("-active_at", "pk"))


def live_named(
    actor: Actor, draft_type: AssistantDraft[Any], query: str = ""
) -> QuerySet[AssistantEntity]:
    """Those whose name or description holds ``query``."""
    wanted = Q(name__icontains=query) | Q(description__icontains=query)
    return live(actor, draft_type).filter(wanted)


def live_rows(
    actor: Actor, draft_type: AssistantDraft[Any], entities: Iterable[AssistantEntity]
) -> list[LiveRow]:
    """``entities`` of one kind with what a list says of each."""
    shown = list(entities)
    messages, channels = _messages(shown), _channels(shown)
    drafts, quiet = drafts_by_entity(actor, draft_type), silent(actor, draft_type, shown)
    return [
        LiveRow(
            draft_type,
            entity,
            states(channels.get(entity.pk, ())),
            list(draft_type.starts(_document(draft_type, entity))),
            messages.get(entity.pk, 0),
            drafts.get(entity.pk),
            entity.pk in quiet,
        )
        for entity in shown
    ]


def silent(
    actor: Actor, draft_type: AssistantDraft[Any], entities: Iterable[AssistantEntity]
) -> frozenset[UUID]:
    """Those of ``entities`` that cannot answer: a credential that the live version chose for a
    model was deleted. One query for all of them, or none."""
    chosen = {
        each.pk: list(draft_type.credentials(_document(draft_type, each))) for each in entities
    }
    lost = lost_models(actor, (one for named in chosen.values() for one in named))
    return frozenset(pk for pk, named in chosen.items() if lost & {one.id for one in named})


def _document(draft_type: AssistantDraft[Any], entity: AssistantEntity) -> Mapping[str, Any]:
    """What is live of ``entity``; empty where nothing is."""
    release = entity.live_release
    if release is None:
        return {}
    return draft_type.upgraded(release.configuration, release.schema_version)


def _channels(entities: Iterable[AssistantEntity]) -> dict[UUID | None, list[Connection]]:
    """The connections, by entity."""
    found: dict[UUID | None, list[Connection]] = {}
    for row in Connection.objects.filter(entity__in=[entity.pk for entity in entities]):
        found.setdefault(row.entity_id, []).append(row)
    return found


def _messages(entities: Iterable[AssistantEntity]) -> dict[UUID, int]:
    counted = (
        Message.objects.filter(
            conversation__entity__in=[entity.pk for entity in entities],
            created_at__gte=timezone.now() - WEEK,
        )
        .values_list("conversation__entity")
        .annotate(Count("pk"))
    )
    return dict(counted.order_by())


def numbers_of(entity: AssistantEntity) -> Numbers:
    """The last seven days of ``entity``."""
    since = timezone.now() - WEEK
    conversations = Conversation.objects.filter(entity=entity, last_message_at__gte=since)
    messages = Message.objects.filter(conversation__entity=entity, created_at__gte=since)
    thumbs = Feedback.objects.filter(message__in=messages).aggregate(
        all=Count("pk"), up=Count("pk", filter=Q(value=Feedback.Value.UP))
    )
    return Numbers(
        conversations.count(),
        messages.count(),
        round(100 * thumbs["up"] / thumbs["all"]) if thumbs["all"] else None,
        Lead.objects.filter(entity=entity, created_at__gte=since).count(),
    )
