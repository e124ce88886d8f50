"""People's data over the API: how long it is kept, and all that is kept of one person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import api_answers, api_schema, people, retention
from workspaces.access import Role
from workspaces.api import StrictSerializer
from workspaces.api_auth import AdminToChange, actor_of
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from rest_framework.request import Request

ASKED = (400, 401, 403, 413, 415, 422, 503)


class ForAdmins(AdminToChange):
    at_least_to_read = Role.ADMIN


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


class PersonBody(StrictSerializer):
    identifier = serializers.CharField(
        max_length=people.LONGEST,
        help_text="An e-mail address, a user ID, a name or a session, whole.",
    )


class ErasureBody(PersonBody):
    confirmation = serializers.CharField(
        max_length=people.LONGEST, help_text="The same as `identifier`."
    )


class PersonAnswer(serializers.Serializer[Any]):
    conversations = api_schema.ConversationRow(many=True)
    leads = api_schema.LeadRow(many=True)
    mentions = serializers.IntegerField(
        help_text="Other conversations in which these words stand, whoever they mean."
    )
    has_more = serializers.BooleanField(
        help_text="At most 1000 of each are told, exported and deleted at once."
    )


class WholeConversation(api_schema.ConversationRow):
    state = serializers.DictField(help_text="What a flow keeps from message to message.")
    messages = api_schema.TranscriptMessage(many=True)


class PersonExport(serializers.Serializer[Any]):
    exported_at = serializers.DateTimeField()
    conversations = WholeConversation(many=True)
    leads = api_schema.LeadRow(many=True)


class Erased(serializers.Serializer[Any]):
    conversations = serializers.IntegerField()
    leads = serializers.IntegerField()


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
        responses={200: RetentionAnswer, **problems(*ASKED)},
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


class FindPerson(APIView):
    """Who is searched for stands in the body: addresses are logged."""

    permission_classes = (ForAdmins,)

    @extend_schema(
        operation_id="people_find",
        summary="What is kept of one person",
        request=PersonBody,
        responses={200: PersonAnswer, **problems(*ASKED)},
    )
    def post(self, request: Request) -> Response:
        found = _found(request)
        return Response(
            {
                "conversations": list(map(api_answers.conversation, found.conversations)),
                "leads": list(map(api_answers.lead, found.leads)),
                "mentions": found.mentions,
                "has_more": found.is_cut,
            }
        )


class ExportPerson(APIView):
    permission_classes = (ForAdmins,)

    @extend_schema(
        operation_id="people_export",
        summary="Everything that is kept of one person, with all messages",
        request=PersonBody,
        responses={200: PersonExport, **problems(*ASKED)},
    )
    def post(self, request: Request) -> StreamingHttpResponse:
        pieces = people.exported(actor_of(request), _found(request))
        return StreamingHttpResponse(pieces, content_type="application/json")


class ErasePerson(APIView):
    permission_classes = (ForAdmins,)

    @extend_schema(
        operation_id="people_erase",
        summary="Delete everything that is kept of one person, for good",
        request=ErasureBody,
        responses={200: Erased, **problems(*ASKED)},
    )
    def post(self, request: Request) -> Response:
        asked = ErasureBody(data=request.data)
        asked.is_valid(raise_exception=True)
        gone = people.erase(actor_of(request), **asked.validated_data)
        return Response({"conversations": len(gone.conversations), "leads": len(gone.leads)})


def _found(request: Request) -> people.Person:
    asked = PersonBody(data=request.data)
    asked.is_valid(raise_exception=True)
    return people.find(actor_of(request), asked.validated_data["identifier"])
