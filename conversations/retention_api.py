"""How long conversations are kept, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import retention
from workspaces.api import StrictSerializer
from workspaces.api_auth import ForAdmins, actor_of
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from rest_framework.request import Request


class RetentionBody(StrictSerializer):
    days = serializers.IntegerField(
        min_value=retention.SHORTEST,
        max_value=retention.LONGEST,
        allow_null=True,
        help_text="`null`: for ever.",
    )


class RetentionAnswer(serializers.Serializer[Any]):
    days = serializers.IntegerField(allow_null=True)
    over = serializers.IntegerField(
        help_text="Conversations that are older already, and are deleted within minutes."
    )


class RetentionView(APIView):
    permission_classes = (ForAdmins,)

    @extend_schema(
        operation_id="retention_retrieve",
        summary="How long conversations are kept",
        responses={200: RetentionAnswer, **problems(401, 403, 503)},
    )
    def get(self, request: Request) -> Response:
        return self._answer(request)

    @extend_schema(
        operation_id="retention_replace",
        summary="Keep conversations for so many days after what was said last",
        request=RetentionBody,
        responses={200: RetentionAnswer, **problems(400, 401, 403, 413, 415, 422, 503)},
    )
    def put(self, request: Request) -> Response:
        asked = RetentionBody(data=request.data)
        asked.is_valid(raise_exception=True)
        retention.keep_for(actor_of(request), asked.validated_data["days"])
        return self._answer(request)

    def _answer(self, request: Request) -> Response:
        workspace_id = actor_of(request).workspace_id
        days = retention.days_of(workspace_id)
        over = retention.over(workspace_id, days).count() if days else 0
        return Response({"days": days, "over": over})
