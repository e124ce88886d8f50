"""The page of one webhook with what was sent to it, and the pages of single deliveries."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.htmx import wants_part
from common.limits import count
from common.paging import page
from common.problems import Problem
from webhooks import by_hand, limits
from webhooks.finding import find, find_delivery
from webhooks.sending.schedule import MOST_ATTEMPTS
from workspaces.access import Actor, Role, member

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from webhooks.models import EventDelivery, Subscription

PAGE = 25
# The page looks again by itself: often while something is about to be sent, now and then while
# something waits longer. In seconds.
OFTEN, SELDOM = 2, 15
SOON = timedelta(minutes=1)


@require_safe
@member()
def webhook(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    row = find(actor, subscription_id)
    before = request.GET.get("before", "")
    deliveries, more = page(row.deliveries.defer("payload"), "created_at", PAGE, before)
    context = {
        "actor": actor,
        "section": "settings",
        "webhook": row,
        "deliveries": deliveries,
        "more": more,
        "before": before,
        "again": _again(row, deliveries),
    }
    template = "webhooks/detail.html" + ("#deliveries" if wants_part(request) else "")
    return render(request, template, context)


@require_safe
@member()
def delivery(
    request: HttpRequest, actor: Actor, subscription_id: UUID, delivery_id: UUID
) -> HttpResponse:
    row = find_delivery(actor, subscription_id, delivery_id)
    context = {
        "actor": actor,
        "section": "settings",
        "webhook": row.subscription,
        "delivery": row,
        "payload": json.dumps(json.loads(row.payload), indent=2, ensure_ascii=False),
        "again": _again(row.subscription, [row]),
        "most": MOST_ATTEMPTS,
    }
    template = "webhooks/delivery.html" + ("#outcome" if wants_part(request) else "")
    return render(request, template, context)


@require_POST
@member(at_least=Role.ADMIN)
def send_test(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    def send() -> EventDelivery:
        return by_hand.send_test(actor, subscription_id)

    find(actor, subscription_id)
    _by_hand(request, actor, send, _("A test event is on its way."))
    return redirect(reverse("webhooks:webhook", args=[actor.workspace.slug, subscription_id]))


@require_POST
@member(at_least=Role.ADMIN)
def redeliver(
    request: HttpRequest, actor: Actor, subscription_id: UUID, delivery_id: UUID
) -> HttpResponse:
    def send() -> EventDelivery:
        return by_hand.redeliver(actor, subscription_id, delivery_id)

    find_delivery(actor, subscription_id, delivery_id)
    _by_hand(request, actor, send, _("The event is on its way again, from the first attempt on."))
    back = [actor.workspace.slug, subscription_id, delivery_id]
    return redirect(reverse("webhooks:delivery", args=back))


def _by_hand(
    request: HttpRequest, actor: Actor, send: Callable[[], EventDelivery], done: str
) -> None:
    try:
        count([limits.of_sending(actor)])
        send()
    except Problem as problem:
        messages.error(request, problem.detail)
    else:
        messages.success(request, done)


def _again(subscription: Subscription, rows: Sequence[EventDelivery]) -> int:
    """After how many seconds the page looks again; 0 for never."""
    if not subscription.is_active or not any(row.is_pending for row in rows):
        return 0
    return OFTEN if any(map(_is_soon, rows)) else SELDOM


def _is_soon(row: EventDelivery) -> bool:
    """Whether it is being sent, or about to be."""
    now = timezone.now()
    due = row.next_attempt_at is not None and row.next_attempt_at < now + SOON
    return row.is_pending and (due or (row.lease_until is not None and row.lease_until > now))
