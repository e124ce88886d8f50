"""People in a conversation, over the API: taken over, answered and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from conversations import api_answers, api_schema, handoff
from conversations.bodies import LONGEST_MESSAGE
from conversations.selection import one_of
from workspaces.api import StrictSerializer
from workspaces.api_auth import actor_of
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

CHANGED = (401, 403, 404, 409, 503)


class PersonsAnswer(StrictSerializer):
    content = serializers.CharField(max_length=LONGEST_MESSAGE, help_text="May be Markdown.")


class TakeOver(APIView):
    @extend_schema(
        operation_id="conversations_take_over",
        summary="Have a conversation from now on, as whoever made the key; the bot falls silent",
        parameters=[api_schema.CONVERSATION_ID],
        request=None,
        responses={200: api_schema.ConversationRow, **problems(*CHANGED)},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        handoff.take_over(actor_of(request), conversation_id)
        return _conversation(request, conversation_id)


class Answers(APIView):
    @extend_schema(
        operation_id="conversations_answer",
        summary="Say something in a conversation that waits for a person, or that one has",
        parameters=[api_schema.CONVERSATION_ID],
        request=PersonsAnswer,
        responses={
            201: api_schema.TranscriptMessage,
            **problems(400, *CHANGED, 413, 415, 422),
        },
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        asked = PersonsAnswer(data=request.data)
        asked.is_valid(raise_exception=True)
        content = asked.validated_data["content"]
        said = handoff.answer_as_person(actor_of(request), conversation_id, content)
        return Response(api_answers.message(said), status=status.HTTP_201_CREATED)


class GiveBack(APIView):
    @extend_schema(
        operation_id="conversations_give_back",
        summary="Let the bot go on with the visitor's next message",
        parameters=[api_schema.CONVERSATION_ID],
        request=None,
        responses={200: api_schema.ConversationRow, **problems(*CHANGED)},
    )
    def post(self, request: Request, conversation_id: UUID) -> Response:
        handoff.give_back(actor_of(request), conversation_id)
        return _conversation(request, conversation_id)


def _conversation(request: Request, conversation_id: UUID) -> Response:
    found = one_of(actor_of(request), conversation_id)
    assert found
    return Response(api_answers.conversation(found))
