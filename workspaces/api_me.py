"""Whom a key stands for: a first call that tells a program whether its key works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from workspaces.api_auth import actor_of
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from rest_framework.request import Request


class KeyAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="The key's.")
    name = serializers.CharField(help_text="The key's.")
    scope = serializers.CharField()
    workspace_id = serializers.UUIDField()
    workspace = serializers.CharField(help_text="The workspace's name.")
    email = serializers.CharField(
        allow_null=True, help_text="Of whoever made the key; `null` for the command line."
    )


class Me(APIView):
    """The key that the request carries."""

    @extend_schema(
        operation_id="me",
        summary="Whom the key stands for; 401 says that it is not valid",
        responses={200: KeyAnswer, **problems(401, 403, 503)},
    )
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        key = actor.api_key
        assert key
        maker = key.created_by
        answer = {
            "id": str(key.pk),
            "name": key.name,
            "scope": key.scope,
            "workspace_id": str(actor.workspace_id),
            "workspace": actor.workspace.name,
            "email": maker.email if maker else None,
        }
        return Response(answer)
