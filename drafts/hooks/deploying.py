"""What a kind says of a deploy beforehand, and does with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from common.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from drafts.channel_changes import ChannelLimit, ChannelNow
    from drafts.draft import Draft, Gone
    from drafts.models import Entity, Release
    from workspaces.access import Actor

SchemaT = TypeVar("SchemaT", bound=Schema)


class DeployingHooks(ABC, Generic[SchemaT]):
    """From the plan to what is removed in the end; most kinds need only some of it."""

    def plan_besides(self, draft: Draft) -> Mapping[str, Any]:
        """What the plan tells API clients besides: members of its answer."""
        return {}

    def going_live(self, draft: Draft) -> str:
        """What a deploy of ``draft`` makes live besides its settings: a sentence, or nothing."""
        return ""

    def deploy_words(self, draft: Draft) -> str:
        """What a deploy of ``draft`` does, in the few words of a button; empty where there is no
        more to say than that it is one."""
        return ""

    def doubt(self, draft: Draft) -> str:
        """Why people may not want to deploy ``draft``, though nothing forbids it: a sentence, or
        nothing."""
        return ""

    def channels(self, configuration: SchemaT) -> Mapping[str, Mapping[str, Any]]:
        """The enabled channels of a configuration by type, for the plan."""
        return {}

    def channels_in_order(self, names: Iterable[str]) -> list[str]:
        """Those channels in the order in which people know them."""
        return list(names)

    def channel_label(self, name: str) -> str:
        """What people call the channel ``name``."""
        return name.capitalize()

    def channel_reach(self, name: str, config: Mapping[str, Any]) -> str:
        """Where the channel ``name`` will be found with these settings, in a few words."""
        return ""

    def limits(self, configuration: SchemaT) -> Mapping[str, ChannelLimit]:
        """Enabled channels that would do only a part of their work, by type."""
        return {}

    def obstacles(
        self, configuration: SchemaT, workspace_id: UUID, entity_id: UUID
    ) -> Mapping[str, ChannelLimit]:
        """What is known to keep enabled channels of the entity from being connected, by type, and
        does not lie in the configuration itself; asks nobody outside."""
        return {}

    def beside_channels(self, live: SchemaT, coming: SchemaT) -> Mapping[str, str]:
        """What changes on channels apart from their own settings: a sentence by type."""
        return {}

    def breaking(self, live: SchemaT, coming: SchemaT) -> Iterable[str]:
        """Sentences about what stops working for those who use the live configuration."""
        return ()

    def upgraded(self, configuration: Mapping[str, Any], version: int) -> dict[str, Any]:
        """A configuration that was stored under schema ``version``, in today's shape."""
        return dict(configuration)

    @abstractmethod
    def apply(self, configuration: SchemaT, entity: Entity) -> None:
        """Copy what is also kept in columns (name, slug …) onto the entity. Called inside the
        deploy's transaction, before the entity is saved."""

    def copied(self, draft: Draft, origin: Draft | Release | None) -> None:
        """Bring along what is kept beside the document: the new ``draft`` was made from another
        one, from a live release or from an imported file (None). If it raises, there is no draft.
        """

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: SchemaT,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        """Write what follows from a release (channel connections …) that ``actor`` made of a draft,
        or of the old release that comes back. Inside the transaction; calls nothing outside."""

    def deployed(self, entity: Entity, release: Release, draft_id: str | None) -> None:
        """Wake up whoever carries on after the commit; None when an old release came back. What was
        kept beside the draft is still there. Runs again after a crash, until it has succeeded."""

    def discarded(self, gone: Gone) -> None:
        """Remove what was kept beside the draft (preview sessions, uploads). Runs at least once for
        every draft that was abandoned, has expired or was deployed; safe to run twice."""

    def deployment_result(
        self, entity: Entity, release: Release
    ) -> Mapping[str, Mapping[str, Any]]:
        """``channels`` of the deploy answer and of ``GET …/deployment``, by channel type."""
        return {}

    def channels_now(self, entity_id: UUID) -> Mapping[str, ChannelNow]:
        """How the channels of what is live are, by type; whatever its release asked for."""
        return {}

    def reconnection(self, name: str, live: Mapping[str, Any], coming: Mapping[str, Any]) -> str:
        """What another configuration of the channel ``name`` leads to, in a sentence; empty where
        it is simply the new one."""
        return ""

    def retry_channel(self, entity: Entity, channel: str) -> None:
        """Register one channel again. This, and what follows for one channel, is done inside a
        transaction, calls nothing outside there, and raises ``LookupError`` for an unknown one."""
        raise LookupError

    def switch_channel(self, entity: Entity, channel: str, *, on: bool) -> None:
        """Withdraw one channel, or connect it again, without a release."""
        raise LookupError

    def without_channel(self, document: Mapping[str, Any], channel: str) -> dict[str, Any] | None:
        """The document without the channel; None where it has none such."""
        return None

    def forget_channel(self, entity: Entity, channel: str) -> None:
        """Withdraw one channel, and forget what is known of it."""
        raise LookupError

    def check_channel(self, entity: Entity, channel: str) -> Mapping[str, Any]:
        """What there is to say of one channel now, as ``ChannelCheck`` describes it; raises
        ``LookupError`` when there is no such channel."""
        raise LookupError(channel)

    def entity_removed(self, entity_id: UUID) -> None:
        """An entity is being deleted: withdraw what it registered elsewhere."""

    def delete(self, entity: Entity) -> None:
        """Delete an entity with all that hangs on it. Inside the transaction that does it; a kind
        whose entities hold very much hides it there (``drafts.entities.hide``), and removes it
        later."""
        self.entity_removed(entity.pk)
        entity.delete()
