"""Changes of channels as people read them: one that comes or goes is told by the names of its
settings, and a credential by its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from channels_deploy import channels
from channels_deploy.credentials import as_uuid
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from uuid import UUID

    from channels_deploy.channel import Channel
    from drafts.deploying.planning import PlannedChange
    from workspaces.access import Actor

    Names = Mapping[UUID, str]


def channels_in_words(changes: Sequence[PlannedChange], actor: Actor | None) -> list[PlannedChange]:
    """``changes``, those of channels in words. Credentials are looked up for ``actor``; without one
    nobody reads values."""
    names = _names(actor, changes) if actor else {}
    return [
        _told(change, channel, names) if (channel := _comes_or_goes(change)) else _placed(change)
        for change in changes
    ]


def _comes_or_goes(change: PlannedChange) -> Channel | None:
    """The channel that a change brings or takes away as a whole."""
    listed, _dot, name = change.path.rpartition(".")
    return channels.find(name) if listed == channels.PATH else None


def _placed(change: PlannedChange) -> PlannedChange:
    """With the channel's name before that of one of its settings."""
    name, _config, setting = change.path.removeprefix(f"{channels.PATH}.").partition(".config.")
    channel = channels.find(name) if change.path.startswith(f"{channels.PATH}.") else None
    field = channel.fields().get(setting) if channel else None
    if channel is None or field is None or change.label:
        return change
    return replace(change, label=f"{channel.short}: {field.label}")


def _names(actor: Actor, changes: Iterable[PlannedChange]) -> Names:
    """The names of the credentials that the channels are connected with."""
    ids = {found for change in changes for found in _ids(change)}
    if not ids:
        return {}
    rows = Credential.objects.filter(workspace=actor.workspace_id, pk__in=ids)
    return dict(rows.values_list("pk", "name"))


def _ids(change: PlannedChange) -> Iterator[UUID]:
    channel = _comes_or_goes(change)
    for entry in (change.before, change.after):
        if channel and isinstance(entry, Mapping):
            chosen = as_uuid((entry.get("config") or {}).get(channel.credential_field))
            if chosen:
                yield chosen


def _told(change: PlannedChange, channel: Channel, names: Names) -> PlannedChange:
    before, after = (
        "\n".join(_lines(entry, channel, names)) if isinstance(entry, Mapping) else None
        for entry in (change.before, change.after)
    )
    return replace(change, label=str(channel.short), before=before, after=after)


def _lines(entry: Mapping[str, Any], channel: Channel, names: Names) -> Iterator[str]:
    yield _("On") if entry.get("enabled") else _("Off")
    config = entry.get("config") or {}
    for name, field in channel.fields().items():
        value = config.get(name)
        if value and name == channel.credential_field:
            chosen = as_uuid(value)
            known = names.get(chosen) if chosen else None
            yield f"{field.label}: {known or _('one that is gone')}"
        elif value:
            yield f"{field.label}: {_in_words(value, field)}"


def _in_words(value: Any, field: forms.Field) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in list(field.choices)}  # type: ignore[arg-type]
        return labels.get(str(value), str(value))
    return str(value)
