"""What deploying a draft would do: the difference to what is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from django.utils.translation import gettext as _
from pydantic import ValidationError

from common.problems import not_found
from drafts.access import keyed_of, require
from drafts.deploying.planned_channels import channel_changes
from drafts.document import merge, value_at
from drafts.models import Entity
from drafts.paths import dotted, joined
from drafts.refusals import has_ancestor
from drafts.storage.flat import DocumentError, Flattening, flatten
from drafts.types import draft_types
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from common.schema import Schema
    from drafts.channel_changes import ChannelChange, ChannelNow
    from drafts.draft import Draft
    from drafts.models import Release
    from drafts.types import DraftType
    from workspaces.access import Actor


@dataclass(frozen=True)
class PlannedChange:
    """One place of the configuration that would change; None stands for nothing. ``item`` is the
    item of a keyed list that the place is in, as it will be, or was where it goes.

    ``label`` is what people call the place, where the form that edits it does not say, and
    ``sentence`` the change in words, where it is more than another value.
    """

    path: str
    before: Any
    after: Any
    item: Mapping[str, Any] | None = field(default=None, compare=False)
    label: str = field(default="", compare=False)
    sentence: str = field(default="", compare=False)


@dataclass(frozen=True)
class Between:
    """The two documents that changes lie between."""

    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class Whose(NamedTuple):
    """The workspace, and the entity that is or will be there."""

    workspace_id: UUID
    entity_id: UUID


@dataclass(frozen=True)
class Plan:
    """``live_version`` is the release that the draft is compared with; None before the first.
    ``between`` are the documents that were compared.
    ``misfit`` is only said of going back: why it is refused, see ``misfit``."""

    changes: tuple[PlannedChange, ...]
    channels: tuple[ChannelChange, ...]
    breaking: tuple[str, ...]
    live_version: int | None = None
    misfit: str = ""
    between: Between = field(default=Between(), compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The plan as API clients get it."""
        return {
            "changes": [
                {"path": f"data.{change.path}", "from": change.before, "to": change.after}
                for change in self.changes
            ],
            "channels": [
                {"type": each.type, "action": each.action, "note": each.note}
                for each in self.channels
            ],
            "breaking": list(self.breaking),
            "live_version": self.live_version,
        }


def plan(actor: Actor, draft: Draft) -> Plan:
    """What deploying ``draft`` would do, also while it is incomplete."""
    require(actor, Role.VIEWER)
    draft_type = draft_types.get(draft.kind)
    release = live_release(draft)
    coming = completed(draft_type, draft.data) if release else draft.data
    whose = Whose(draft.workspace_id, draft.target_id)
    return _compared(draft_type, whose, release, coming, parsed(draft_type, draft.data))


def planned_channels(
    draft_type: DraftType[Any], draft: Draft, coming: Schema
) -> dict[str, ChannelChange]:
    """What ``plan`` says of the channels of ``draft``, by their types, were ``coming`` its
    configuration: of a draft that is incomplete, there is no other plan yet."""
    release = live_release(draft)
    stored = draft_type.upgraded(release.configuration, release.schema_version) if release else {}
    now = draft_type.channels_now(release.entity_id) if release else {}
    old = parsed(draft_type, stored)
    kept_from = draft_type.obstacles(coming, draft.workspace_id, draft.target_id)
    return {each.type: each for each in channel_changes(draft_type, old, coming, now, kept_from)}


def plan_rollback(actor: Actor, entity: Entity, number: int) -> Plan:
    """What going back to the release ``number`` would do; 404 for an unknown one."""
    require(actor, Role.VIEWER)
    draft_type = draft_types.get(entity.kind)
    old = entity.releases.filter(number=number).first()
    if old is None:
        raise not_found(_("There is no such version."))
    coming = draft_type.upgraded(old.configuration, old.schema_version)
    new = parsed(draft_type, coming)
    whose = Whose(entity.workspace_id, entity.pk)
    found = _compared(draft_type, whose, entity.live_release, whole(new, coming), new)
    return replace(found, misfit=misfit(actor, entity, coming))


def misfit(actor: Actor, entity: Entity, coming: Mapping[str, Any]) -> str:
    """Why an old configuration of ``entity`` cannot go live again, as a sentence; empty where it
    can."""
    draft_type = draft_types.get(entity.kind)
    errors = (*draft_type.errors(coming, actor), *draft_type.misfits(entity, coming, actor))
    reason = next((issue.words for issue in errors if issue.severity == "error"), "")
    if not reason and parsed(draft_type, coming) is None:
        reason = _("Its settings are not valid any more.")
    return reason and _("This version no longer fits: %(reason)s") % {"reason": reason}


