"""What drafts ask of channels: what settings do not suffice for, how each channel is now, and what
other settings lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.models import Connection
from drafts.channel_changes import ChannelLimit, ChannelNow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


def limits(configs: Mapping[str, Mapping[str, Any]]) -> dict[str, ChannelLimit]:
    """The enabled channels that would do only a part of their work; see ``DraftType.limits``."""
    found = {name: channels.described(name).limit(config) for name, config in configs.items()}
    return {
        name: ChannelLimit(
            limit.words,
            idle=not limit.remedy or limit.field == channels.described(name).credential_field,
            remedy=limit.remedy,
            path=channels.path_of(name, limit.field) if limit.field else "",
        )
        for name, limit in found.items()
        if limit
    }


def channels_now(entity_id: UUID) -> dict[str, ChannelNow]:
    """How the channels of an entity are; see ``DraftType.channels_now``."""
    rows = Connection.objects.filter(entity_id=entity_id)
    return {
        row.channel: ChannelNow(row.status == Connection.Status.SUCCESS, row.paused) for row in rows
    }


def reconnection(name: str, live: Mapping[str, Any], coming: Mapping[str, Any]) -> str:
    """What other settings lead to; see ``DraftType.reconnection``."""
    channel = channels.find(name)
    if channel is None or channel.immediate:
        return ""
    field = channel.credential_field
    if field and live.get(field) != coming.get(field):
        return _("It is connected again, with another credential.")
    return _("It is connected again, with its new settings.")
