"""Makes an old release live again, as a new one."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.problems import conflict, invalid, not_found
from drafts.access import require
from drafts.deploying import releasing
from drafts.deploying.handover import hand_over
from drafts.deploying.planning import configuration_of, misfit
from drafts.deploying.releasing import LiveMovedOnError, Order
from drafts.deploying.result import DeployResult, answer_of
from drafts.entities import open_entity
from drafts.models import ROLLBACK
from drafts.types import draft_types
from workspaces.models import Role

if TYPE_CHECKING:
    from drafts.models import Entity, Release
    from workspaces.access import Actor


_MOVED_ON = gettext_lazy("Another version went live meanwhile. Nothing was changed.")


def rollback(actor: Actor, entity: Entity, number: int, *, live: int | None = None) -> DeployResult:
    """Make the release ``number`` live again, as a new one.

    404 for an unknown one; 409 for the live one, and when another than the release ``live``, which
    was compared with it, is live now; 422 for one that no longer fits.
    """
    require(actor, Role.EDITOR)
    draft_type = draft_types.get(entity.kind)
    entity = open_entity(actor, draft_type, entity.pk)
    old = entity.releases.filter(number=number).first()
    if old is None or entity.live_release is None:
        raise not_found(_("There is no such version."))
    if old.number == entity.live_release.number:
        raise conflict(_("This version is live already."))
    if live not in (None, entity.live_release.number):
        raise conflict(str(_MOVED_ON))
    order = Order(
        actor=actor,
        draft_type=draft_type,
        entity_id=entity.pk,
        configuration=_old_configuration(actor, entity, old),
        draft_id=f"{ROLLBACK}{uuid.uuid4().hex}",
        origin=old,
        draft_version=1,
        base=entity.live_release.number,
        note=_("Version %(number)d again") % {"number": number},
        done="rolled_back",
    )
    try:
        deployment = releasing.make(order)
    except LiveMovedOnError as error:
        raise conflict(str(_MOVED_ON)) from error
    hand_over(deployment)
    return answer_of(deployment)


def _old_configuration(actor: Actor, entity: Entity, old: Release) -> Any:
    draft_type = draft_types.get(entity.kind)
    data = draft_type.upgraded(old.configuration, old.schema_version)
    if words := misfit(actor, entity, data):
        raise invalid(words)
    return configuration_of(draft_type, data)
