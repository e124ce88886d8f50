"""Live channels of a workspace that were found not to do their work, by what ails them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistants.kinds import talking_kinds
from channels_deploy.models import Connection
from channels_deploy.states import ChannelState, states

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistants.draft_type import AssistantDraft
    from drafts.models import Entity
    from workspaces.access import Actor

# More than a person reads of at once, and more channels than are looked through for them.
MOST = 3
LOOKED_THROUGH = 200
# So many are named in a title.
NAMED = 3


@dataclass(frozen=True)
class IllChannel:
    entity: Entity
    channel: ChannelState
    draft_type: AssistantDraft[Any]

    @property
    def words(self) -> str:
        told = {"channel": self.channel.label, "name": self.entity.name}
        return _("%(channel)s of %(name)s") % told

    @property
    def url(self) -> str:
        """Where it is told what is wrong."""
        page = self.draft_type.page_url("deployment", self.entity)
        return f"{page}#channel-{self.channel.name}"


@dataclass(frozen=True)
class Ailment:
    """What ails ``channels``, of which there is at least one."""

    sentence: str
    channels: Sequence[IllChannel]

    @property
    def title(self) -> str:
        """The first of them by name, and how many others there are."""
        named = ", ".join(each.words for each in self.channels[:NAMED])
        more = len(self.channels) - NAMED
        if len(self.channels) == 1:
            return _("%(channel)s needs attention") % {"channel": named}
        if more <= 0:
            return _("%(channels)s need attention") % {"channels": named}
        words = ngettext(
            "%(channels)s and %(count)d more need attention",
            "%(channels)s and %(count)d more need attention",
            more,
        )
        return words % {"channels": named, "count": more}

    @property
    def url(self) -> str:
        return self.channels[0].url


@dataclass(frozen=True)
class Ailments:
    """The first ``shown``, and in how many other channels (``more``) there are others."""

    shown: Sequence[Ailment]
    more: int


def ailments(actor: Actor) -> Ailments:
    """Those in channels of the actor's workspace, those first that were found last; one thing that
    keeps several channels from their work is one."""
    kinds = {draft_type.kind: draft_type for draft_type in talking_kinds()}
    rows = (
        Connection.objects.filter(
            status=Connection.Status.SUCCESS,
            health__findings__contains=[{"level": "error"}],
            entity__workspace=actor.workspace_id,
            entity__deleted_at=None,
            entity__kind__in=kinds,
        )
        .select_related("entity__workspace")
        .order_by("-examine_after")
    )
    by_sentence: dict[str, list[IllChannel]] = {}
    for each in _ill(rows[:LOOKED_THROUGH], kinds):
        by_sentence.setdefault(each.channel.sentence, []).append(each)
    found = [Ailment(sentence, those) for sentence, those in by_sentence.items()]
    return Ailments(found[:MOST], sum(len(each.channels) for each in found[MOST:]))


def _ill(rows: Any, kinds: dict[str, AssistantDraft[Any]]) -> Iterator[IllChannel]:
    for row in rows:
        [state] = states([row])
        if state.is_ill:  # what was found still holds
            yield IllChannel(row.entity, state, kinds[row.entity.kind])
