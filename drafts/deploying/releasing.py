"""Makes a release: everything that a deploy writes to the database, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from common import crash
from common.deadlocks import outlasting
from common.problems import conflict
from drafts import entities
from drafts.deploying.kept_answers import Answer, keep
from drafts.models import ONE_PER_KEY, Deployment, Entity, Release, random_slug
from workspaces import audit, keys
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from common.schema import Schema
    from drafts.draft import Draft
    from drafts.types import DraftType
    from workspaces.access import Actor

LONGEST_SLUG = 80


class LiveMovedOnError(Exception):
    """Another release went live since the draft was made."""

    def __init__(self, live_version: int | None) -> None:
        super().__init__(live_version)
        self.live_version = live_version


class KeyUsedError(Exception):
    """Another draft was deployed with the same idempotency key at the same moment."""


@dataclass(frozen=True)
class Order:
    """What to release and on whose behalf. ``draft_id`` makes it exactly-once; ``origin`` is the
    draft, or the release that comes back or is changed. ``done`` is what the audit log calls it.

    ``base`` is the number of the release that must be live; None for a new entity.
    """

    actor: Actor
    draft_type: DraftType[Any]
    entity_id: UUID
    configuration: Schema
    origin: Draft | Release
    draft_id: str
    draft_version: int
    base: int | None = None
    idempotency_key: str = ""
    note: str = ""
    done: str = "deployed"


def make(order: Order, still_wanted: Callable[[], bool] = lambda: True) -> Deployment:
    """Write entity, release, key, the kind's own rows, and the record of it all.

    ``still_wanted`` is asked at the end: if not, nothing is written. Raises ``LiveMovedOnError``
    and ``KeyUsedError``.
    """
    deployment = outlasting(partial(_make, order, still_wanted))
    crash.point("deploy.committed")
    return deployment


def _make(order: Order, still_wanted: Callable[[], bool]) -> Deployment:
    with transaction.atomic():
        entity, is_new = _entity(order)
        order.draft_type.apply(order.configuration, entity)
        _save(entity)
        release = _release(order, entity)
        entity.live_release = release
        entity.save(update_fields=["live_release", "updated_at"])
        raw = _first_key(order, entity) if is_new and order.draft_type.talks else None
        order.draft_type.released(entity, release, order.configuration, order.origin, order.actor)
        deployment = _record(order, entity, release)
        channels = order.draft_type.deployment_result(entity, release)
        keep(order.draft_id, Answer(raw, {name: dict(told) for name, told in channels.items()}))
        crash.point("deploy.written")
        if not still_wanted():
            raise conflict(_("This deploy took too long and was cancelled. Try again."))
        return deployment


def _entity(order: Order) -> tuple[Entity, bool]:
    """The entity, locked for the transaction, and whether it is new."""
    entities.lock(order.entity_id)
    found = entities.entities(order.actor, order.draft_type).filter(pk=order.entity_id).first()
    if found is None and order.base is not None:
        raise conflict(entities.deleted(order.draft_type))
    if found is None:
        return _new_entity(order), True
    live = found.live_release.number if found.live_release else None
    if live != order.base:
        raise LiveMovedOnError(live)
    return found, False


def _new_entity(order: Order) -> Entity:
    return order.draft_type.model(
        id=order.entity_id,
        workspace_id=order.actor.workspace_id,
        kind=order.draft_type.kind,
        created_by=order.actor.user,
    )


def _save(entity: Entity) -> None:
    """Save it at an address that is free."""
    entity.slug = entity.slug or slugify(entity.name)[:LONGEST_SLUG] or random_slug("")
    taken = Entity.objects.filter(slug=entity.slug).exclude(pk=entity.pk).exists()
    if taken:
        entity.slug = random_slug(entity.slug)
    try:
        with transaction.atomic():
            entity.save()
    except IntegrityError:  # somebody took the address between the look and the write
        entity.slug = random_slug(entity.slug)
        entity.save()


def _release(order: Order, entity: Entity) -> Release:
    last: int = entity.releases.aggregate(last=Max("number"))["last"] or 0
    return Release.objects.create(
        entity_id=entity.pk,
        number=last + 1,
        configuration=order.configuration.model_dump(mode="json"),
        schema_version=order.draft_type.schema_version,
        note=order.note,
        created_by=order.actor.label[:200],
    )


def _first_key(order: Order, entity: Entity) -> str:
    _key, raw = keys.issue_by(order.actor, entity.name, ApiKey.Scope.CHAT, entity.pk)
    return raw


def _record(order: Order, entity: Entity, release: Release) -> Deployment:
    action = f"{order.draft_type.kind}.{order.done}"
    audit.record(order.actor, action, entity.name, version=release.number)
    try:
        return Deployment.objects.create(
            draft_id=order.draft_id,
            workspace_id=order.actor.workspace_id,
            entity_id=entity.pk,
            release=release,
            draft_version=order.draft_version,
            idempotency_key=order.idempotency_key,
        )
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name == ONE_PER_KEY:
            raise KeyUsedError from error
        raise
