"""What pages show of a workspace's live chatbots, and how they are doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from channels_deploy.models import Connection
from channels_deploy.states import ChannelState, states
from chatbots.models import Chatbot
from chatbots.references import lost_credentials
from conversations.models import Conversation, Feedback, Lead, Message
from drafts.overview import drafts_by_entity
from drafts.types import draft_types

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from drafts.draft import Summary
    from workspaces.access import Actor

KIND = "chatbot"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class LiveRow:
    """A deployed chatbot; ``draft`` is the newest one that changes it. ``is_silent``: see
    ``silent``."""

    chatbot: Chatbot
    channels: list[ChannelState]
    messages: int
    draft: Summary | None
    is_silent: bool = False

    @property
    def id(self) -> str:
        return str(self.chatbot.pk)

    @property
    def version(self) -> int:
        release = self.chatbot.live_release
        return release.number if release else 0

    @property
    def deployed_at(self) -> datetime:
        release = self.chatbot.live_release
        return release.created_at if release else self.chatbot.created_at


@dataclass(frozen=True)
class Numbers:
    """One chatbot's last week; ``helpful`` is a percentage, None without any feedback."""

    conversations: int
    messages: int
    helpful: int | None
    leads: int


def of_workspace(actor: Actor) -> QuerySet[Chatbot]:
    """The live chatbots of the actor's workspace, those first that were used or deployed last."""
    talks = Conversation.objects.filter(entity=OuterRef("pk")).order_by("-last_message_at")
    used = Subquery(talks.values("last_message_at")[:1])
    found = Chatbot.objects.filter(workspace_id=actor.workspace_id, live_release__isnull=False)
    return found.select_related("live_release", "workspace").order_by(
        Greatest("live_release__created_at", used).desc(), "pk"
    )


def live_named(actor: Actor, query: str = "") -> QuerySet[Chatbot]:
    """The live chatbots whose name or description holds ``query``."""
    wanted = Q(name__icontains=query) | Q(description__icontains=query)
    return of_workspace(actor).filter(wanted)


def live_rows(actor: Actor, chatbots: Iterable[Chatbot]) -> list[LiveRow]:
    """``chatbots`` with what a list says of each."""
    shown = list(chatbots)
    messages, channels = _messages(shown), _channels(shown)
    drafts, quiet = drafts_by_entity(actor, draft_types.get(KIND)), silent(actor, shown)
    return [
        LiveRow(
            chatbot,
            states(channels.get(chatbot.pk, ())),
            messages.get(chatbot.pk, 0),
            drafts.get(chatbot.pk),
            chatbot.pk in quiet,
        )
        for chatbot in shown
    ]


def silent(actor: Actor, chatbots: Iterable[Chatbot]) -> frozenset[UUID]:
    """Those of ``chatbots`` that cannot answer: the credential that the live version chose for its
    model was deleted. One query for all of them, or none."""
    releases = {each.pk: each.live_release for each in chatbots if each.live_release}
    upgraded = draft_types.get(KIND).upgraded
    live = {
        pk: upgraded(release.configuration, release.schema_version)
        for pk, release in releases.items()
    }
    lost = lost_credentials(actor, live.values())
    return frozenset(pk for pk, data in live.items() if str(data.get("credential_id")) in lost)


def _channels(chatbots: Iterable[Chatbot]) -> dict[UUID | None, list[Connection]]:
    """The connections, by chatbot."""
    found: dict[UUID | None, list[Connection]] = {}
    for row in Connection.objects.filter(entity__in=[chatbot.pk for chatbot in chatbots]):
        found.setdefault(row.entity_id, []).append(row)
    return found


def _messages(chatbots: Iterable[Chatbot]) -> dict[UUID, int]:
    counted = (
        Message.objects.filter(
            conversation__entity__in=[chatbot.pk for chatbot in chatbots],
            created_at__gte=timezone.now() - WEEK,
        )
        .values_list("conversation__entity")
        .annotate(Count("pk"))
    )
    return dict(counted.order_by())


def numbers_of(chatbot: Chatbot) -> Numbers:
    """The last seven days of ``chatbot``."""
    since = timezone.now() - WEEK
    conversations = Conversation.objects.filter(entity=chatbot, last_message_at__gte=since)
    messages = Message.objects.filter(conversation__entity=chatbot, created_at__gte=since)
    thumbs = Feedback.objects.filter(message__in=messages).aggregate(
        all=Count("pk"), up=Count("pk", filter=Q(value=Feedback.Value.UP))
    )
    return Numbers(
        conversations.count(),
        messages.count(),
        round(100 * thumbs["up"] / thumbs["all"]) if thumbs["all"] else None,
        Lead.objects.filter(entity=chatbot, created_at__gte=since).count(),
    )