def _compared(
    draft_type: DraftType[Any],
    whose: Whose,
    release: Release | None,
    coming: Mapping[str, Any],
    new: Schema | None,
) -> Plan:
    """``coming``, or ``new`` where it is a whole configuration, beside the live ``release``."""
    stored = draft_type.upgraded(release.configuration, release.schema_version) if release else {}
    old = parsed(draft_type, stored)
    live = whole(old, stored)
    now = draft_type.channels_now(release.entity_id) if release else {}
    kept_from = draft_type.obstacles(new, *whose) if new else {}
    channels = channel_changes(draft_type, old, new, now, kept_from) if new else ()
    return Plan(
        differences(live, coming, keyed_of(draft_type)),
        channels,
        tuple(_breaking(draft_type, old, new, channels, now)) if old and new else (),
        release.number if release else None,
        between=Between(live, coming),
    )


def live_release(draft: Draft) -> Release | None:
    """What is live of the entity that the draft edits."""
    entities = Entity.objects.filter(pk=draft.target_id, workspace_id=draft.workspace_id)
    entity = entities.select_related("live_release").first()
    return entity.live_release if entity else None


def parsed(draft_type: DraftType[Any], data: Mapping[str, Any]) -> Schema | None:
    """The configuration; None while ``data`` is not one."""
    try:
        return configuration_of(draft_type, data)
    except ValidationError:
        return None


def configuration_of(draft_type: DraftType[Any], data: Mapping[str, Any]) -> Schema:
    """``data`` parsed strictly; raises pydantic's ``ValidationError``."""
    configuration: Schema = draft_type.schema.model_validate_json(orjson.dumps(data), strict=True)
    return configuration


def whole(configuration: Schema | None, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """``data`` as a release of today would hold it, where it makes a ``configuration``: one from
    before there was a field has it as it is by default."""
    return configuration.model_dump(mode="json") if configuration else data


def completed(draft_type: DraftType[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` with the schema's defaults, as a release would hold it."""
    configuration = parsed(draft_type, data)
    if configuration is not None:
        return configuration.model_dump(mode="json")
    fields = draft_type.schema.model_fields.items()
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if not field.is_required()
    }
    known = draft_type.schema.model_construct(**defaults).model_dump(mode="json", warnings=False)
    try:
        merged, _change = merge(known, data, keyed_of(draft_type), {})
    except DocumentError:
        return dict(data)
    return merged


def differences(
    live: Mapping[str, Any], coming: Mapping[str, Any], keyed: Mapping[str, str]
) -> tuple[PlannedChange, ...]:
    """Every place that differs; an item that comes or goes is one place."""
    before = flatten(live, keyed)
    flattening = Flattening(keyed, before)
    for name, value in coming.items():
        flattening.add(value, joined("", name), joined("", name))
    after = flattening.leaves
    paths = [path for path in {**after, **before} if before.get(path) != after.get(path)]
    found = {
        dotted(path): PlannedChange(
            dotted(path),
            value_at(live, path, keyed),
            value_at(coming, path, keyed),
            item_at(path, (coming, live), keyed),
        )
        for path in paths
    }
    changed = (change for name, change in found.items() if not has_ancestor(name, found))
    return tuple(change for change in changed if change.before != change.after)


def item_at(
    path: str, documents: Iterable[Mapping[str, Any]], keyed: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """The item of a keyed list that ``path`` leads to or into, in the first document with it."""
    for listed in keyed:
        if path.startswith(f"{listed}/"):
            key = path.removeprefix(f"{listed}/").split("/")[0]
            found = (value_at(each, f"{listed}/{key}", keyed) for each in documents)
            return next((item for item in found if isinstance(item, Mapping)), None)
    return None


def _breaking(
    draft_type: DraftType[Any],
    old: Schema,
    new: Schema,
    channels: tuple[ChannelChange, ...],
    now: Mapping[str, ChannelNow],
) -> list[str]:
    idle = {name for name, limit in draft_type.limits(old).items() if limit.idle}
    idle |= {name for name, each in now.items() if each.is_paused}
    removed = (channel for channel in channels if channel.action == "remove")
    gone = [channel.label for channel in removed if channel.type not in idle]
    switched_off = _("%(channel)s is switched off: whoever uses it gets no more answers.")
    sentences = [switched_off % {"channel": label} for label in gone]
    return [*sentences, *draft_type.breaking(old, new)]
