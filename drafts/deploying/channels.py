"""What people do with one channel of a live entity: try it again, switch it off and on, remove it.

Only removing makes a version, so that nothing brings the channel back unasked: the next draft is
made of what is live then. Switching off withdraws it and keeps its settings; it stays off, whatever
is deployed, until it is switched on in the same way.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import not_found
from drafts.access import require
from drafts.deploying.amending import amend
from drafts.types import draft_types
from workspaces import audit
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.models import Entity
    from drafts.types import DraftType
    from workspaces.access import Actor


def retry(actor: Actor, entity: Entity, channel: str) -> None:
    """Connect a channel again. Each of these raises ``Problem`` 404 where the entity has no such
    channel, and 409 where that cannot be done to it now."""
    kind = _kind(actor, entity)
    with _noted(actor, entity, channel, "channel.retried"):
        kind.retry_channel(entity, channel)


def switch(actor: Actor, entity: Entity, channel: str, *, on: bool) -> None:
    """Withdraw a channel, or connect it again. One that is so already stays so."""
    kind, action = _kind(actor, entity), "channel.switched_on" if on else "channel.switched_off"
    with _noted(actor, entity, channel, action):
        kind.switch_channel(entity, channel, on=on)


def remove(actor: Actor, entity: Entity, channel: str) -> None:
    """Withdraw a channel and forget its settings; what is live goes on without it, as a new
    version."""
    kind = _kind(actor, entity)
    without = _live_without(kind, entity, channel)
    if without is not None:
        note = _("%(channel)s removed") % {"channel": kind.channel_label(channel)}
        amend(actor, entity, without, note)
    # One that was only described, and never on, is not connected.
    tolerant = suppress(LookupError) if without is not None else nullcontext()
    with _noted(actor, entity, channel, "channel.removed"), tolerant:
        kind.forget_channel(entity, channel)


def _kind(actor: Actor, entity: Entity) -> DraftType[Any]:
    require(actor, Role.EDITOR)
    return draft_types.get(entity.kind)


def _live_without(kind: DraftType[Any], entity: Entity, channel: str) -> dict[str, Any] | None:
    live = entity.live_release
    if live is None:
        return None
    document = kind.upgraded(live.configuration, live.schema_version)
    return kind.without_channel(document, channel)


@contextmanager
def _noted(actor: Actor, entity: Entity, channel: str, action: str) -> Iterator[None]:
    """What is done inside is in the audit log, or was not done."""
    with transaction.atomic():
        try:
            yield
        except LookupError as error:
            raise not_found(*error.args) from error
        label = draft_types.get(entity.kind).channel_label(channel)
        audit.record(actor, action, f"{entity.name}: {label}")
