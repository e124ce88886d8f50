"""What models cost a workspace, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from common.problems import FieldError, invalid
from conversations import api_answers, pricing
from conversations.models.price import DIGITS, LONGEST_MODEL, PLACES
from inference.prices import Price
from workspaces.api import StrictSerializer
from workspaces.api_auth import AdminToChange, actor_of
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from rest_framework.request import Request


def _amount(help_text: str) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=DIGITS,
        decimal_places=PLACES,
        min_value=0,
        allow_null=True,
        help_text=help_text,
    )


class PriceBody(StrictSerializer):
    model = serializers.CharField(max_length=LONGEST_MODEL)
    usd_per_million_in = _amount("`null`, as the other: what the list says counts again.")
    usd_per_million_out = _amount("`null`, as the other: what the list says counts again.")


class PriceRow(serializers.Serializer[Any]):
    model = serializers.CharField()
    usd_per_million_in = serializers.CharField(
        allow_null=True, help_text="Decimal text; `null` where nobody said what the model costs."
    )
    usd_per_million_out = serializers.CharField(allow_null=True, help_text="The same.")
    is_own = serializers.BooleanField(help_text="Set by the workspace, not from the list.")


class PriceList(serializers.Serializer[Any]):
    results = PriceRow(many=True)
    next = serializers.CharField(allow_null=True)


class Prices(APIView):
    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="prices_list",
        summary="What the workspace says its models cost",
        responses={200: PriceList, **problems(401, 403, 503)},
    )
    def get(self, request: Request) -> Response:
        prices = pricing.prices_of(actor_of(request).workspace_id)
        # One workspace has a bounded number of them, so one page is enough.
        return Response({"results": [_row(prices, m) for m in sorted(prices.own)], "next": None})

    @extend_schema(
        operation_id="prices_replace",
        summary="Set what a model costs, also for what it answered before",
        request=PriceBody,
        responses={200: PriceRow, **problems(400, 401, 403, 413, 415, 422, 503)},
    )
    def put(self, request: Request) -> Response:
        asked = PriceBody(data=request.data)
        asked.is_valid(raise_exception=True)
        given, actor = asked.validated_data, actor_of(request)
        pricing.set_price(actor, given["model"], _price(given))
        return Response(_row(pricing.prices_of(actor.workspace_id), given["model"]))


def _price(given: dict[str, Any]) -> Price | None:
    read, written = given["usd_per_million_in"], given["usd_per_million_out"]
    if (read is None) != (written is None):
        missing = "usd_per_million_in" if read is None else "usd_per_million_out"
        words = "Give both prices, or neither."
        raise invalid("The price is not valid.", FieldError(missing, words))
    return None if read is None else Price(read, written)


def _row(prices: pricing.Prices, model: str) -> dict[str, Any]:
    price = api_answers.price(prices.of(model))
    return {"model": model, **price, "is_own": model in prices.own}
