"""Changes what is live in one place, as a version of its own, without a draft."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from common.problems import conflict, invalid
from drafts.access import require
from drafts.deploying import releasing
from drafts.deploying.handover import hand_over
from drafts.deploying.planning import configuration_of
from drafts.deploying.releasing import LiveMovedOnError, Order
from drafts.models import AMENDMENT
from drafts.types import draft_types
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.models import Entity
    from workspaces.access import Actor


def amend(actor: Actor, entity: Entity, document: Mapping[str, Any], note: str) -> None:
    """Make ``document``, which was made from the live one, the entity's next release.

    It is not judged as a draft would be: what is wrong with it was live before. 409 when another
    version went live meanwhile, 422 when it cannot be read any more.
    """
    require(actor, Role.EDITOR)
    live = entity.live_release
    assert live is not None
    draft_type = draft_types.get(entity.kind)
    try:
        configuration = configuration_of(draft_type, document)
    except ValidationError as error:
        words = _("The live settings are not valid any more. Change them in a draft and deploy it.")
        raise invalid(words) from error
    order = Order(
        actor=actor,
        draft_type=draft_type,
        entity_id=entity.pk,
        configuration=configuration,
        origin=live,
        draft_id=f"{AMENDMENT}{uuid.uuid4().hex}",
        draft_version=1,
        base=live.number,
        note=note,
    )
    try:
        deployment = releasing.make(order)
    except LiveMovedOnError as error:
        moved_on = _("Another version went live meanwhile. Nothing was changed; try again.")
        raise conflict(moved_on) from error
    hand_over(deployment)
