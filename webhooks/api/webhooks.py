"""Webhooks over the API: made, changed, tried, and what was delivered to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from common.limits import count
from common.paging import PARAMETERS, cursor_of, page, page_as_json, page_of, size_of
from webhooks import by_hand, ending, limits, subscribing, switching
from webhooks.api import answers, schema
from webhooks.finding import find, find_delivery, subscriptions
from webhooks.subscribing import Wanted
from workspaces.api_auth import AdminToChange, actor_of
from workspaces.api_schema import GONE, problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from rest_framework.request import Request

    from webhooks.models import EventDelivery, Subscription
    from workspaces.access import Actor

SWITCHES = {"active": switching.resume, "paused": switching.pause}
READ, CHANGE = (401, 403, 404, 503), (400, 401, 403, 404, 413, 415, 422, 503)


class Webhooks(APIView):
    """Whoever is told of events, those that Zapier made among them."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="webhooks_list",
        summary="List the workspace's webhooks",
        responses={200: schema.WebhookList, **problems(401, 403, 503)},
    )
    def get(self, request: Request) -> Response:
        found = subscriptions(actor_of(request))
        # One workspace has a bounded number of them, so one page is enough.
        return Response({"results": [answers.webhook(each) for each in found], "next": None})

    @extend_schema(
        operation_id="webhooks_create",
        summary="Add a webhook; the answer holds its secret, this once",
        request=schema.NewWebhook,
        responses={201: schema.MadeWebhook, **problems(400, 401, 403, 413, 415, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        asked = schema.NewWebhook(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        wanted = Wanted(
            *(given["events"], given["url"], given.get("assistant_id"), given.get("name", ""))
        )
        made, secret = subscribing.create(actor_of(request), wanted)
        return Response(answers.webhook(made) | {"secret": secret}, status.HTTP_201_CREATED)


class OneWebhook(APIView):
    """One of them."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="webhooks_retrieve",
        summary="One webhook",
        parameters=[schema.WEBHOOK_ID],
        responses={200: schema.WebhookAnswer, **problems(*READ)},
    )
    def get(self, request: Request, subscription_id: UUID) -> Response:
        return Response(answers.webhook(find(actor_of(request), subscription_id)))

    @extend_schema(
        operation_id="webhooks_update",
        summary="Change, pause or resume a webhook",
        parameters=[schema.WEBHOOK_ID],
        request=schema.WebhookChange,
        responses={200: schema.WebhookAnswer, **problems(*CHANGE)},
    )
    def patch(self, request: Request, subscription_id: UUID) -> Response:
        asked = schema.WebhookChange(data=request.data)
        asked.is_valid(raise_exception=True)
        actor, given = actor_of(request), dict(asked.validated_data)
        wanted_status = given.pop("status", "")
        if given:
            _change(actor, find(actor, subscription_id), given)
        if wanted_status:
            SWITCHES[wanted_status](actor, subscription_id)
        return Response(answers.webhook(find(actor, subscription_id)))

    @extend_schema(
        operation_id="webhooks_delete",
        summary="Delete a webhook with its log",
        parameters=[schema.WEBHOOK_ID],
        responses={204: GONE, **problems(*READ)},
    )
    def delete(self, request: Request, subscription_id: UUID) -> Response:
        ending.delete(actor_of(request), subscription_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecret(APIView):
    """What a webhook's calls are signed with."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="webhooks_replace_secret",
        summary="Sign with a new secret from now on; the answer holds it, this once",
        parameters=[schema.WEBHOOK_ID],
        request=None,
        responses={200: schema.SecretAnswer, **problems(*READ, 409)},
    )
    def post(self, request: Request, subscription_id: UUID) -> Response:
        secret = subscribing.replace_secret(actor_of(request), subscription_id)[1]
        return Response({"secret": secret})


class WebhookTest(APIView):
    """Trying a webhook."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="webhooks_test",
        summary="Send a test event, once",
        parameters=[schema.WEBHOOK_ID],
        request=None,
        responses={202: schema.DeliveryDetail, **problems(401, 403, 404, 409, 429, 503)},
    )
    def post(self, request: Request, subscription_id: UUID) -> Response:
        actor = actor_of(request)
        count([limits.of_sending(actor)])
        return _accepted(by_hand.send_test(actor, subscription_id))


class Deliveries(APIView):
    """What a webhook was sent."""

    @extend_schema(
        operation_id="webhooks_deliveries_list",
        summary="What was sent in the last 15 days, the newest first",
        parameters=[schema.WEBHOOK_ID, *PARAMETERS],
        responses={200: page_of(schema.DeliveryAnswer)} | problems(400, *READ),
    )
    def get(self, request: Request, subscription_id: UUID) -> Response:
        rows = _of(request, subscription_id).deliveries.defer("payload")
        found, following = page(rows, "created_at", size_of(request), cursor_of(request))
        return Response(page_as_json(request, map(answers.delivery, found), following))


class OneDelivery(APIView):
    """One of them."""

    @extend_schema(
        operation_id="webhooks_deliveries_retrieve",
        summary="One delivery with what was sent",
        parameters=[schema.WEBHOOK_ID, schema.DELIVERY_ID],
        responses={200: schema.DeliveryDetail, **problems(*READ)},
    )
    def get(self, request: Request, subscription_id: UUID, delivery_id: UUID) -> Response:
        found = find_delivery(actor_of(request), subscription_id, delivery_id)
        return Response(answers.delivery(found) | {"payload": found.payload})


class Redelivery(APIView):
    """Sending something again."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="webhooks_deliveries_redeliver",
        summary="Send an event again, as it was and under the same id",
        parameters=[schema.WEBHOOK_ID, schema.DELIVERY_ID],
        request=None,
        responses={202: schema.DeliveryDetail, **problems(401, 403, 404, 409, 429, 503)},
    )
    def post(self, request: Request, subscription_id: UUID, delivery_id: UUID) -> Response:
        actor = actor_of(request)
        count([limits.of_sending(actor)])
        return _accepted(by_hand.redeliver(actor, subscription_id, delivery_id))


def _change(actor: Actor, row: Subscription, given: Mapping[str, Any]) -> None:
    """What is not ``given`` stays as it is."""
    wanted = Wanted(
        events=given.get("events", row.events),
        url=given.get("url", ""),
        entity_id=given.get("assistant_id", row.entity_id),
        name=given.get("name", row.name),
    )
    subscribing.change(actor, row.pk, wanted)


def _of(request: Request, subscription_id: UUID) -> Subscription:
    return find(actor_of(request), subscription_id)


def _accepted(row: EventDelivery) -> Response:
    answer = answers.delivery(row) | {"payload": row.payload}
    return Response(answer, status.HTTP_202_ACCEPTED)
