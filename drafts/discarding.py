"""What is kept beside a draft goes when the draft does: abandoned, expired or deployed.

Whoever removes a draft discards at once; the store remembers each draft that ended until that is
done, so the sweep finds those that expired and those at which a crash came between.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.utils import timezone

from drafts.draft import Fate, Gone
from drafts.models import Deployment
from drafts.storage import index, store
from drafts.types import draft_types

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from drafts.address import Address

logger = logging.getLogger(__name__)


def remove(address: Address) -> str:
    """Abandon the draft at ``address`` with all that was kept beside it; gives the store's verdict:
    OK, LOCKED while it is being deployed, or GONE."""
    verdict = store.remove(address, status=Fate.ABANDONED, deploying=False)
    if verdict == "OK":
        discard(address, Fate.ABANDONED)
    return verdict


def discard(address: Address, fate: Fate, entity_id: UUID | None = None) -> None:
    """Let the kind remove what it kept beside a draft that is gone; what fails is left to the
    sweep, and so is a kind that this process does not know."""
    if address.kind not in draft_types:
        return
    gone = Gone(address.draft_id, address.workspace_id, fate, entity_id)
    try:
        draft_types.get(address.kind).discarded(gone)
        index.settled(address)
    except Exception:
        # The kind's own code: whatever it raises, the draft is gone all the same.
        logger.exception("what was kept beside %s is left to the sweep", address.draft_id)


def sweep(now: datetime | None = None) -> int:
    """Discard what belonged to drafts that ended before ``now``; gives how many there were."""
    ended = index.ended(now or timezone.now())
    for address in ended:
        _discard_left(address)
    return len(ended)


def _discard_left(address: Address) -> None:
    deployment = Deployment.objects.filter(draft_id=address.draft_id).first()
    if deployment is None:
        discard(address, Fate.EXPIRED if index.expired(address) else Fate.ABANDONED)
    elif deployment.handed_over_at is not None:  # else the hand-over is still to come
        discard(address, Fate.DEPLOYED, deployment.entity_id)
