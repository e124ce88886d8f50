"""What follows a deploy's commit: the draft goes, others are woken up. Safe to run twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from common import crash
from common.problems import Problem
from drafts.address import Address
from drafts.discarding import discard
from drafts.draft import Fate, Status
from drafts.models import Deployment
from drafts.storage import index, store
from drafts.types import draft_types

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from drafts.models import Entity

logger = logging.getLogger(__name__)
LONGEST_DEPLOY = timedelta(minutes=2)


def hand_over(deployment: Deployment) -> None:
    """Remove the draft and wake up whoever carries on; what fails here is left to the sweep."""
    try:
        draft_type = draft_types.get(deployment.entity.kind)
        draft_id = deployment.draft_id if deployment.has_draft else None
        if draft_id:
            store.remove(_address(deployment), status=Fate.DEPLOYED)
        crash.point("deploy.removed")
        draft_type.deployed(_specific(deployment.entity), deployment.release, draft_id)
        if draft_id:
            discard(_address(deployment), Fate.DEPLOYED, deployment.entity_id)
    except Exception:
        # The release is live: nothing that fails from here on may take that back.
        logger.exception("the hand-over of %s is left to the sweep", deployment.draft_id)
        return
    Deployment.objects.filter(pk=deployment.pk, handed_over_at=None).update(
        handed_over_at=timezone.now()
    )


def _address(deployment: Deployment) -> Address:
    return Address(deployment.entity.kind, deployment.draft_id, deployment.workspace_id)


def _specific(entity: Entity) -> Entity:
    """The entity as the kind's own model."""
    model = draft_types.get(entity.kind).model
    rows: QuerySet[Entity] = model._default_manager.all()  # noqa: SLF001 (public API)
    return rows.select_related("workspace", "live_release").get(pk=entity.pk)


def sweep(now: datetime | None = None, patience: timedelta = LONGEST_DEPLOY) -> int:
    """Finish or cancel every deploy that a crash interrupted; gives how many there were.

    The database alone says which were committed, so this works whatever else was lost. A lock that
    is younger than ``patience`` may be that of a deploy that is still at work.
    """
    waiting = Deployment.objects.filter(handed_over_at=None)
    rows = list(waiting.select_related("entity", "release"))
    for row in rows:
        hand_over(row)
    return len(rows) + _thaw_the_left((now or timezone.now()) - patience)


def _thaw_the_left(before: datetime) -> int:
    """Drafts that nobody deploys any more, locked ``before``, become editable again."""
    thawed = 0
    for (kind, draft_id), since in index.frozen().items():
        workspace = index.workspace_of(kind, draft_id)
        if workspace is None:
            index.forget_frozen(kind, draft_id)
            continue
        row = Deployment.objects.filter(draft_id=draft_id).select_related("entity", "release")
        deployed = row.first()
        if deployed is not None:
            hand_over(deployed)
        elif since < before:
            reason = _("The deploy was interrupted. Nothing was deployed; try again.")
            store.thaw(Address(kind, draft_id, UUID(workspace)), Status.FAILED, reason)
        else:
            continue
        thawed += 1
    return thawed


def quietly_thaw(
    address: Address, status: Status, reason: str, token: str, base: int | None
) -> None:
    """Make the draft editable again; if its store is away too, the sweep does it later."""
    try:
        store.thaw(address, status, reason, token=token, base=base)
    except Problem:
        logger.warning("the draft %s stays locked until the sweep", address.draft_id)
