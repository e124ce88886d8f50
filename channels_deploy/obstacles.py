"""What is known to keep a channel from being connected before anybody tries: nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.credentials import as_uuid
from channels_deploy.models import Connection
from drafts.channel_changes import ChannelLimit
from workspaces.credentials import values_in
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from channels_deploy.channel import Channel

    Chosen = Mapping[str, tuple[Channel, Credential]]


def obstacles(
    workspace_id: UUID, entity_id: UUID, configs: Mapping[str, Mapping[str, Any]]
) -> dict[str, ChannelLimit]:
    """By channel; ``configs`` are the settings of those that are on. As ``DraftType.obstacles``."""
    chosen = _chosen(workspace_id, configs)
    accounts = {
        name: each.account(values_in(credential)) for name, (each, credential) in chosen.items()
    }
    return dict(_found(chosen, _others(accounts, entity_id)))


def _chosen(workspace_id: UUID, configs: Mapping[str, Mapping[str, Any]]) -> Chosen:
    """The channels of ``configs`` with the credentials that they name, where there are such."""
    named = {}
    for name, config in configs.items():
        channel = channels.find(name)
        chosen = as_uuid(config.get(channel.credential_field)) if channel else None
        if channel and chosen:
            named[name] = channel, chosen
    if not named:
        return {}
    ids = [chosen for _channel, chosen in named.values()]
    found = Credential.objects.filter(workspace=workspace_id, pk__in=ids).in_bulk()
    both = ((name, channel, found.get(chosen)) for name, (channel, chosen) in named.items())
    return {name: (channel, each) for name, channel, each in both if each and each.kind == name}


def _others(accounts: Mapping[str, Mapping[str, Any]], entity_id: UUID) -> dict[str, Connection]:
    """By channel: another entity's live connection at the same account."""
    either = Q()
    for channel, facts in accounts.items():
        if facts:
            either |= Q(channel=channel, **{f"facts__{name}": facts[name] for name in facts})
    if not either:
        return {}
    rows = Connection.objects.filter(either, enabled=True, status=Connection.Status.SUCCESS)
    others = rows.exclude(entity_id=entity_id).select_related("entity")
    return {row.channel: row for row in others}


def _found(chosen: Chosen, others: Mapping[str, Connection]) -> Iterator[tuple[str, ChannelLimit]]:
    for name, (channel, credential) in chosen.items():
        path = channels.path_of(name, channel.credential_field)
        if credential.refusal:
            words = _("%(channel)s refused “%(credential)s” when it was last tried: %(reason)s")
            told = {
                "channel": channel.short,
                "credential": credential,
                "reason": credential.refusal,
            }
            yield name, _limit(_("Credential refused"), path, words % told)
        elif name in others:
            yield name, _limit(_("In use elsewhere"), path, _taken(credential, others[name]))


def _taken(credential: Credential, other: Connection) -> str:
    told = {"credential": credential, "name": other.entity and other.entity.name}
    if other.entity and other.entity.workspace_id == credential.workspace_id:
        words = _("The account of “%(credential)s” answers for “%(name)s”, and for one bot only.")
    else:
        words = _("The account of “%(credential)s” answers for another bot, and for one only.")
    return words % told


def _limit(words: str, path: str, sentence: str) -> ChannelLimit:
    remedy = _("Choose another credential")
    return ChannelLimit(words, idle=True, remedy=remedy, path=path, sentence=sentence)
