"""All that is kept of one person, over the API: told, exported, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import api_answers, api_schema, people
from workspaces.api import StrictSerializer
from workspaces.api_auth import ForAdmins, actor_of
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from rest_framework.request import Request

_ASKED = (400, 401, 403, 413, 415, 422, 503)


class PersonBody(StrictSerializer):
    identifier = serializers.CharField(
        max_length=people.LONGEST,
        help_text="An e-mail address, a user ID, a name or a session, whole.",
    )


class ErasureBody(PersonBody):
    confirmation = serializers.CharField(
        max_length=people.LONGEST, help_text="The same as `identifier`."
    )


class ArrivalMessage(serializers.Serializer[Any]):
    content = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class ArrivalRow(serializers.Serializer[Any]):
    """Messages that wait for their first answer, and so are in no conversation yet."""

    assistant = api_schema.AssistantRef()
    channel = serializers.CharField()
    session_id = serializers.CharField()
    visitor = serializers.DictField(help_text="What the channel says of the person.")
    messages = ArrivalMessage(many=True)


class PersonAnswer(serializers.Serializer[Any]):
    conversations = api_schema.ConversationRow(many=True)
    leads = api_schema.LeadRow(many=True)
    arrivals = ArrivalRow(many=True)
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
    arrivals = ArrivalRow(many=True)


class Erased(serializers.Serializer[Any]):
    conversations = serializers.IntegerField()
    leads = serializers.IntegerField()
    arrivals = serializers.IntegerField()


class FindPerson(APIView):
    """Who is searched for stands in the body: addresses are logged."""

    permission_classes = (ForAdmins,)

    @extend_schema(
        operation_id="people_find",
        summary="What is kept of one person",
        request=PersonBody,
        responses={200: PersonAnswer, **problems(*_ASKED)},
    )
    def post(self, request: Request) -> Response:
        found = _found(request)
        return Response(
            {
                "conversations": list(map(api_answers.conversation, found.conversations)),
                "leads": list(map(api_answers.lead, found.leads)),
                "arrivals": list(map(api_answers.arrival, found.arrivals)),
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
        responses={200: PersonExport, **problems(*_ASKED)},
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
        responses={200: Erased, **problems(409, *_ASKED)},
    )
    def post(self, request: Request) -> Response:
        asked = ErasureBody(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(people.erase(actor_of(request), **asked.validated_data).counts)


def _found(request: Request) -> people.Person:
    asked = PersonBody(data=request.data)
    asked.is_valid(raise_exception=True)
    return people.find(actor_of(request), asked.validated_data["identifier"])
