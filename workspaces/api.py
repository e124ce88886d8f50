"""Credentials over the API. Answers hold names and hints, never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from common.limits import count
from common.plain_text import plain
from workspaces import credential_testing, credentials
from workspaces.api_auth import AdminToChange, actor_of
from workspaces.api_schema import GONE, problems
from workspaces.credential_kinds import MAX_LENGTH
from workspaces.limits import of_tests
from workspaces.models import Credential
from workspaces.names import LONGEST_NAME

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know, so that a typo is not lost silently."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return super().to_internal_value(data)


class ValuesField(serializers.DictField):
    child = serializers.CharField(max_length=MAX_LENGTH, allow_blank=True, trim_whitespace=False)


class Name(serializers.CharField):
    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(plain(data) if isinstance(data, str) else data)


class NewCredential(StrictSerializer):
    name = Name(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(choices=Credential.Kind.choices)
    values = ValuesField(help_text="The secrets by name; which ones depends on the kind.")


class NewValues(StrictSerializer):
    name = Name(max_length=LONGEST_NAME, required=False)
    values = ValuesField(help_text="Take the place of all old values.")


class CredentialSerializer(serializers.ModelSerializer[Credential]):
    class Meta:
        model = Credential
        fields = ("id", "name", "kind", "hint", "host", "created_at", "updated_at")
        read_only_fields = fields


class CredentialList(serializers.Serializer[Any]):
    results = CredentialSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class TestResult(serializers.Serializer[Any]):
    ok = serializers.BooleanField(
        allow_null=True, help_text="null: this kind is tried where it is used."
    )
    message = serializers.CharField()


class Credentials(APIView):
    """Secrets for outside services: stored once, used by name, never shown again."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="credentials_list",
        summary="List the workspace's credentials",
        responses={200: CredentialList, **problems(401, 403, 503)},
    )
    def get(self, request: Request) -> Response:
        found = Credential.objects.filter(workspace=actor_of(request).workspace_id)
        # One workspace keeps a bounded number of them, so one page is enough.
        return Response({"results": CredentialSerializer(found, many=True).data, "next": None})

    @extend_schema(
        operation_id="credentials_create",
        summary="Store a credential",
        request=NewCredential,
        responses={201: CredentialSerializer, **problems(400, 401, 403, 413, 415, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        asked = NewCredential(data=request.data)
        asked.is_valid(raise_exception=True)
        made = credentials.create(actor_of(request), **asked.validated_data)
        return Response(CredentialSerializer(made).data, status.HTTP_201_CREATED)


class OneCredential(APIView):
    """One credential of the key's workspace."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="credentials_retrieve",
        summary="One credential",
        responses={200: CredentialSerializer, **problems(401, 403, 404, 503)},
    )
    def get(self, request: Request, credential_id: UUID) -> Response:
        found = credentials.find(actor_of(request), credential_id)
        return Response(CredentialSerializer(found).data)

    @extend_schema(
        operation_id="credentials_replace",
        summary="Replace a credential's values",
        request=NewValues,
        responses={200: CredentialSerializer, **problems(400, 401, 403, 404, 413, 415, 422, 503)},
    )
    def put(self, request: Request, credential_id: UUID) -> Response:
        found = credentials.find(actor_of(request), credential_id)
        asked = NewValues(data=request.data)
        asked.is_valid(raise_exception=True)
        credentials.replace(actor_of(request), found, **asked.validated_data)
        return Response(CredentialSerializer(found).data)

    @extend_schema(
        operation_id="credentials_delete",
        summary="Delete a credential",
        responses={204: GONE, **problems(401, 403, 404, 503)},
    )
    def delete(self, request: Request, credential_id: UUID) -> Response:
        actor = actor_of(request)
        credentials.delete(actor, credentials.find(actor, credential_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CredentialTest(APIView):
    """Trying a credential."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="credentials_test",
        summary="Try a credential at its service",
        description="Tries the stored values; a body is not looked at.",
        request=None,
        responses={200: TestResult, **problems(401, 403, 404, 429, 502, 503, 504)},
    )
    def post(self, request: Request, credential_id: UUID) -> Response:
        actor = actor_of(request)
        found = credentials.find(actor, credential_id)
        count([of_tests(actor)])
        tested = credential_testing.test(actor, found)
        return Response({"ok": tested.ok, "message": tested.message})
