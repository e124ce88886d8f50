"""From what happened to what is sent: an event for each subscription that wants it.

In one transaction: either an event has its deliveries, or it is still there to be looked at. What
is written at once is bounded, since an event may be large, and as many may want it as there are
subscriptions in a workspace. Where much happened, every other lot is of those that had no part in
the one before: nobody waits for all that somebody else's visitors say.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.http import refers_to_nothing
from conversations import happenings
from webhooks.events import BY_NAME
from webhooks.models import EventDelivery, Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conversations.happenings import Happening
    from webhooks.events import Event

LOT = 50
TRIES = 5
# Characters of payload that one statement holds, or one delivery that has more; and deliveries.
LONGEST_WRITE, MOST_AT_ONCE = 500_000, 1000


def fan_out() -> None:
    """Until nothing is left that nobody else is at."""
    tries, crowd = 0, set[UUID]()
    while tries < TRIES:
        try:
            with transaction.atomic():
                happened = happenings.take(LOT, but_of=crowd)
                _write(happened)
        except IntegrityError as error:
            # What an event tells of was deleted while it was written: it is not told any more.
            if not refers_to_nothing(error):
                raise
            tries += 1
            continue
        if not happened and not crowd:
            return
        is_more = len(happened) == LOT and not crowd
        crowd = {each.workspace_id for each in happened} if is_more else set()


def _write(happened: Sequence[Happening]) -> None:
    workspaces = {each.workspace_id for each in happened}
    told: defaultdict[UUID, list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.told().filter(workspace__in=workspaces):
        told[row.workspace_id].append(row)
    for workspace_id in workspaces - told.keys():
        happenings.unfollow_unless(workspace_id, partial(_is_told, workspace_id))
    wanted = [each for each in happened if each.workspace_id in told]
    for made in _batches(_deliveries(wanted, told)):
        EventDelivery.objects.bulk_create(made, ignore_conflicts=True)


def _is_told(workspace_id: UUID) -> bool:
    return Subscription.objects.told().filter(workspace=workspace_id).exists()


def _events(happened: Sequence[Happening]) -> Iterator[Event]:
    """In the order in which they happened."""
    ids = defaultdict(list)
    for each in happened:
        ids[each.kind].append(each.subject_id)
    found = {kind: BY_NAME[kind].among(subjects) for kind, subjects in ids.items()}
    for each in happened:
        if each.subject_id in found[each.kind]:
            yield found[each.kind][each.subject_id]


def _deliveries(
    happened: Sequence[Happening], told: Mapping[UUID, Sequence[Subscription]]
) -> Iterator[EventDelivery]:
    """Due at once. Those of one event share their payload."""
    for event in _events(happened):
        payload, now = orjson.dumps(event.body).decode(), timezone.now()
        for row in told[event.workspace_id]:
            if _wants(row, event):
                yield EventDelivery(
                    subscription=row,
                    conversation_id=event.conversation_id,
                    lead_id=event.lead_id,
                    event_id=event.id,
                    event_type=event.type,
                    payload=payload,
                    next_attempt_at=now,
                )


def _wants(row: Subscription, event: Event) -> bool:
    return event.type in row.events and row.entity_id in (None, event.entity_id)


def _batches(made: Iterable[EventDelivery]) -> Iterator[list[EventDelivery]]:
    """``made`` in pieces that one statement may hold."""
    batch: list[EventDelivery] = []
    length = 0
    for each in made:
        if batch and (length + len(each.payload) > LONGEST_WRITE or len(batch) == MOST_AT_ONCE):
            yield batch
            batch, length = [], 0
        batch.append(each)
        length += len(each.payload)
    if batch:
        yield batch
